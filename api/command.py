"""The command line: one program, the same core as the service.

Exit status: 0 done, 1 the work failed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import cast

from api.settings import Settings, load_settings
from rag.errors import BadQuestion, BadSettings, JianliError
from rag.types import SECTION_IDS

Action = Callable[[argparse.Namespace, Settings], int]


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):  # Chinese on an ASCII terminal, a file name in GBK: still shown
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        settings = load_settings(os.environ, Path(".env"))
        return _action(arguments.action)(arguments, settings)
    except (BadQuestion, BadSettings) as error:
        return _failed(error, arguments.json, status=2)
    except JianliError as error:
        return _failed(error, arguments.json, status=1)
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        print(f"jianli: {what}{error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("jianli: interrupted; nothing was harmed", file=sys.stderr)
        return 130


def _action(name: str) -> Action:
    """The function behind a command; imported late, so that ``--help`` does not load models."""
    module, function = name.split(":")
    return cast(Action, getattr(import_module(f"api.commands.{module}"), function))


def _failed(error: JianliError, as_json: bool, status: int) -> int:
    if as_json:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
    print(f"jianli: {error}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jianli", description="Answers questions about guiding cases, with proof."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = _command(commands, "serve", "serving:run_serve", "start the HTTP service")
    serve.add_argument("--host", help="address to listen on (JIANLI_HOST)")
    serve.add_argument("--port", type=_port, help="port to listen on, 0 for a free one (JIANLI_PORT)")

    for name, what in (("ask", "answer one question"), ("search", "rank passages for one question")):
        asking = _command(commands, name, f"answers:run_{name}", what)
        asking.add_argument("question")
        asking.add_argument("--case", type=_number, action="append", default=[], help="only this; repeatable")
        asking.add_argument("--batch", type=_number, action="append", default=[], help="only this batch")
        asking.add_argument("--section", choices=SECTION_IDS, action="append", default=[])
        asking.add_argument("--language", choices=("en", "zh"), action="append", default=[])
        asking.add_argument("--top-k", type=_top_k, default=8, help="passages returned (1 to 50)")

    index = commands.add_parser("index", help="build and look after the index").add_subparsers(
        required=True, metavar="WHAT"
    )
    build = _command(index, "build", "indexing:run_build", "build from the seeds, or from files and folders")
    build.add_argument("paths", nargs="*", metavar="FILE|FOLDER", help="name the seeds folder to keep it in")
    _command(index, "list", "indexing:run_list", "the snapshots held, the current one marked *")
    verify = _command(index, "verify", "indexing:run_verify", "check every byte of a snapshot")
    verify.add_argument("snapshot", nargs="?", help="default: the current one")
    rollback = _command(index, "rollback", "indexing:run_rollback", "make another snapshot the current one")
    rollback.add_argument("snapshot", nargs="?", help="default: the one before the current one")

    evaluate = commands.add_parser("eval", help="measure answers").add_subparsers(
        required=True, metavar="WHAT"
    )
    run = _command(evaluate, "run", "evaluation:run_eval", "ask a question set and judge the answers")
    run.add_argument("set", nargs="?", default="batch_23", help="name of a set, or a .jsonl file")
    run.add_argument("--floors", metavar="FILE", help="JSON of least figures; status 1 where one is missed")
    run.add_argument("--out", metavar="FOLDER", default="runs", help="where the run is saved")
    compare = _command(
        evaluate,
        "compare",
        "evaluation:run_compare",
        "what changed between two runs; status 1 where a figure fell beyond chance",
    )
    compare.add_argument("before")
    compare.add_argument("after")
    report = _command(evaluate, "report", "evaluation:run_report", "show a saved run")
    report.add_argument("run")
    for shown in (run, report):
        shown.add_argument("--wrong", type=int, metavar="N", help="show at most N wrong answers")
        shown.add_argument(
            "--html", metavar="FILE", help="write it as a page too: figures, plots, wrong answers"
        )
        shown.add_argument("--trec", metavar="FOLDER", help="write its rankings as TREC runs and qrels too")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, action: str, what: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=what, description=what)
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    parser.set_defaults(action=action)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return int(text)


def _number(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("cases and batches are numbered from 1")
    return value


def _top_k(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 50:
        raise argparse.ArgumentTypeError("1 to 50")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
