"""The settings: one frozen object, read once at the start and passed in."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field

from rag.errors import BadSettings

PREFIX = "JIANLI_"
LOG_LEVELS = ("debug", "info", "warning", "error")


class Settings(BaseModel):
    """What the service and the command line may be told from outside.

    Every field is the environment variable ``JIANLI_`` + its name in capitals.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    """0 takes a free port."""
    data: Path = Path("data")
    """Folder of snapshots and state."""
    seeds: Path = Path("seeds")
    """Folder of the corpus and its manifest."""
    embedding_model: str | None = None
    """None: the model that the program brings along."""
    reader: Literal["on", "off"] = "on"
    """Off: sentences are chosen by similarity alone: faster, and wrong more often."""
    llm_base_url: None = None
    llm_api_key: None = None
    llm_model: None = None
    store: Literal["faiss"] = "faiss"
    api_keys_required: Literal[False] = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"


KNOWN = tuple(PREFIX + field.upper() for field in Settings.model_fields)


def load_settings(environ: Mapping[str, str], dotenv: Path | None = None) -> Settings:
    """Settings from the environment and, under it, from a ``.env`` file where there is one.

    The environment wins, even with an empty value; an empty value means the default. Variables
    without the prefix ``JIANLI_`` are none of ours and are passed over.

    Raises BadSettings, which names the variable: for an unknown one, for a value that cannot be
    used, and for a feature that this version does not have.
    """
    given = _from_file(dotenv) if dotenv is not None else {}
    given |= {name: value for name, value in environ.items() if name.upper().startswith(PREFIX)}
    for name in sorted(given):
        if name not in KNOWN:
            raise BadSettings(_unknown(name))
    values: dict[str, Any] = {}
    for name, value in sorted(given.items()):
        if text := value.strip():
            values[name.removeprefix(PREFIX).lower()] = _READERS[name](name, text)
    return Settings(**values)


def _from_file(path: Path) -> dict[str, str]:
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"The settings file {path} cannot be read ({error}). Save it as UTF-8 text or remove it."
        ) from error
    return {name: value or "" for name, value in found.items() if name.upper().startswith(PREFIX)}


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name.upper(), KNOWN, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(KNOWN)}."
    return f"Unknown setting {name}. {hint} Unset it, or correct its name."


def _bad(name: str, value: str, wanted: str) -> BadSettings:
    return BadSettings(f"{name} has the value {value!r}, which cannot be used: {wanted}.")


def _host(name: str, value: str) -> str:
    if any(c.isspace() or c in "/@" for c in value):
        raise _bad(name, value, "give a host name or an address to listen on, such as 127.0.0.1")
    return value


def _port(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 5 or int(value) > 65535:
        raise _bad(name, value, "give a whole number from 0 to 65535")
    return int(value)


def _folder(name: str, value: str) -> Path:
    if "\0" in value:
        raise _bad(name, value, "a path holds no NUL character")
    path = Path(value).expanduser()
    if path.exists() and not path.is_dir():
        raise _bad(name, value, "it is a file, and a folder is needed")
    return path


def _text(name: str, value: str) -> str:
    return value


def _reader(name: str, value: str) -> str:
    if value.lower() not in {"on", "off"}:
        raise _bad(name, value, "give 'on' or 'off'")
    return value.lower()


def _language_model(name: str, value: str) -> None:
    # The value is not shown: it may be a key.
    raise BadSettings(
        f"{name} is set, but there is no language model support in this version: "
        f"unset {name}; answers are extractive."
    )


def _store(name: str, value: str) -> str:
    if value.lower() == "faiss":
        return "faiss"
    if "://" in value or ":" in value or value.endswith(".db") or value.lower().startswith("milvus"):
        raise BadSettings(
            f"{name} has the value {value!r}, but Milvus is not in this version: set it to 'faiss'."
        )
    raise _bad(name, value, "the only store in this version is 'faiss'")


def _keys(name: str, value: str) -> bool:
    if value.lower() in {"true", "1", "yes", "on"}:
        raise BadSettings(
            f"{name} is {value!r}, but API keys are not available in this version: set it to 'false' "
            "and keep the service on a loopback address or behind a proxy that checks callers."
        )
    if value.lower() not in {"false", "0", "no", "off"}:
        raise _bad(name, value, "give 'true' or 'false'")
    return False


def _log_level(name: str, value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise _bad(name, value, f"give one of {', '.join(LOG_LEVELS)}")
    return value.lower()


_READERS: dict[str, Callable[[str, str], object]] = {
    "JIANLI_HOST": _host,
    "JIANLI_PORT": _port,
    "JIANLI_DATA": _folder,
    "JIANLI_SEEDS": _folder,
    "JIANLI_EMBEDDING_MODEL": _text,
    "JIANLI_READER": _reader,
    "JIANLI_LLM_BASE_URL": _language_model,
    "JIANLI_LLM_API_KEY": _language_model,
    "JIANLI_LLM_MODEL": _language_model,
    "JIANLI_STORE": _store,
    "JIANLI_API_KEYS_REQUIRED": _keys,
    "JIANLI_LOG_LEVEL": _log_level,
}
