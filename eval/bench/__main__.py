"""Runs the benchmarks and prints one JSON object."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from api.settings import load_settings
from api.wiring import embedder_of, open_index, reader_of
from eval.bench import answering, building, starting
from eval.questions import load_set
from index.build import publish_documents
from index.seeds import read_paths, read_seeds
from index.store import SnapshotStore


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of more case texts (../shared/corpus/spp-zh)")
    parser.add_argument("--questions", type=int, default=60, metavar="N")
    parser.add_argument("--set", default="batch_23", help="whose questions are asked")
    arguments = parser.parse_args()
    settings = load_settings(os.environ, Path(".env"))
    embedder, reader = embedder_of(settings), reader_of(settings)
    questions = [q.question for q in load_set(arguments.set)][: arguments.questions]
    seeds = read_seeds(settings.seeds)
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        small = settings.model_copy(update={"data": Path(folder) / "seeds"})
        snapshot, _ = open_index(small, embedder)
        results["build"] = asdict(building.measure(seeds.documents, embedder))
        results["answer"] = asdict(answering.measure(snapshot, embedder, reader, questions))
        results["start"] = asdict(starting.measure(small.data))
        if arguments.corpus:
            documents, _ = read_paths([arguments.corpus])
            large = small.data.with_name("corpus")
            snapshot, report = publish_documents(
                SnapshotStore(large), [*seeds.documents, *documents], seeds.aliases, embedder
            )
            results["corpus_build"] = asdict(replace(report, problems=(), dropped=()))
            results["corpus_answer"] = asdict(answering.measure(snapshot, embedder, reader, questions))
            results["corpus_start"] = asdict(starting.measure(large))
    print(json.dumps(results, indent=2, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
