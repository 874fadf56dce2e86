"""``jianli index …``: build, list, verify, rollback."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from api.commands import terminal
from api.settings import Settings
from api.wiring import build_index, embedder_of, store_of
from index.build import BuildReport
from rag.errors import SnapshotError


def run_build(arguments: Namespace, settings: Settings) -> int:
    paths = [Path(path) for path in arguments.paths]
    before = _cases_held(settings)
    snapshot, report = build_index(settings, embedder_of(settings), paths, terminal.progress("Embedding"))
    if arguments.json:
        terminal.print_json(report)
    else:
        print(report_text(report))
    gone = sorted(before - {e.case_number for e in snapshot.editions if e.case_number is not None})
    if gone:
        names = ", ".join(map(str, gone[:20])) + (", …" if gone[20:] else "")
        terminal.note(
            f"No longer in the index: {len(gone)} cases ({names}). "
            "An index holds what is named: name the other files (and the seeds folder) too, "
            "or go back with `jianli index rollback`."
        )
    named = set(paths)
    return 1 if not snapshot.passages or any(path in named for path, _ in report.refused) else 0


def _cases_held(settings: Settings) -> set[int]:
    try:
        editions = store_of(settings).open_current().snapshot.editions
    except SnapshotError:
        return set()
    return {edition.case_number for edition in editions if edition.case_number is not None}


def report_text(report: BuildReport) -> str:
    counts = report.counts
    lines = [
        f"{report.snapshot_id}: {counts.cases} cases, {counts.editions} editions, "
        f"{counts.passages} passages, {counts.sentences} sentences from {counts.sources} sources"
        + (" (already held)" if report.reused else f"; {report.embedded} texts embedded")
    ]
    for name in ("reading", "passages", "embedding", "lexical", "writing"):
        lines.append(f"  {name}: {getattr(report.seconds, name):.1f} s")
    lines += [f"refused {path}: {reason}" for path, reason in report.refused]
    for dropped in report.dropped:
        what = f"case {dropped.case_number}" if dropped.case_number else "announcement"
        lines.append(f"{dropped.reason}: {what} of {dropped.source} gave way to {dropped.kept}")
    lines += [
        f"to check: {source}, line {problem.line}: {problem.reason}" for source, problem in report.problems
    ]
    return "\n".join(lines)


def run_list(arguments: Namespace, settings: Settings) -> int:
    listed = store_of(settings).list()
    if arguments.json:
        terminal.print_json(listed)
        return 0
    for entry in listed:
        mark = "*" if entry.current else " "
        if entry.manifest is None:
            print(f"{mark} {entry.snapshot_id}  cannot be read: {entry.problem}")
        else:
            counts = entry.manifest.counts
            print(
                f"{mark} {entry.snapshot_id}  {entry.manifest.created_at}  {counts.cases} cases, "
                f"{counts.passages} passages, {entry.manifest.makers.embedder}"
            )
    if not listed:
        terminal.note("No index yet: make one with `jianli index build`.")
    return 0


def run_verify(arguments: Namespace, settings: Settings) -> int:
    store = store_of(settings)
    snapshot_id = arguments.snapshot or store.current_id()
    try:
        snapshot = store.load(snapshot_id)
    except SnapshotError as error:
        if arguments.json:
            terminal.print_json({"snapshot": snapshot_id, "whole": False, "problem": str(error)})
        else:
            terminal.note(f"{snapshot_id} is not whole: {error}")
        return 1
    if arguments.json:
        terminal.print_json({"snapshot": snapshot_id, "whole": True, "counts": snapshot.manifest.counts})
    else:
        print(
            f"{snapshot_id} is whole: {len(snapshot.manifest.files)} files, "
            f"{len(snapshot.passages)} passages, {len(snapshot.sentences)} sentences"
        )
    return 0


def run_rollback(arguments: Namespace, settings: Settings) -> int:
    """To the snapshot named, or else to the one before the current one."""
    store = store_of(settings)
    snapshot_id = arguments.snapshot
    if snapshot_id is None:
        listed = store.list()
        older = [entry for entry in listed if entry.manifest is not None and not entry.current]
        current = next((e for e in listed if e.current and e.manifest is not None), None)
        if current is not None and current.manifest is not None:
            older = [e for e in older if e.manifest and e.manifest.created_at < current.manifest.created_at]
        if not older:
            terminal.note("There is no older snapshot to go back to.")
            return 1
        snapshot_id = older[0].snapshot_id
    snapshot = store.activate(snapshot_id)
    if arguments.json:
        terminal.print_json({"snapshot": snapshot.snapshot_id})
    else:
        print(f"{snapshot.snapshot_id} is the current snapshot; a running service takes it up when restarted")
    return 0
