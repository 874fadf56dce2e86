"""A run's rankings as TREC files, so that any public tool can recompute the retrieval figures."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from eval.run import Run

_TAG = "jianli"


def write_trec(run: Run, folder: Path) -> tuple[Path, ...]:
    """Writes ``evidence.run``, ``evidence.qrels``, ``sections.run`` and ``sections.qrels`` and
    returns their paths. Only questions with something to find are in them.

    Ids are percent-encoded where they hold white space, for the format's columns are parted by it.
    The score is 1 / rank: tools sort by score, and fused scores may tie."""
    folder.mkdir(parents=True, exist_ok=True)
    sought = [(row, row.retrieval) for row in run.rows if row.retrieval is not None]
    written = []
    for name in ("evidence", "sections"):
        found, judged = [], []
        for row, retrieval in sought:
            ranking = retrieval.evidence if name == "evidence" else retrieval.sections
            query = _column(row.id)
            found += [
                f"{query} Q0 {_column(item)} {rank} {1 / rank:.6f} {_TAG}\n"
                for rank, item in enumerate(ranking.found, 1)
            ]
            judged += [f"{query} 0 {_column(item)} 1\n" for item in ranking.relevant]
        for kind, lines in (("run", found), ("qrels", judged)):
            path = folder / f"{name}.{kind}"
            path.write_text("".join(lines), encoding="utf-8")
            written.append(path)
    return tuple(written)


def _column(identifier: str) -> str:
    return "".join(quote(c) if c.isspace() or c == "%" else c for c in identifier)
