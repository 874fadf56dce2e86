"""One immutable built index: its folder, and how it is opened and checked.

manifest.json  manifest.sha256     what made it, counts, size and checksum of every file below
sources.jsonl  sources/<sha256>.txt    the texts, to the byte
editions.jsonl  passages.jsonl  sentences.jsonl    places in those texts
vectors.faiss  sentence_vectors.npy    one row for each passage, one for each sentence
lexical/    BM25
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.dense import FlatIndex
from index.facets import Facets
from index.lexical import BM25Index
from index.manifest import MANIFEST, Counts, Manifest, read_manifest, snapshot_id_of
from index.records import edition_from, passage_from, records_of, sentence_from, source_from
from index.soundness import check_edition, check_files, check_passages, check_sentences, reading, require
from rag.errors import NotHeld, SnapshotMismatch
from rag.protocols import Embedder, Rows, Vectors
from rag.types import Edition, Filters, Passage, Sentence, Source

SOURCES = "sources.jsonl"
TEXTS = "sources"
EDITIONS = "editions.jsonl"
PASSAGES = "passages.jsonl"
SENTENCES = "sentences.jsonl"
VECTORS = "vectors.faiss"
SENTENCE_VECTORS = "sentence_vectors.npy"
LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A loaded snapshot; a ``rag.protocols.Collection``. Safe to read from several threads."""

    manifest: Manifest
    sources: Sequence[Source]
    editions: Sequence[Edition]
    passages: Sequence[Passage]
    sentences: Sequence[Sentence]
    sentence_vectors: Vectors
    dense: FlatIndex
    lexical: BM25Index
    _first_sentences: Sequence[int]
    """For every passage the row of its first sentence, and at the end the number of sentences."""
    _sources: Mapping[str, Source]
    _facets: Facets

    @property
    def snapshot_id(self) -> str:
        return self.manifest.snapshot_id

    @property
    def model(self) -> str:
        return self.manifest.makers.embedder

    @property
    def aliases(self) -> Sequence[tuple[str, ...]]:
        return self.manifest.aliases

    def rows(self, filters: Filters) -> Rows | None:
        """Sorted rows of the passages that pass; None where nothing is filtered."""
        return self._facets.rows(filters)

    def sentence_rows(self, passage_row: int) -> range:
        """Rows of the sentences of one passage. Raises IndexError for a row not held."""
        if not 0 <= passage_row < len(self.passages):
            raise IndexError(f"passage row {passage_row}: {len(self.passages)} are held")
        return range(self._first_sentences[passage_row], self._first_sentences[passage_row + 1])

    def source(self, sha256: str) -> Source:
        """Raises NotHeld."""
        try:
            return self._sources[sha256]
        except KeyError:
            raise NotHeld(f"no source with sha256 {sha256} is held: see GET /v1/cases") from None

    def check_embedder(self, embedder: Embedder) -> None:
        """Raises SnapshotMismatch unless ``embedder`` made the vectors: another's queries would be
        ranked against them without meaning."""
        makers = self.manifest.makers
        if (embedder.name, embedder.dimensions) != (makers.embedder, makers.dimensions):
            raise SnapshotMismatch(
                f"{makers.embedder} ({makers.dimensions} dimensions) made snapshot {self.snapshot_id}, the "
                f"model set is {embedder.name} ({embedder.dimensions}): set JIANLI_EMBEDDING_MODEL back, or "
                "make the snapshot anew with `jianli index build`"
            )


def load_snapshot(folder: Path, *, verify: bool = True) -> Snapshot:
    """Opens a snapshot and writes nothing.

    ``verify``: read every file and compare its checksum; sizes, counts, places and dimensions are
    checked in any case. Raises SnapshotCorrupt, naming the file, or SnapshotMismatch.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest.files, digests=verify)
    texts: dict[str, Source] = {}
    with reading(folder / SOURCES) as path:
        records = records_of(path.read_bytes())
        for record in records:
            with reading(folder / TEXTS / f"{record['sha256']}.txt") as text_path:
                data = text_path.read_bytes()
                if verify and sha256(data).hexdigest() != record["sha256"]:
                    raise ValueError("its sha256 is not its name")
                texts[record["sha256"]] = source_from(record, data.decode())
    with reading(folder / EDITIONS) as path:
        edition_bytes = path.read_bytes()
        editions = [edition_from(record, texts) for record in records_of(edition_bytes)]
        for edition in editions:
            check_edition(edition, texts[edition.source_sha256].text)
    with reading(folder / PASSAGES) as path:
        records = records_of(path.read_bytes())
        passages = [passage_from(record, editions, texts) for record in records]
        sections = [editions[record[1]].sections[record[2]] for record in records]
        check_passages(passages, sections)
    with reading(folder / SENTENCES) as path:
        sentences = [sentence_from(record, sections) for record in records_of(path.read_bytes())]
        first_sentences = check_sentences(sentences, passages)
    with reading(folder / VECTORS) as path:
        dense = FlatIndex.load(path)
        require(len(dense) == len(passages), f"holds {len(dense)} vectors for {len(passages)} passages")
        dimensions = manifest.makers.dimensions
        require(dense.dimensions == dimensions, f"has {dense.dimensions} dimensions, not {dimensions}")
    with reading(folder / SENTENCE_VECTORS) as path:
        vectors = np.load(path, mmap_mode="r" if sentences else None, allow_pickle=False)
        require(vectors.dtype == np.float32, f"holds {vectors.dtype}, not float32")
        require(vectors.shape == (len(sentences), dimensions), f"has shape {vectors.shape}")
    with reading(folder / LEXICAL) as path:
        lexical = BM25Index.load(path)
        require(len(lexical) == len(passages), f"holds {len(lexical)} rows for {len(passages)} passages")
    snapshot = Snapshot(
        manifest, tuple(texts.values()), editions, passages, sentences, vectors, dense, lexical,
        first_sentences, texts, Facets(passages),
    )  # fmt: skip
    with reading(folder / MANIFEST):
        counts = counts_of(snapshot.sources, editions, passages, sentences)
        require(counts == manifest.counts, f"counts {manifest.counts}, its files hold {counts}")
        require(batches_of(editions) == manifest.batches, "names other batches than its editions")
        made = snapshot_id_of(manifest.makers, snapshot.sources, edition_bytes, manifest.aliases)
        require(made == manifest.snapshot_id, f"is of {manifest.snapshot_id}, its files make {made}")
    return snapshot


def counts_of(
    sources: Sequence[Source],
    editions: Sequence[Edition],
    passages: Sequence[Passage],
    sentences: Sequence[Sentence],
) -> Counts:
    cases = {edition.case_number for edition in editions} - {None}
    return Counts(len(sources), len(cases), len(editions), len(passages), len(sentences))


def batches_of(editions: Sequence[Edition]) -> tuple[int, ...]:
    return tuple(sorted({edition.batch for edition in editions if edition.batch is not None}))
