"""Measures the service on a public set and prints a table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from eval.figures import Figures
from eval.public.characters import retrieval_figures
from eval.public.cjrc import load_cjrc
from eval.public.legalbench_rag import load_legalbench_rag
from eval.public.outcome import given_outcomes, open_outcomes
from eval.public.public_set import PublicSet
from eval.public.reading import reading_figures, reasons
from eval.public.report import Report, format_table
from eval.public.sample import sample
from eval.public.squad import load_squad
from eval.public.throwaway import load_models, throwaway_collection
from eval.run import package_versions
from rag.ask import ask, search
from rag.errors import JianliError
from rag.protocols import Collection, Embedder, Progress, Reader
from rag.types import Answer, Request, SearchResult

LOADERS: dict[str, Callable[[Path], PublicSet]] = {
    "squad": load_squad,
    "cjrc": load_cjrc,
    "legalbench-rag": load_legalbench_rag,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 the set or the model cannot be used, 2 wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        public = sample(LOADERS[arguments.format](arguments.path), arguments.limit, arguments.seed)
        embedder, reader = load_models(arguments.model, arguments.reader == "on")
        with throwaway_collection(public.texts, embedder, _progress("Embedding")) as collection:
            report = _measure(arguments, public, collection, embedder, reader)
    except JianliError as error:
        print(f"eval.public: {error}", file=sys.stderr)
        return 1
    except OSError as error:  # the disk is full, or there is no folder for temporary files
        print(f"eval.public: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 1
    # ASCII in the JSON, so that it can be piped wherever.
    print(json.dumps(asdict(report), indent=2) if arguments.json else format_table(report))
    return 0


def _measure(
    arguments: argparse.Namespace,
    public: PublicSet,
    collection: Collection,
    embedder: Embedder,
    reader: Reader | None,
) -> Report:
    # The only calls of the service: what else it comes to need is handed over here.
    def asked(request: Request, of: Collection) -> Answer:
        return ask(request, of, embedder, reader)

    def searched(request: Request, of: Collection) -> SearchResult:
        return search(request, of, embedder)

    declined: dict[str, dict[str, int]] = {}
    figures: dict[str, Figures]
    if arguments.format == "legalbench-rag":
        figures = retrieval_figures(public, collection, searched, _progress("Questions"))
    else:
        everywhere = open_outcomes(public, collection, asked, searched, _progress("Questions, all texts"))
        at_home = given_outcomes(public, collection, asked, _progress("Questions, own text"))
        figures = {
            "open": reading_figures(everywhere, passages=True),
            "own text": reading_figures(at_home, passages=False),
        }
        declined = {"open": reasons(everywhere), "own text": reasons(at_home)}
    return Report(
        format=arguments.format,
        path=str(arguments.path),
        limit=arguments.limit,
        seed=arguments.seed,
        digest=public.digest,
        texts=len(public.texts),
        passages=len(collection.passages),
        embedder=collection.model,
        reader=reader.name if reader else None,
        snapshot=collection.snapshot_id,
        versions=package_versions(),
        notes=public.notes,
        figures=figures,
        reasons=declined,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.public", description=__doc__)
    parser.add_argument("format", choices=LOADERS)
    parser.add_argument("path", type=Path, help="the set's file; for legalbench-rag its folder")
    parser.add_argument("--limit", type=_positive, metavar="N", help="measure on N of the texts")
    parser.add_argument("--seed", type=int, default=7, help="which texts --limit takes (7)")
    parser.add_argument(
        "--model", metavar="FOLDER", help="another embedding model (default: the service's own)"
    )
    parser.add_argument("--reader", choices=("on", "off"), default="on", help="as JIANLI_READER (on)")
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    return parser


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1")
    return int(text)


def _progress(what: str) -> Progress:
    """A line every tenth, on standard error."""
    printed = -1

    def show(done: int, total: int) -> None:
        nonlocal printed
        step = 10 * done // max(total, 1)
        if step > printed:
            printed = step
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    sys.exit(main())
