"""Log events: a name and fields, one line each. The text of a question is never a field."""

from __future__ import annotations

import json
import logging
import re
import traceback

_FRAMES = 12
_PLAIN = re.compile(r"[\w./:{}+-]+", re.ASCII)


def event(logger: logging.Logger, level: int, name: str, **fields: object) -> None:
    """Log ``name key=value …``. A value that is not one plain word is written as JSON."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", " ".join([name, *(f"{k}={_value(v)}" for k, v in fields.items())]))


def unexpected(logger: logging.Logger, name: str, error: BaseException, **fields: object) -> None:
    """Log a defect at ERROR: its type and where it came from, innermost first. Its message, which may
    quote a caller's text, is shown at DEBUG alone."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    stack = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    event(logger, logging.ERROR, name, **fields, error=type(error).__name__, stack=stack)
    event(logger, logging.DEBUG, name, **fields, message=str(error))


def _value(value: object) -> str:
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
