"""The model card."""
def card(x: str) -> str:
    return x
