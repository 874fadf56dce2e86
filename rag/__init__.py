"""Question in, answer with proof out."""
