"""Files of a run, written whole or not at all; as JSON, read only in the schema they were written in."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from eval.figures import figures
from eval.judgement import Judgement
from eval.row import CitedSpan, Ranking, Retrieval, Row
from eval.run import SCHEMA, Run, RunRefused, by_group
from rag.types import Timings


def write_whole(path: Path, content: bytes) -> None:
    """Creates the folder where it is absent; replaces a file of that name, in one step. Raises OSError,
    and then leaves no half of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def save_run(run: Run, path: Path) -> None:
    """As ``write_whole``."""
    text = json.dumps(asdict(run), ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(path, (text + "\n").encode())


def load_run(path: Path) -> Run:
    """Its figures are counted anew from its rows, so that a run saved before a figure was thought of has it
    too. Raises RunRefused when the file is absent, no run, or of another schema."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunRefused(f"{path}: no such run") from None
    except ValueError as error:
        raise RunRefused(f"{path}: not JSON ({error})") from None
    if not isinstance(data, dict) or "schema" not in data:
        raise RunRefused(f"{path}: not a saved run")
    if data["schema"] != SCHEMA:
        raise RunRefused(
            f"{path}: schema {data['schema']}, this program reads {SCHEMA}; run the evaluation again"
        )
    if absent := sorted({f.name for f in fields(Run)} - set(data)):
        raise RunRefused(f"{path}: lacks {', '.join(absent)}")
    try:
        rows = tuple(_row(row) for row in data.pop("rows"))
        by_kind, by_language, by_crossing = by_group(rows)
        counted = {"by_kind": by_kind, "by_language": by_language, "by_crossing": by_crossing}
        return Run(**{**data, **counted, "rows": rows, "overall": figures(rows)})
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise RunRefused(f"{path}: a run of schema {SCHEMA} with a fault ({error!r})") from None


def _row(data: dict[str, Any]) -> Row:
    retrieval = data.pop("retrieval")
    return Row(
        cases=tuple(data.pop("cases")),
        must=tuple(map(tuple, data.pop("must"))),
        sections=tuple(data.pop("sections")),
        evidence=tuple(data.pop("evidence", ())),
        citations=tuple(CitedSpan(**span) for span in data.pop("citations")),
        judgement=Judgement(**data.pop("judgement")),
        timings=Timings(**data.pop("timings")),
        retrieval=retrieval and Retrieval(**{k: _ranking(v) for k, v in retrieval.items()}),
        **data,
    )


def _ranking(data: dict[str, Any]) -> Ranking:
    return Ranking(tuple(data["found"]), tuple(data["relevant"]))
