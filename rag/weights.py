"""Weights of rag.confidence."""

SENTENCE = (10.0, 3.0, 1.5, 0.3, 0.5, 0.3, 0.5, 0.0)
ANSWERED = (10.0, 5.0, 2.0, 1.0, 0.5, 0.0, 0.3, -1.0, -1.5, 0.0, 0.0)
ANSWERED_BIAS = -13.0
THRESHOLD = 0.5
