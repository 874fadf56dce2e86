"""Speed and memory, as ratios within one run; ``python -m eval.bench``.

It measures the program whole, so unlike the rest of ``eval`` it may use the index and the wiring.
"""
