"""What must hold of a snapshot's files; whatever does not is one error, which names the file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from index.disk import digest_of
from index.manifest import CURE, StoredFile
from rag.errors import SnapshotCorrupt
from rag.types import Edition, Passage, Section, Sentence


@contextmanager
def reading(path: Path) -> Iterator[Path]:
    """Whatever goes wrong while a file is read becomes one error that names it."""
    try:
        yield path
    except (OSError, EOFError, ArithmeticError, LookupError, TypeError, AttributeError, ValueError) as error:
        raise SnapshotCorrupt(f"{path}: {error}; {CURE}") from error


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def check_files(folder: Path, files: Sequence[StoredFile], *, digests: bool) -> None:
    """Sizes, and with ``digests`` checksums, of the files that a manifest lists; others are let be."""
    for file in files:
        with reading(folder / file.path) as path:
            size = path.stat().st_size
            require(size == file.size, f"it is {size} bytes long, {file.size} were written")
            if digests:
                require(digest_of(path) == file.sha256, "its checksum is not that of what was written")


def check_edition(edition: Edition, text: str) -> None:
    require(0 <= edition.start <= edition.end <= len(text), f"{edition.title}: not within its source")
    for section in edition.sections:
        for p in section.paragraphs:
            require(
                edition.start <= p.start < p.end <= edition.end, f"{edition.title}: a paragraph is outside"
            )


def check_passages(passages: Sequence[Passage], sections: Sequence[Section]) -> None:
    require(len({passage.id for passage in passages}) == len(passages), "two passages have one id")
    for passage, section in zip(passages, sections, strict=True):
        within = section.start <= passage.start < passage.end <= section.end
        require(within, f"passage {passage.id} is not within its section")
        require(len(passage.text) == passage.end - passage.start, f"passage {passage.id}: text is cut short")


def check_sentences(sentences: Sequence[Sentence], passages: Sequence[Passage]) -> list[int]:
    """The row of every passage's first sentence, and after the last the number of sentences."""
    reached = (-1, -1)
    for row, sentence in enumerate(sentences):
        passage = passages[sentence.passage]
        place = (sentence.passage, sentence.start)
        within = passage.start <= sentence.start < sentence.end <= passage.end
        require(reached < place and within, f"sentence {row} is not in its passage, or out of order")
        reached = (sentence.passage, sentence.end - 1)
    owners = [sentence.passage for sentence in sentences]
    first = [bisect_left(owners, row) for row in range(len(passages) + 1)]
    require(all(a < b for a, b in pairwise(first)), "a passage has no sentence")
    return first
