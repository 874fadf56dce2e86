import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from eval.train import checkpoint
from eval.train.card import table
from eval.train.checkpoint import Progress
from eval.train.encoder import Encoder
from eval.train.export import WORDS, prune, tokenizer_of, wanted_pieces, write_folder
from eval.train.loop import WARMUP, rate_at
from eval.train.loss import RATE, contrastive
from index.packed import PackedModel

WORDS_OF = ["▁ab", "c", "▁", "a", "b", "甲", "乙", "甲乙", "。", "▁丙丁戊", "é", "x", "zzz"]


@pytest.fixture(scope="module")
def model() -> PackedModel:
    """Two layers, eight wide, random."""
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces = [*special, *((word, -1.0 - i / 10) for i, word in enumerate(WORDS_OF)), ("<mask>", 0.0)]
    config: dict[str, Any] = {
        "model_type": "bert",
        "vocab_size": len(pieces) + 2,
        "hidden_size": 8,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": 300,
        "type_vocab_size": 2,
        "pad_token_id": 1,
    }
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    bert = BertModel(BertConfig(**config), add_pooling_layer=False)
    tensors = {name: tensor.numpy().copy() for name, tensor in bert.state_dict().items()}
    return PackedModel(config, pieces, 0, 2, 1, 3, {ord("Ａ"): (ord("a"),)}, tensors)


def pieces_of(model: PackedModel, text: str) -> list[str]:
    return list(tokenizer_of(model).encode(text).tokens)


def test_what_needed_texts_are_cut_into_stays(model: PackedModel) -> None:
    kept = wanted_pieces(model, ["abc 甲乙"], ["zzz"], rows=0)
    assert kept == sorted(kept)
    assert {0, 1, 2, 3, len(model.pieces) - 1} <= set(kept)
    words = {model.pieces[number][0] for number in kept}
    assert {"▁ab", "c", "甲乙", "甲", "乙", "a", "b", "x", "。", "▁"} <= words
    assert not {"▁丙丁戊", "zzz", "é"} & words


def test_useful_pieces_fill_what_is_left(model: PackedModel) -> None:
    few = wanted_pieces(model, ["ab"], [], rows=0)
    more = wanted_pieces(model, ["ab"], ["zzzzzz é"], rows=len(few) + 1)
    assert [model.pieces[number][0] for number in set(more) - set(few)] == ["zzz"]


def test_a_pruned_model_gives_the_same_vectors(model: PackedModel) -> None:
    texts = ["abc 甲乙。", "Ａbc", "甲 ab"]
    pruned = prune(model, wanted_pieces(model, texts, [], rows=0))
    assert len(pruned.pieces) == len(pruned.tensors[WORDS]) == pruned.config["vocab_size"] < len(model.pieces)
    for text in texts:
        assert pieces_of(pruned, text) == pieces_of(model, text)
    vectors = [Encoder(one, 0).embed("query: ", texts) for one in (model, pruned)]
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)


def test_an_unknown_character_stays_unknown(model: PackedModel) -> None:
    pruned = prune(model, wanted_pieces(model, ["ab"], [], rows=0))
    assert tokenizer_of(pruned).encode("é").ids.count(pruned.unknown) == 1


def test_padding_and_order_change_no_vector(model: PackedModel) -> None:
    encoder = Encoder(model, 0)
    texts = ["甲乙" * 30, "ab", *["c"] * 20, "甲"]
    together = encoder.embed("passage: ", texts)
    for row, text in enumerate(texts):
        np.testing.assert_allclose(together[row], encoder.embed("passage: ", [text])[0], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_the_exported_folder_is_a_model_of_half_precision(model: PackedModel, tmp_path: Path) -> None:
    from index.embedding import load_embedder

    texts = ["abc 甲乙。", "甲 ab"]
    size = write_folder(model_with_words(model), tmp_path / "m")
    assert size == sum(path.stat().st_size for path in (tmp_path / "m").rglob("*") if path.is_file())
    loaded = load_embedder(str(tmp_path / "m"), tmp_path)
    ours = Encoder(model, 0).embed("passage: ", texts)
    assert (np.sum(loaded.embed_passages(texts) * ours, axis=1) > 0.9999).all()


def model_with_words(model: PackedModel) -> PackedModel:
    return replace(model, config=model.config | {"architectures": ["BertModel"]})


def test_the_loss_is_that_of_its_formula_and_skips_what_is_masked() -> None:
    queries = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    passages = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    free = np.zeros((2, 3), np.bool_)
    masked = free.copy()
    masked[0, 2] = True
    # Unmasked, the third passage ties with the first question's own: log 2 for one of two questions.
    assert contrastive(queries, passages, free).item() == pytest.approx(math.log(2) / 4, abs=1e-6)
    assert contrastive(queries, passages, masked).item() == pytest.approx(0.0, abs=1e-6)


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(progress / 100, RATE) for progress in range(101)]
    assert max(rates) == pytest.approx(RATE)
    assert rates[0] < RATE / 10
    assert rates[-1] < RATE / 50
    assert rates.index(max(rates)) == round(100 * WARMUP)


def test_a_checkpoint_restores_everything(model: PackedModel, tmp_path: Path) -> None:
    def fresh() -> tuple[torch.nn.Module, torch.optim.Optimizer]:
        layer = torch.nn.Linear(3, 2)
        return layer, torch.optim.AdamW(layer.parameters(), lr=0.1)

    layer, optimizer = fresh()
    layer(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    checkpoint.save(tmp_path / "c.pt", layer, optimizer, Progress(5, 7.5, [[1], []]))
    follows = torch.rand(1)
    other, its_optimizer = fresh()
    assert checkpoint.restore(tmp_path / "none.pt", other, its_optimizer) is None
    assert checkpoint.restore(tmp_path / "c.pt", other, its_optimizer) == Progress(5, 7.5, [[1], []])
    assert torch.equal(torch.rand(1), follows)
    for one, two in zip(layer.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, two)
    assert its_optimizer.state_dict()["state"][0]["step"] == 1


def test_the_card_sets_before_beside_after() -> None:
    figures = {
        "n": 3.0,
        "evidence@1": 0.5,
        "evidence@5": 1.0,
        "evidence@10": 1.0,
        "section@5": 1.0,
        "mrr@10": 0.7,
    }
    shown = table({"en-zh": figures}, {"en-zh": figures | {"evidence@1": 0.75}})
    assert shown.splitlines()[2].startswith(
        "| English questions, Chinese text | 3 | 0.50 / 0.75 | 1.00 / 1.00"
    )
