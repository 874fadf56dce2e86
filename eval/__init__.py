"""Measures retrieval and answers against question sets."""
