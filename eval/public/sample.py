"""A part of a set, small enough to be measured in minutes."""

from __future__ import annotations

import random
from dataclasses import replace

from eval.public.public_set import PublicSet


def sample(public: PublicSet, limit: int | None, seed: int) -> PublicSet:
    """At most ``limit`` of the texts that questions were asked of, and the questions whose texts are all
    among them; None: the set as it is. A larger limit with the same seed adds to the smaller sample."""
    if limit is None:
        return public
    asked_of = {question.home for question in public.questions}
    ids = sorted(text.id for text in public.texts if text.id in asked_of)
    random.Random(seed).shuffle(ids)
    kept = set(ids[:limit])
    return replace(
        public,
        texts=tuple(text for text in public.texts if text.id in kept),
        questions=tuple(q for q in public.questions if {q.home, *(span.text for span in q.spans)} <= kept),
    )
