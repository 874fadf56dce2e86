"""From source texts to an immutable index on disk."""
