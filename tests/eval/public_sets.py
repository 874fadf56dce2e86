"""Made-up public sets, small enough to count by hand, as files and as they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.public.public_set import PublicQuestion, PublicSet, PublicText, TextSpan

APPLES = "Apples grow in Kazakhstan.\nThe fruit is red. It ripens in September."
TEA = "茶树生长在云南。茶叶于四月采摘，制成普洱茶。"


def squad_data() -> dict[str, Any]:
    """Two articles, a text in each; the second question has no answer."""
    return {
        "version": "v2.0",
        "data": [
            {
                "title": "Fruit_trees",
                "paragraphs": [
                    {
                        "context": APPLES,
                        "qas": [
                            {
                                "id": "a1",
                                "question": "Where do apples grow?",
                                "is_impossible": False,
                                "answers": [
                                    {"text": "Kazakhstan", "answer_start": 15},
                                    {"text": "in Kazakhstan", "answer_start": 12},
                                    {"text": "Kazakhstan", "answer_start": 15},
                                ],
                            },
                            {
                                "id": "a2",
                                "question": "Who planted the apples?",
                                "is_impossible": True,
                                "plausible_answers": [{"text": "red", "answer_start": 40}],
                                "answers": [],
                            },
                        ],
                    }
                ],
            },
            {
                "title": "茶",
                "paragraphs": [
                    {
                        "context": TEA,
                        "qas": [
                            {
                                "id": 3,
                                "question": "茶叶何时采摘？",
                                "answers": [{"text": "四月", "answer_start": 11}],
                            }
                        ],
                    }
                ],
            },
        ],
    }


def write_json(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def write_legalbench(folder: Path, texts: Mapping[str, str], benchmarks: Mapping[str, object]) -> Path:
    for name, text in texts.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    for name, tests in benchmarks.items():
        write_json(folder / "benchmarks" / f"{name}.json", {"tests": tests})
    return folder


def small_set() -> PublicSet:
    """The same as ``squad_data``, with a second text on apples that no question was asked of."""
    return PublicSet(
        "small",
        (
            PublicText("apples", "Fruit trees", APPLES, "en"),
            PublicText("tea", "茶", TEA, "zh"),
            PublicText("pears", "", "Pears grow in Belgium. They ripen in October.", "en"),
        ),
        (
            PublicQuestion(
                "a1",
                "Where do apples grow?",
                "apples",
                True,
                ("Kazakhstan",),
                (TextSpan("apples", 15, 25),),
            ),
            PublicQuestion("a2", "Who planted the apples?", "apples", False, (), ()),
            PublicQuestion("t1", "茶叶何时采摘？", "tea", True, ("四月",), (TextSpan("tea", 11, 13),)),
            PublicQuestion("t2", "茶叶于四月采摘吗？", "tea", True, ("YES",), ()),
        ),
    )
