"""The reader as it is served: an ONNX model in onnxruntime, which is imported when it is loaded."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from index.windows import Tokenizing, Tokens
from rag.errors import ModelUnavailable
from rag.protocols import Reader, Reading, Window

BUNDLED = Path(__file__).resolve().parent / "models" / "reader"
MODEL, TOKENIZER, CONFIG = "model.onnx", "tokenizer.json", "config.json"
NOT_READ = float("-inf")

_BATCH = 4
"""Windows of like length in one pass: less padding than all at once, fewer passes than one by one."""


class OnnxReader:
    """May be called from several threads: onnxruntime runs them side by side, the tokenizer in turn."""

    def __init__(self, session: Any, tokenizing: Tokenizing, name: str) -> None:
        self._session = session
        self._tokenizing = tokenizing
        self._name = name
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        clean = question.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
        with self._turn:
            tokens = self._tokenizing.tokens(clean, windows) if windows else []
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i].ids))
        readings: list[Reading | None] = [None] * len(tokens)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            for i, reading in zip(rows, self._pass([tokens[i] for i in rows]), strict=True):
                readings[i] = reading
        return [reading for reading in readings if reading is not None]

    def _pass(self, rows: Sequence[Tokens]) -> list[Reading]:
        inputs = self._tokenizing.padded(rows)
        sentences, windows = self._session.run(
            ["sentences", "windows"], {"ids": inputs.ids, "mask": inputs.mask, "members": inputs.members}
        )
        return [
            Reading(
                tuple(
                    float(score) if owned else NOT_READ
                    for score, owned in zip(scores[: len(row.sentences)], row.sentences, strict=True)
                ),
                float(window),
            )
            for row, scores, window in zip(rows, sentences, windows, strict=True)
        ]


def load_reader(folder: Path = BUNDLED) -> Reader:
    """Raises ModelUnavailable."""
    cure = "install the program again, or set JIANLI_READER=off"
    if not (folder / MODEL).is_file():
        raise ModelUnavailable(f"the reader is missing from the installation ({folder}): {cure}")
    try:
        import onnxruntime

        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
        # Threads that wait by spinning take the processor from the embedder and from other questions.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = (folder / MODEL).read_bytes()
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        tokenizing = Tokenizing(tokenizer, int(config["pad"]))
    except Exception as error:  # the libraries beneath raise of every kind
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise ModelUnavailable(f"the reader in {folder} cannot be loaded ({reason}): {cure}") from error
    return OnnxReader(session, tokenizing, f"{folder.name} ({hashlib.sha256(model).hexdigest()[:12]})")
