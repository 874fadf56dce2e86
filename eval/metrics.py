"""The formulas, as pure functions. A ranking is a sequence of distinct ids, best first; ``relevant``
is the set of ids that are right (relevance is binary). Undefined figures are None, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

SEED = 20201214  # the day batch 23 was released; any fixed number would do
RESAMPLES = 2000


def recall(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """recall@k = |relevant ∩ first k| / |relevant| (Manning, Raghavan, Schütze 2008, ch. 8.4)."""
    return len(relevant & set(_first(ranking, relevant, k))) / len(relevant)


def success(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """success@k = 1 if any of the first k is relevant, else 0 (trec_eval's ``success``)."""
    return float(not relevant.isdisjoint(_first(ranking, relevant, k)))


def reciprocal_rank(ranking: Sequence[str], relevant: AbstractSet[str], k: int = 10) -> float:
    """1 / rank of the first relevant id among the first k, else 0; its mean over questions is MRR@k
    (Voorhees 1999, TREC-8 question answering track)."""
    ranks = (rank for rank, item in enumerate(_first(ranking, relevant, k), 1) if item in relevant)
    return 1 / rank if (rank := next(ranks, 0)) else 0.0


def ndcg(ranking: Sequence[str], relevant: AbstractSet[str], k: int = 10) -> float:
    """nDCG@k = DCG / ideal DCG, DCG = Σ rel_i / log2(i + 1), rel_i in {0, 1}, and the ideal has
    min(k, |relevant|) ones first (Järvelin and Kekäläinen 2002, as trec_eval's ``ndcg_cut``)."""
    first = _first(ranking, relevant, k)
    gained = sum(1 / math.log2(rank + 1) for rank, item in enumerate(first, 1) if item in relevant)
    return gained / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))


def _first(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> Sequence[str]:
    if not relevant:
        raise ValueError("no relevant id: the metric is undefined")
    if len(set(ranking)) != len(ranking):
        raise ValueError("an id stands twice in the ranking")
    return ranking[:k]


def mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def percentile(values: Sequence[float], q: float) -> float | None:
    """``q`` in 0..100, linear between neighbours (Hyndman and Fan 1996, type 7)."""
    return float(np.percentile(values, q)) if values else None


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Area under the ROC curve = P(score of a positive > score of a negative) + half of P(equal)
    (Mann and Whitney 1947; Hanley and McNeil 1982)."""
    if not positive or not negative:
        return None
    lower = np.sort(np.asarray(negative, dtype=np.float64))
    below = np.searchsorted(lower, positive, side="left")
    not_above = np.searchsorted(lower, positive, side="right")
    return float((below.sum() + not_above.sum()) / 2 / (len(positive) * len(negative)))


def threshold_at_coverage(answerable: Sequence[float], coverage: float) -> float:
    """The highest threshold t at which at least ``coverage`` of the answerable questions have
    confidence >= t: the ⌈coverage · n⌉-th greatest confidence."""
    # Rounded first: 0.7 * 10 is a little more than 7 in binary.
    wanted = max(1, math.ceil(round(coverage * len(answerable), 9)))
    return sorted(answerable, reverse=True)[wanted - 1]


def declined_at_coverage(
    answerable: Sequence[float], unanswerable: Sequence[float], coverage: float = 0.9
) -> float | None:
    """Share of the unanswerable whose confidence is below ``threshold_at_coverage``: the true
    negative rate at a fixed true positive rate."""
    if not answerable or not unanswerable:
        return None
    threshold = threshold_at_coverage(answerable, coverage)
    return sum(score < threshold for score in unanswerable) / len(unanswerable)


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, risk) at every threshold, coverage ascending: of the questions with at least that
    confidence, their share of all, and the share of wrong ones among them (El-Yaniv and Wiener
    2010). Equal confidences make one point, so the order of the questions does not matter."""
    points = []
    wrong = 0
    ordered = sorted(zip(confidence, right, strict=True), key=lambda pair: -pair[0])
    for done, (score, is_right) in enumerate(ordered, 1):
        wrong += not is_right
        if done == len(ordered) or ordered[done][0] != score:
            points.append((done / len(ordered), wrong / done))
    return points


def area_under_risk(confidence: Sequence[float], right: Sequence[bool]) -> float | None:
    """AURC = mean over questions of the risk at the threshold that lets each one in (Geifman and
    El-Yaniv 2019); lower is better, 0 is faultless."""
    area = before = 0.0
    for coverage, risk in risk_coverage(confidence, right):
        area += (coverage - before) * risk
        before = coverage
    return area if confidence else None


def abstention(answerable: Sequence[bool], abstained: Sequence[bool]) -> tuple[float | None, float | None]:
    """Precision = unanswerable ∩ abstained / abstained; recall = the same / unanswerable."""
    pairs = list(zip(answerable, abstained, strict=True))
    precision = mean([not can for can, declined in pairs if declined])
    return precision, mean([declined for can, declined in pairs if not can])


def bootstrap_interval(values: Sequence[float], seed: int = SEED) -> tuple[float, float] | None:
    """95 % percentile interval of the mean (Efron 1979), RESAMPLES resamples of questions."""
    if not values:
        return None
    low, high = np.percentile(_resampled_means(values, seed), [2.5, 97.5])
    return float(low), float(high)


def paired_bootstrap(
    before: Sequence[float], after: Sequence[float], seed: int = SEED
) -> tuple[float, float, float]:
    """95 % interval of mean(after - before), and a two-sided p: twice the smaller share of the
    resamples in which the difference is <= 0 or >= 0, at most 1 (Koehn 2004; Efron and Tibshirani
    1993, ch. 16). The same questions are drawn for both runs."""
    differences = [b - a for a, b in zip(before, after, strict=True)]
    means = _resampled_means(differences, seed)
    low, high = np.percentile(means, [2.5, 97.5])
    p = 2 * min(float((means <= 0).mean()), float((means >= 0).mean()))
    return float(low), float(high), min(1.0, p)


def holm(p_values: Sequence[float], level: float) -> list[bool]:
    """Which of several hypotheses are rejected, so that the chance to reject any true one is at most
    ``level``: the k-th smallest of m p is held against level / (m - k + 1), until one is not below it
    (Holm 1979). It needs no independence."""
    rejected = [False] * len(p_values)
    for done, at in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        if p_values[at] > level / (len(p_values) - done):
            break
        rejected[at] = True
    return rejected


def _resampled_means(values: Sequence[float], seed: int) -> NDArray[np.float64]:
    sample = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(sample), size=(RESAMPLES, len(sample)))
    means: NDArray[np.float64] = sample[drawn].mean(axis=1)
    return means
