"""Values worked out by hand, and laws that hold for any values."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import metrics

RANKING = ["a", "b", "c", "d"]


def test_recall_and_success() -> None:
    relevant = {"b", "d", "x"}
    assert metrics.recall(RANKING, relevant, 1) == 0
    assert metrics.recall(RANKING, relevant, 2) == pytest.approx(1 / 3)
    assert metrics.recall(RANKING, relevant, 10) == pytest.approx(2 / 3)
    assert [metrics.success(RANKING, relevant, k) for k in (1, 2, 10)] == [0, 1, 1]
    assert metrics.success([], {"a"}, 5) == 0


def test_reciprocal_rank_stops_at_k() -> None:
    assert metrics.reciprocal_rank(RANKING, {"c", "d"}) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank(RANKING, {"c"}, 2) == 0
    assert metrics.reciprocal_rank([], {"c"}) == 0


def test_ndcg() -> None:
    # Found at ranks 2 and 4 of an ideal 1, 2 and 3.
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert metrics.ndcg(RANKING, {"b", "d", "x"}) == pytest.approx(gained / ideal)
    assert metrics.ndcg(RANKING, {"a", "b", "c"}) == 1
    # Only k of many relevant ids can be found, so the ideal has k of them.
    assert metrics.ndcg(RANKING, set("abcdef"), 2) == 1


def test_rankings_that_have_no_metric_are_refused() -> None:
    with pytest.raises(ValueError, match="no relevant"):
        metrics.recall(RANKING, set(), 1)
    with pytest.raises(ValueError, match="twice"):
        metrics.ndcg(["a", "a"], {"a"})


@given(
    st.permutations(list("abcdefghijklm")),
    st.sets(st.sampled_from("abcdefghijklmnop"), min_size=1),
    st.integers(1, 12),
)
def test_ranking_metrics_keep_their_bounds(ranking: list[str], relevant: set[str], k: int) -> None:
    values = [
        metric(ranking, relevant, k)
        for metric in (metrics.recall, metrics.success, metrics.reciprocal_rank, metrics.ndcg)
    ]
    assert all(0 <= value <= 1 + 1e-12 for value in values)
    assert metrics.recall(ranking, relevant, k) <= metrics.recall(ranking, relevant, k + 1)
    # Relevant ids first is the best order.
    best = sorted(ranking, key=lambda item: item not in relevant)
    assert metrics.ndcg(best, relevant, k) >= metrics.ndcg(ranking, relevant, k) - 1e-12
    # Ids below rank k do not count.
    assert metrics.ndcg(ranking[:k] + ranking[k:][::-1], relevant, k) == metrics.ndcg(ranking, relevant, k)


def test_auc_counts_ties_by_half() -> None:
    # Of 2 x 3 pairs: .9 wins three; .5 wins one, ties one, loses one: 4.5 of 6.
    assert metrics.auc([0.9, 0.5], [0.1, 0.5, 0.6]) == pytest.approx(4.5 / 6)
    assert metrics.auc([1.0], [0.0]) == 1
    assert metrics.auc([], [0.0]) is None
    assert metrics.auc([0.0], []) is None


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_auc_is_the_share_of_pairs(positive: list[float], negative: list[float]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert metrics.auc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))
    swapped = metrics.auc(negative, positive)
    assert swapped is not None
    assert metrics.auc(positive, negative) == pytest.approx(1 - swapped)


def test_declined_at_coverage() -> None:
    answerable = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert metrics.threshold_at_coverage(answerable, 0.9) == 0.2
    assert metrics.threshold_at_coverage(answerable, 0.7) == 0.4
    assert metrics.threshold_at_coverage(answerable, 1) == 0.1
    # At the threshold itself a question is answered.
    assert metrics.declined_at_coverage(answerable, [0.05, 0.1, 0.2, 0.95]) == 0.5
    assert metrics.declined_at_coverage([0.7], [0.6]) == 1
    assert metrics.declined_at_coverage([], [0.6]) is None
    assert metrics.declined_at_coverage([0.7], []) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.floats(0.05, 1))
def test_the_threshold_is_the_highest_that_covers(scores: list[float], coverage: float) -> None:
    threshold = metrics.threshold_at_coverage(scores, coverage)
    wanted = coverage * len(scores) - 1e-6
    assert sum(score >= threshold for score in scores) >= wanted
    assert sum(score > threshold for score in scores) < max(1, math.ceil(wanted))


def test_risk_coverage() -> None:
    confidence = [0.9, 0.8, 0.8, 0.1]
    right = [True, False, True, False]
    assert metrics.risk_coverage(confidence, right) == [(0.25, 0), (0.75, 1 / 3), (1, 0.5)]
    assert metrics.area_under_risk(confidence, right) == pytest.approx((0 + 1 / 3 * 2 + 0.5) / 4)
    assert metrics.area_under_risk([], []) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=30), st.randoms())
def test_risk_does_not_know_the_order(pairs: list[tuple[int, bool]], random: Random) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one = metrics.risk_coverage([c for c, _ in pairs], [r for _, r in pairs])
    assert one == metrics.risk_coverage([c for c, _ in shuffled], [r for _, r in shuffled])
    assert one[-1] == (1.0, sum(not r for _, r in pairs) / len(pairs))
    area = metrics.area_under_risk([c for c, _ in pairs], [r for _, r in pairs])
    assert area is not None
    assert 0 <= area <= 1 + 1e-12


def test_abstention() -> None:
    answerable = [True, True, True, False, False]
    abstained = [True, False, False, True, False]
    assert metrics.abstention(answerable, abstained) == (0.5, 0.5)
    assert metrics.abstention([True], [False]) == (None, None)


def test_mean_and_percentile() -> None:
    assert metrics.mean([True, False, True, True]) == 0.75
    assert metrics.percentile([1, 2, 3, 4], 50) == 2.5
    assert metrics.percentile([10, 20], 95) == pytest.approx(19.5)
    assert metrics.mean([]) is None
    assert metrics.percentile([], 50) is None


def test_bootstrap_is_seeded_and_near_the_normal_interval() -> None:
    values = [1.0] * 60 + [0.0] * 40
    interval = metrics.bootstrap_interval(values)
    assert interval == metrics.bootstrap_interval(values)
    assert interval == pytest.approx((0.6 - 0.096, 0.6 + 0.096), abs=0.015)
    assert metrics.bootstrap_interval([1.0, 1.0]) == (1, 1)
    assert metrics.bootstrap_interval([]) is None


def test_holm() -> None:
    # .005 <= .05/4, .01 <= .05/3, but .03 > .05/2: that and what is greater stand, .04 too.
    assert metrics.holm([0.01, 0.04, 0.03, 0.005], 0.05) == [True, False, False, True]
    # .02 is more than .05/3, but not more than .05/2, and that is what it is held against.
    assert metrics.holm([0.01, 0.02, 0.2], 0.05) == [True, True, False]
    assert metrics.holm([0.021, 0.03], 0.04) == [False, False]
    assert metrics.holm([], 0.05) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.001, 0.5))
def test_holm_lies_between_bonferroni_and_no_correction(p_values: list[float], level: float) -> None:
    for p, rejected in zip(p_values, metrics.holm(p_values, level), strict=True):
        assert p <= level or not rejected
        assert rejected or p > level / len(p_values)


def test_paired_bootstrap() -> None:
    same = [1.0, 0.0] * 20
    assert metrics.paired_bootstrap(same, same) == (0, 0, 1)
    low, high, p = metrics.paired_bootstrap([0.0] * 40, [1.0] * 30 + [0.0] * 10)
    assert (low, high) == pytest.approx((0.75 - 0.134, 0.75 + 0.134), abs=0.02)
    assert p == 0
    _, _, p = metrics.paired_bootstrap([0.0, 1.0] * 10, [1.0, 0.0] * 10)
    assert p > 0.5
