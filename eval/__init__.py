"""Measures retrieval and answers against question sets, and trains on others."""
