"""Opening what questions are asked of, told on the terminal."""

from __future__ import annotations

from api.commands import terminal
from api.loaded import Loaded
from api.settings import Settings
from api.wiring import load


def opened(settings: Settings) -> Loaded:
    """Raises as ``load``."""
    held = load(settings, terminal.progress("Embedding"))
    for text in held.notes:
        terminal.note(text)
    return held
