"""``jianli eval …``: run a question set, compare two runs, show one or write it for others to read."""

from __future__ import annotations

import json
import subprocess
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from api.commands import terminal
from api.commands.opening import opened
from api.settings import Settings
from eval.comparison import compare_runs
from eval.comparison_report import format_comparison
from eval.floors import check_floors
from eval.questions import load_set
from eval.report import format_report
from eval.run import Run, RunRefused, run_evaluation
from eval.storage import load_run, save_run
from eval.trec import write_trec
from rag.ask import ask, search
from rag.types import Answer, Hit, Request


def run_eval(arguments: Namespace, settings: Settings) -> int:
    questions = load_set(arguments.set)
    held = opened(settings)

    def asked(request: Request) -> Answer:
        return ask(request, held.collection, held.embedder, held.reader)

    def searched(request: Request) -> tuple[Hit, ...]:
        return search(request, held.collection, held.embedder).hits

    commit, dirty = _commit()
    run = run_evaluation(
        questions,
        asked,
        searched,
        held.collection,
        settings={name: str(value) for name, value in settings.model_dump(mode="json").items()},
        commit=commit,
        dirty=dirty,
        name=arguments.set,
        progress=terminal.progress("Questions"),
    )
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = Path(arguments.out) / f"{stamp}-{Path(arguments.set).stem}.json"
    save_run(run, path)
    terminal.note(f"Saved as {path}")
    _export(run, path, arguments)
    if arguments.json:
        print(path.read_text(encoding="utf-8"))
    else:
        print(format_report(run, arguments.wrong))
    if arguments.floors is None:
        return 0
    missed = check_floors(run, _floors(Path(arguments.floors)))
    for name in missed:
        terminal.note(f"Below its floor: {name} is {run.overall[name]}")
    return 1 if missed else 0


def run_compare(arguments: Namespace, settings: Settings) -> int:
    comparison = compare_runs(load_run(Path(arguments.before)), load_run(Path(arguments.after)))
    if arguments.json:
        terminal.print_json(comparison)
    else:
        print(format_comparison(comparison))
    for name in comparison.regressions:
        terminal.note(f"Regression beyond chance: {name}")
    return 1 if comparison.regressions else 0


def run_report(arguments: Namespace, settings: Settings) -> int:
    run = load_run(Path(arguments.run))
    _export(run, Path(arguments.run), arguments)
    if arguments.json:
        terminal.print_json(run)
    else:
        print(format_report(run, arguments.wrong))
    return 0


def _export(run: Run, saved: Path, arguments: Namespace) -> None:
    """Writes what ``--html`` and ``--trec`` ask for of the run that is saved as ``saved``; before anything
    is printed, so that a refusal is all that ``--json`` tells."""
    if arguments.html is not None:
        # Matplotlib takes a second to load, and no other command needs it.
        from eval.page import PageRefused, save_page

        path = Path(arguments.html)
        if path.resolve() == saved.resolve():
            raise PageRefused(f"{path}: that is the run itself; name another file for its page")
        save_page(run, path)
        terminal.note(f"Page written as {path}")
    if arguments.trec is not None:
        for path in write_trec(run, Path(arguments.trec)):
            terminal.note(f"TREC file written as {path}")


def _floors(path: Path) -> dict[str, float]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunRefused(f"{path}: floors cannot be read ({error}); give a JSON object of figures") from error
    if not isinstance(told, dict) or not all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in told.values()
    ):
        raise RunRefused(f"{path}: floors must be a JSON object of names and numbers")
    return told


def _commit() -> tuple[str, bool]:
    """The commit of the program's own checkout and whether it was altered; ("unknown", False) outside one."""
    root = Path(__file__).resolve().parents[2]

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return "unknown", False
