"""multilingual-e5-small in torch: with gradients for training, without for measuring."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import BertConfig, BertModel

from eval.train.export import WORDS, tokenizer_of
from index.packed import PackedModel

_TOKENS = {"query: ": 64, "passage: ": 256}
_TOGETHER = 16
"""Texts of like length in one pass: less padding, and no more memory than they need."""


class Encoder:
    """The word embeddings stay as they are: few of their rows would be trained."""

    def __init__(self, packed: PackedModel, seed: int) -> None:
        torch.manual_seed(seed)
        torch.set_num_threads(len(os.sched_getaffinity(0)))
        # The fastest here with gradients.
        config = BertConfig(**packed.config | {"attn_implementation": "eager"})
        self.model: Any = BertModel(config, add_pooling_layer=False)
        self.model.load_state_dict({name: torch.tensor(value) for name, value in packed.tensors.items()})
        self.model.embeddings.word_embeddings.weight.requires_grad_(False)
        self._tokenizer = tokenizer_of(packed)
        self._pad = packed.pad
        self._end = packed.end
        self.half = False
        """Whether passes are in bfloat16."""

    def train(self, prompt: str, texts: Sequence[str]) -> torch.Tensor:
        """Unit rows (len(texts), 384) with gradients; dropout is on."""
        self.model.train()
        return self._forward(prompt, texts)

    def embed(self, prompt: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows without gradients or dropout."""
        self.model.eval()
        with torch.no_grad():
            return np.asarray(self._forward(prompt, texts).numpy(), np.float32)

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """What was trained."""
        held = self.model.state_dict()
        return {name: value.numpy().copy() for name, value in held.items() if name != WORDS}

    def _forward(self, prompt: str, texts: Sequence[str]) -> torch.Tensor:
        encodings = self._tokenizer.encode_batch([prompt + text for text in texts])
        rows = [_cut(encoding.ids, _TOKENS[prompt]) for encoding in encodings]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        parts = []
        for start in range(0, len(order), _TOGETHER):
            parts.append(self._pass([rows[i] for i in order[start : start + _TOGETHER]]))
        back = torch.tensor(np.argsort(order))
        return torch.cat(parts)[back]

    def _pass(self, rows: Sequence[list[int]]) -> torch.Tensor:
        longest = max(map(len, rows))
        ids = torch.tensor([row + [self._pad] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        with torch.autocast("cpu", torch.bfloat16, enabled=self.half):
            states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        return torch.nn.functional.normalize((states.float() * weights).sum(1) / weights.sum(1), dim=-1)


def _cut(ids: list[int], limit: int) -> list[int]:
    return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]
