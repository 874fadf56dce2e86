"""The reader's inputs: which tokens belong to the question and to each sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.embedding import BUNDLED
from index.windows import FIRST_SENTENCE, PASSAGE, QUESTION, QUESTION_TOKENS, WINDOW_TOKENS, Tokenizing
from rag.protocols import Window

TOKENIZER = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
TOKENIZER.no_truncation()
TOKENIZER.no_padding()
TOKENIZING = Tokenizing(TOKENIZER, pad=1)


def window(*sentences: str, context: str = "检例第85号 Case") -> Window:
    spans, at = [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    return Window(context, " ".join(sentences), tuple(spans))


def said(ids: list[int], positions: list[int] | range) -> str:
    text: str = TOKENIZER.decode([ids[at] for at in positions])
    return "".join(text.split())


def test_tokens_belong_to_what_they_say() -> None:
    sentences = ("公司被罚款五千万元。", "It was fined 50 million yuan.", "He paid.")
    (tokens,) = TOKENIZING.tokens("罚了多少钱？", [window(*sentences)])
    assert said(tokens.ids, tokens.question) == "query:罚了多少钱?"
    assert said(tokens.ids, tokens.passage).startswith("passage:检例第85号Case公司")
    assert [said(tokens.ids, own) for own in tokens.sentences] == ["".join(s.split()) for s in sentences]


def test_what_is_too_long_loses_its_last_sentences() -> None:
    many = [f"Sentence number {n} says that something happened in the year {1900 + n}." for n in range(80)]
    (tokens,) = TOKENIZING.tokens("what " * 400, [window(*many)])
    assert len(tokens.ids) == WINDOW_TOKENS
    assert len(tokens.question) == QUESTION_TOKENS
    kept = [own for own in tokens.sentences if own]
    assert 0 < len(kept) < len(many)
    assert tokens.sentences[: len(kept)] == kept
    assert said(tokens.ids, kept[-1]) == "".join(many[len(kept) - 1].split())


def test_a_batch_is_padded_and_its_rows_average() -> None:
    rows = TOKENIZING.tokens("who?", [window("A came. B went too, and came home."), window("甲。", "乙。")])
    inputs = TOKENIZING.padded(rows)
    assert inputs.ids.shape == inputs.mask.shape == (2, max(len(row.ids) for row in rows))
    assert inputs.members.shape == (2, FIRST_SENTENCE + 2, inputs.ids.shape[1])
    assert inputs.mask.sum(1).tolist() == [len(row.ids) for row in rows]
    sums = inputs.members.sum(2)
    assert np.allclose(sums[:, [QUESTION, PASSAGE, FIRST_SENTENCE]], 1.0)
    assert sums[:, FIRST_SENTENCE + 1].tolist() == pytest.approx([0.0, 1.0])
    assert not inputs.members[inputs.mask[:, None, :].repeat(FIRST_SENTENCE + 2, 1) == 0].any()


@given(
    st.text(max_size=60),
    st.lists(st.text(min_size=1, max_size=40).filter(lambda s: s == s.strip() and s), max_size=6),
)
def test_any_text_has_a_row_for_every_sentence(question: str, sentences: list[str]) -> None:
    clean = [s.encode("utf-8", "replace").decode() for s in sentences]
    asked = question.encode("utf-8", "replace").decode()
    (tokens,) = TOKENIZING.tokens(asked, [window(*clean)])
    assert len(tokens.sentences) == len(clean)
    owned = [at for own in tokens.sentences for at in own]
    assert owned == sorted(set(owned))
    assert all(at in tokens.passage for at in owned)
