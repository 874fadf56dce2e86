"""Imports point one way, and the domain imports no heavy library."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("rag", "index", "api", "eval")
MAY_USE = {
    "rag": {"rag"},
    "index": {"index", "rag"},
    "eval": {"eval", "rag"},
    "api": {"api", "rag", "index", "eval"},
}
# A benchmark measures the program whole, training makes what the program runs on, and a public set is
# measured on a collection made as the program makes its own: one file of that room makes it.
WHOLE = ("eval/bench/", "eval/train/", "eval/public/throwaway.py")
HEAVY = {
    "faiss",
    "fastapi",
    "torch",
    "sentence_transformers",
    "transformers",
    "bm25s",
    "uvicorn",
    "starlette",
}
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    if name.startswith(WHOLE):
        return
    room = name.split("/")[0]
    assert _imports(path) & set(ROOMS) <= MAY_USE[room]


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.relative_to(ROOT).parts[0] in {"rag", "eval"}], ids=str
)
def test_rag_and_eval_import_no_heavy_library(path: Path) -> None:
    if not path.relative_to(ROOT).as_posix().startswith(WHOLE):
        assert not _imports(path) & HEAVY


def test_only_the_wiring_and_the_commands_of_api_know_the_index() -> None:
    for path in (ROOT / "api").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name != "api/wiring.py" and not name.startswith("api/commands/"):
            assert "index" not in _imports(path), name
