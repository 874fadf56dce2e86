from __future__ import annotations

import numpy as np
import pytest

from index.facets import Facets
from index.passages import passages_of
from rag.types import Filters
from tests.index.handmade import chinese, english

PASSAGES = [*passages_of(english())[0], *passages_of(chinese())[0]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), None),
        (Filters(case_numbers=(86,)), [5, 6]),
        (Filters(case_numbers=(86, 85)), [1, 2, 3, 4, 5, 6]),
        (Filters(case_numbers=(86,), languages=("zh",)), [6]),
        (Filters(sections=("gist",), batches=(23,)), [2, 5]),
        (Filters(sections=("gist", "announcement")), [0, 2, 5, 6]),
        (Filters(case_numbers=(999,)), []),
        (Filters(case_numbers=(85,), languages=("zh",)), []),
    ],
)
def test_filters_leave_the_rows_that_pass_all_of_them(filters: Filters, expected: list[int] | None) -> None:
    rows = Facets(PASSAGES).rows(filters)
    if expected is None:
        assert rows is None
    else:
        assert rows is not None
        assert rows.dtype == np.int64
        assert rows.tolist() == expected


def test_nothing_passes_where_nothing_is_held() -> None:
    rows = Facets([]).rows(Filters(case_numbers=(1,)))
    assert rows is not None
    assert rows.tolist() == []
