"""The edges: HTTP and the command line."""
