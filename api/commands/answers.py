"""``jianli ask`` and ``jianli search``: the service's core, asked once."""

from __future__ import annotations

from argparse import Namespace

from api.commands import terminal
from api.commands.opening import opened
from api.settings import Settings
from api.views import answer_view, search_view
from rag.ask import ask, search
from rag.types import Answer, Filters, Request, SearchResult


def _request(arguments: Namespace) -> Request:
    filters = Filters(
        case_numbers=tuple(arguments.case),
        batches=tuple(arguments.batch),
        sections=tuple(arguments.section),
        languages=tuple(arguments.language),
    )
    return Request(arguments.question, filters=filters, top_k=arguments.top_k)


def run_ask(arguments: Namespace, settings: Settings) -> int:
    held = opened(settings)
    answer = ask(_request(arguments), held.collection, held.embedder, held.reader)
    if arguments.json:
        terminal.print_json(answer_view(answer).model_dump(mode="json"))
    else:
        print(answer_text(answer))
    return 0


def run_search(arguments: Namespace, settings: Settings) -> int:
    held = opened(settings)
    result = search(_request(arguments), held.collection, held.embedder)
    if arguments.json:
        terminal.print_json(search_view(result).model_dump(mode="json"))
    else:
        print(search_text(result))
    return 0


def answer_text(answer: Answer) -> str:
    lines = [answer.answer]
    if answer.citations:
        lines.append("")
    lines += [
        f"[{c.marker}] {c.label}, ¶{c.paragraph} · {c.source} {c.start}-{c.end}" for c in answer.citations
    ]
    lines += [f"! {warning}" for warning in answer.warnings]
    return "\n".join(lines)


def search_text(result: SearchResult) -> str:
    blocks = []
    for rank, hit in enumerate(result.hits, 1):
        signals = ", ".join(f"{name} {value:.3f}" for name, value in sorted(hit.signals.items()))
        blocks.append(
            f"{rank}. {hit.passage.context}\n"
            f"   {hit.passage.source} {hit.passage.start}-{hit.passage.end}; {signals}\n"
            f"{hit.passage.text}"
        )
    return "\n\n".join(blocks) or "Nothing found."
