"""A folder of LegalBench-RAG (Pipitone and Alami 2024, arXiv 2408.10343).

corpus/<name>/….txt      the texts
benchmarks/<name>.json   {"tests": [{"query", "snippets": [{"file_path", "span": [start, end], "answer"}]}]}

``file_path`` counts from corpus/, ``span`` in characters of the text as Python opens it: every line break is
one "\\n". All questions have an answer. ``group`` of a question is its benchmark. Where to get one:
github.com/zeroentropy-ai/legalbenchrag.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from eval.public.node import Node, is_blank, read_bytes, read_json, text_fault
from eval.public.public_set import PublicQuestion, PublicSet, PublicSetRefused, PublicText, TextSpan
from rag.question import language_of


def load_legalbench_rag(folder: Path) -> PublicSet:
    """Raises PublicSetRefused, which names the file and the place of the fault."""
    corpus, benchmarks = folder / "corpus", folder / "benchmarks"
    for needed in (corpus, benchmarks):
        if not needed.is_dir():
            raise PublicSetRefused(
                f"{folder}: has no folder {needed.name}; name the one that holds corpus/ and benchmarks/"
            )
    files = sorted(file for file in corpus.rglob("*.txt") if file.is_file())
    texts = {text.id: text for text in (_text(file, corpus) for file in files)}
    questions = [
        _question(test, f"{file.stem}:{number}", file.stem, texts)
        for file in sorted(benchmarks.glob("*.json"))
        for number, test in enumerate(read_json(file).field("tests").items(), 1)
    ]
    return PublicSet(str(folder), tuple(texts.values()), tuple(questions))


def _text(file: Path, corpus: Path) -> PublicText:
    try:
        # A byte order mark stays: Python's open() counts it as well.
        text = read_bytes(file).decode("utf-8")
    except UnicodeDecodeError as error:
        raise PublicSetRefused(f"{file}: not UTF-8 (byte {error.start} does not decode)") from None
    text = re.sub("\r\n?", "\n", text)
    fault = text_fault(text) or ("is blank" if is_blank(text) else None)
    if fault:
        raise PublicSetRefused(f"{file}: {fault}")
    return PublicText(file.relative_to(corpus).as_posix(), file.stem, text, language_of(text))


def _question(node: Node, id_: str, benchmark: str, texts: dict[str, PublicText]) -> PublicQuestion:
    snippets = node.field("snippets").items()
    if not snippets:
        raise node.refusal("has no snippets")
    spans = [_span(snippet, texts) for snippet in snippets]
    return PublicQuestion(
        id=id_,
        text=node.field("query").filled(),
        home=spans[0].text,
        answerable=True,
        answers=tuple(dict.fromkeys(texts[span.text].text[span.start : span.end] for span in spans)),
        spans=_disjoint(spans),
        group=benchmark,
    )


def _span(node: Node, texts: dict[str, PublicText]) -> TextSpan:
    path = node.field("file_path")
    text = texts.get(path.filled())
    if text is None:
        raise path.refusal(f"is {path.value!r}, and corpus/ holds no such text")
    span = node.field("span")
    bounds = [bound.integer() for bound in span.items()]
    if len(bounds) != 2 or not 0 <= bounds[0] < bounds[1] <= len(text.text):
        raise span.refusal(f"is {bounds}, no place in {text.id}, which has {len(text.text)} characters")
    answer = node.optional("answer")
    if answer is not None and answer.text() != text.text[bounds[0] : bounds[1]]:
        raise answer.refusal(f"is not what stands at {bounds} of {text.id}: the corpus is another edition")
    return TextSpan(text.id, bounds[0], bounds[1])


def _disjoint(spans: list[TextSpan]) -> tuple[TextSpan, ...]:
    """Overlapping and touching ones merged: the authors' formula counts on spans that share no character."""
    merged: defaultdict[str, list[TextSpan]] = defaultdict(list)
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        of_text = merged[span.text]
        if of_text and span.start <= of_text[-1].end:
            of_text[-1] = TextSpan(span.text, of_text[-1].start, max(of_text[-1].end, span.end))
        else:
            of_text.append(span)
    return tuple(span for of_text in merged.values() for span in of_text)
