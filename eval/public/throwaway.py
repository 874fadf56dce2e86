"""A collection of a set's texts, for as long as it is measured. The one file here that knows the index.

Chunks, sentences, vectors and terms come from ``index.build`` unchanged. Only the reader of guiding cases is
left out, because it refuses other texts: a text is one edition without a case number and one section
``other``, as that reader makes of a case without headings, under the set's title. What is embedded therefore
begins with "Guiding cases" (最高人民检察院指导性案例) and the title; the former stands before every passage
alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.public.public_set import PublicText
from index.build import build_snapshot
from index.cross_encoder import load_reader
from index.document import Document
from index.embedding import load_embedder
from index.lines import line_regions
from index.sections import make_section
from index.snapshot import load_snapshot
from index.source import make_source
from rag.protocols import Collection, Embedder, Progress, Reader
from rag.types import Edition


def load_models(model: str | None, reading: bool) -> tuple[Embedder, Reader | None]:
    """``model``: as the service names its embedding model (JIANLI_EMBEDDING_MODEL); None: its own.
    ``reading``: with its reader. Raises ModelUnavailable."""
    return load_embedder(model, Path("data") / "models"), load_reader() if reading else None


@contextmanager
def throwaway_collection(
    texts: Sequence[PublicText], embedder: Embedder, progress: Progress | None = None
) -> Iterator[Collection]:
    """Texts that are the same to the character become one. Raises SourceRefused for a text that cannot be
    stored."""
    distinct = {text.sha256: text for text in reversed(texts)}
    with TemporaryDirectory(prefix="jianli-public-") as name:
        folder = Path(name)
        build_snapshot([_document(t) for t in distinct.values()], (), embedder, folder, progress=progress)
        # Its sentence vectors are read from the folder as they are needed, so the folder must outlive it.
        yield load_snapshot(folder, verify=False)


def _document(text: PublicText) -> Document:
    source = make_source(text.id, text.text, text.language, None)
    section = make_section(source, "other", None, line_regions(text.text, 0, len(text.text)))
    edition = Edition(
        case_number=None,
        batch=None,
        language=text.language,
        title=text.title,
        source=source.name,
        source_sha256=source.sha256,
        start=section.start,
        end=section.end,
        sections=(replace(section, heading=text.title),),
    )
    return Document(source, (edition,), (), ())
