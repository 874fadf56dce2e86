"""Values worked out by hand, and the diagram against another implementation of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from eval.calibration import Bin, expected_calibration_error, reliability


def test_bins_by_hand() -> None:
    confidence = [0.0, 0.1, 0.15, 0.3, 0.95, 1.0]
    true = [False, True, False, True, True, True]
    assert reliability(confidence, true) == [
        Bin(0.0, 0.1, 2, 0.05, 0.5),
        Bin(0.1, 0.2, 1, 0.15, 0.0),
        Bin(0.2, 0.3, 1, 0.3, 1.0),
        Bin(0.9, 1.0, 2, 0.975, 1.0),
    ]


def test_expected_calibration_error_by_hand() -> None:
    # Two bins: .2 and .4 with one of two true (off by .2); .8, .8, .9 and 1.0 with three of four (.125).
    confidence = [0.2, 0.4, 0.8, 0.8, 0.9, 1.0]
    true = [True, False, True, True, False, True]
    got = expected_calibration_error(confidence, true, bins=2)
    assert got == pytest.approx((2 * 0.2 + 4 * 0.125) / 6)
    # Sure and wrong is the worst, sure and right the best, and 0.5 for a coin is right too.
    assert expected_calibration_error([1.0, 0.0], [False, True]) == 1
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    assert expected_calibration_error([0.5, 0.5], [True, False]) == 0
    assert expected_calibration_error([], []) is None


def test_a_confidence_that_is_none() -> None:
    for score in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="0 to 1"):
            reliability([score], [True])


PAIRS = st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=60)


@given(PAIRS, st.integers(1, 12))
def test_the_points_are_those_of_scikit_learn(pairs: list[tuple[int, bool]], bins: int) -> None:
    # 201 is a multiple of no number of bins: what is exactly on an edge is rounded otherwise there.
    confidence = [(value + 0.5) / 201 for value, _ in pairs]
    true = [came_true for _, came_true in pairs]
    points = reliability(confidence, true, bins)
    observed, predicted = calibration_curve(np.array(true, dtype=int), confidence, n_bins=bins, pos_label=1)
    assert [point.observed for point in points] == pytest.approx(list(observed))
    assert [point.confidence for point in points] == pytest.approx(list(predicted))


@given(PAIRS)
def test_bounds(pairs: list[tuple[int, bool]]) -> None:
    confidence = [value / 200 for value, _ in pairs]
    true = [came_true for _, came_true in pairs]
    points = reliability(confidence, true)
    assert sum(point.n for point in points) == len(pairs)
    assert all(point.low <= point.confidence <= point.high + 1e-12 for point in points)
    error = expected_calibration_error(confidence, true)
    assert error is not None
    # One bin sees only the difference of the means, so it is never the stricter judge.
    whole = expected_calibration_error(confidence, true, bins=1)
    assert whole is not None
    assert whole - 1e-12 <= error <= 1
