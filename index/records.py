"""Sources, editions, passages and sentences as JSON Lines. No text of a source is written twice: a
passage is its place, and its words are sliced from the source again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rag.types import Edition, Paragraph, Passage, Section, Sentence, Source


def lines_of(records: Iterable[object]) -> bytes:
    dumped = (json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    return "".join(f"{line}\n" for line in dumped).encode()


def records_of(data: bytes) -> list[Any]:
    # Not splitlines(): JSON leaves U+2028 and its like as they are within a string.
    return [json.loads(line) for line in data.decode().split("\n") if line]


def source_record(source: Source) -> dict[str, object]:
    return {
        "sha256": source.sha256,
        "name": source.name,
        "language": source.language,
        "batch": source.batch,
    }


def source_from(record: Mapping[str, Any], text: str) -> Source:
    return Source(record["name"], record["sha256"], text, record["language"], record["batch"])


def edition_record(edition: Edition) -> dict[str, object]:
    return {
        "case": edition.case_number,
        "batch": edition.batch,
        "language": edition.language,
        "title": edition.title,
        "source": edition.source_sha256,
        "start": edition.start,
        "end": edition.end,
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "heading_span": [section.heading_start, section.heading_end],
                "span": [section.start, section.end],
                "paragraphs": [[p.start, p.end, p.number, p.subsection] for p in section.paragraphs],
            }
            for section in edition.sections
        ],
    }


def edition_from(record: Mapping[str, Any], sources: Mapping[str, Source]) -> Edition:
    return Edition(
        case_number=record["case"],
        batch=record["batch"],
        language=record["language"],
        title=record["title"],
        source=sources[record["source"]].name,
        source_sha256=record["source"],
        start=record["start"],
        end=record["end"],
        sections=tuple(
            Section(
                id=section["id"],
                heading=section["heading"],
                heading_start=section["heading_span"][0],
                heading_end=section["heading_span"][1],
                start=section["span"][0],
                end=section["span"][1],
                paragraphs=tuple(Paragraph(*paragraph) for paragraph in section["paragraphs"]),
            )
            for section in record["sections"]
        ),
    )


def passage_record(passage: Passage, edition: int, section: int) -> list[object]:
    """``edition``: its row; ``section``: the row of its section within that edition."""
    return [
        passage.id,
        edition,
        section,
        passage.paragraph,
        passage.start,
        passage.end,
        passage.context,
    ]


def passage_from(
    record: Sequence[Any], editions: Sequence[Edition], sources: Mapping[str, Source]
) -> Passage:
    passage_id, edition_row, section_row, paragraph, start, end, context = record
    edition = editions[edition_row]
    section = edition.sections[section_row]
    return Passage(
        id=passage_id,
        case_number=edition.case_number,
        case_title=edition.title,
        batch=edition.batch,
        language=edition.language,
        section=section.id,
        section_heading=section.heading,
        subsection=_subsection(section, paragraph),
        paragraph=paragraph,
        start=start,
        end=end,
        text=sources[edition.source_sha256].text[start:end],
        context=context,
        source=edition.source,
        source_sha256=edition.source_sha256,
    )


def sentence_record(sentence: Sentence) -> list[int]:
    return [sentence.passage, sentence.start, sentence.end, sentence.paragraph]


def sentence_from(record: Sequence[Any], sections: Sequence[Section]) -> Sentence:
    """``sections``: for every passage, the section that it is part of."""
    passage, start, end, paragraph = record
    return Sentence(passage, start, end, paragraph, _subsection(sections[passage], paragraph))


def _subsection(section: Section, number: int) -> str | None:
    """Raises ValueError where the section has no paragraph of that number."""
    if 0 < number <= len(section.paragraphs) and section.paragraphs[number - 1].number == number:
        return section.paragraphs[number - 1].subsection
    for paragraph in section.paragraphs:
        if paragraph.number == number:
            return paragraph.subsection
    raise ValueError(f"section {section.id} has no paragraph {number}")
