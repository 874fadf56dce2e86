"""The reader in torch: question and passage through one encoder, a score for every sentence."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from index.windows import FIRST_SENTENCE, PASSAGE, QUESTION, Inputs, Tokenizing, Tokens
from rag.protocols import Window

HIDDEN = 256
_TOGETHER = 9
"""Windows of like length in one pass."""


class Compared(torch.nn.Module):
    """A score from two pooled states: themselves, their product, their difference and their cosine. Pooled
    states alone stay at chance for hundreds of steps (../shared/design/answering.md)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = torch.nn.Linear(4 * width, HIDDEN)
        self.last = torch.nn.Linear(HIDDEN, 1)
        self.scale = torch.nn.Parameter(torch.tensor(8.0))
        self.bias = torch.nn.Parameter(torch.tensor(-6.0))
        torch.nn.init.normal_(self.first.weight, std=0.02)
        torch.nn.init.zeros_(self.last.weight)
        torch.nn.init.zeros_(self.last.bias)

    def forward(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """(b, s, d) and (b, 1, d) to (b, s)."""
        other = other.expand_as(one)
        joined = torch.cat([one, other, one * other, one - other], dim=-1)
        score = self.last(torch.nn.functional.gelu(self.first(joined))).squeeze(-1)
        lengths = one.norm(dim=-1) * other.norm(dim=-1)
        cosine = (one * other).sum(-1) / (lengths + 1e-6)
        result: torch.Tensor = score + self.scale * cosine + self.bias
        return result


class CrossEncoder(torch.nn.Module):
    def __init__(self, encoder: Any, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.sentence = Compared(width)
        self.passage = Compared(width)
        self.best = torch.nn.Parameter(torch.tensor(0.5))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, members: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Log odds (b, s) of the sentences and (b,) of the windows. Shapes as in ``index.windows.Inputs``."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = torch.bmm(members.to(states.dtype), states).float()
        asked = pooled[:, QUESTION : QUESTION + 1]
        sentences = self.sentence(pooled[:, FIRST_SENTENCE:], asked)
        absent = members[:, FIRST_SENTENCE:].sum(-1) == 0
        sentences = sentences.masked_fill(absent, -20.0)
        whole = self.passage(pooled[:, PASSAGE : PASSAGE + 1], asked).squeeze(1)
        return sentences, whole + self.best * sentences.max(dim=1).values


class ReaderModel:
    """With its tokenizer, from the retriever's folder. The word embeddings stay as they are."""

    def __init__(self, folder: Path, layers: int, seed: int) -> None:
        torch.manual_seed(seed)
        torch.set_num_threads(len(os.sched_getaffinity(0)))
        encoder: Any = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            attn_implementation="eager",  # the fastest here with gradients
            dtype=torch.float32,
            local_files_only=True,
        )
        encoder.encoder.layer = encoder.encoder.layer[:layers]
        encoder.config.num_hidden_layers = layers
        encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.model = CrossEncoder(encoder, encoder.config.hidden_size)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizing = Tokenizing(tokenizer, encoder.config.pad_token_id)
        self.half = False
        """Whether passes are in bfloat16."""

    def scores(self, asked: Sequence[tuple[str, Window]]) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """For each question and window the sentences' log odds (s,) and the window's ()."""
        tokens = [self._tokenizing.tokens(question, [window])[0] for question, window in asked]
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i].ids))
        sentences: dict[int, torch.Tensor] = {}
        windows: dict[int, torch.Tensor] = {}
        for start in range(0, len(order), _TOGETHER):
            rows = order[start : start + _TOGETHER]
            inner, outer = self._pass([tokens[i] for i in rows])
            for place, i in enumerate(rows):
                sentences[i] = inner[place, : len(tokens[i].sentences)]
                windows[i] = outer[place]
        return [sentences[i] for i in range(len(tokens))], [windows[i] for i in range(len(tokens))]

    def _pass(self, rows: Sequence[Tokens]) -> tuple[torch.Tensor, torch.Tensor]:
        inputs = self._tokenizing.padded(rows)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.half):
            found: tuple[torch.Tensor, torch.Tensor] = self.model(*as_tensors(inputs))
        return found[0].float(), found[1].float()


def as_tensors(inputs: Inputs) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return tuple(map(torch.from_numpy, (inputs.ids, inputs.mask, inputs.members)))  # type: ignore[return-value]


def as_numbers(values: Sequence[torch.Tensor]) -> list[list[float]]:
    return [np.atleast_1d(value.detach().numpy()).tolist() for value in values]
