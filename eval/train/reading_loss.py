"""What is made small in training the reader."""

from __future__ import annotations

from collections.abc import Sequence

import torch

RIGHT = 2.0
"""Weight of a sentence that answers: one in ten does."""
AMONG = 0.5
WHOLE = 0.4


def reading_loss(
    sentences: Sequence[torch.Tensor],
    windows: Sequence[torch.Tensor],
    labels: Sequence[Sequence[int]],
    answered: Sequence[int],
    groups: Sequence[int],
) -> torch.Tensor:
    """``sentences``: log odds (s,) of each window's sentences, with ``labels`` 1, 0 or -1 (not judged);
    ``windows``: log odds () of each window, with ``answered`` alike; ``groups``: which question a window
    belongs to.

    The sum of three: binary cross-entropy of the sentences; for each question the negative log likelihood
    of any right sentence among all of its windows and "none" (log odds 0), or of "none" where there is no
    right one (marginal likelihood: Clark and Gardner 2018); binary cross-entropy of the windows.
    """
    scores = torch.cat(list(sentences))
    wanted = torch.tensor([label for row in labels for label in row], dtype=torch.float32)
    owner = torch.tensor([g for g, row in zip(groups, labels, strict=True) for _ in row])
    judged = wanted >= 0
    single = torch.nn.functional.binary_cross_entropy_with_logits(
        scores[judged], wanted[judged], pos_weight=torch.tensor(RIGHT)
    )
    none = torch.zeros(1)
    among = []
    for group in sorted(set(groups)):
        mine = (owner == group) & judged
        right = mine & (wanted == 1)
        if not bool(right.any()) and bool(((owner == group) & ~judged).any()):
            continue  # only sentences that are not judged could be right
        top = torch.logsumexp(scores[right], 0) if bool(right.any()) else none[0]
        among.append(torch.logsumexp(torch.cat([scores[mine], none]), 0) - top)
    whole = torch.stack(list(windows))
    told = torch.tensor(answered, dtype=torch.float32)
    held = told >= 0
    outer = torch.nn.functional.binary_cross_entropy_with_logits(whole[held], told[held])
    loss = single + WHOLE * outer
    return loss + AMONG * torch.stack(among).mean() if among else loss
