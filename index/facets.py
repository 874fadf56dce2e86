"""Which rows a caller's filters leave."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.protocols import Rows
from rag.types import Filters, Passage


class Facets:
    """The rows of every case, batch, section and language."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._count = len(passages)
        self._cases = _rows_by([passage.case_number for passage in passages])
        self._batches = _rows_by([passage.batch for passage in passages])
        self._sections = _rows_by([passage.section for passage in passages])
        self._languages = _rows_by([passage.language for passage in passages])

    def rows(self, filters: Filters) -> Rows | None:
        """Sorted rows that have, of every kind filtered, one of the values named; None: no filter."""
        passing: NDArray[np.bool_] | None = None
        for wanted, held in (
            (filters.case_numbers, self._cases),
            (filters.batches, self._batches),
            (filters.sections, self._sections),
            (filters.languages, self._languages),
        ):
            if wanted:
                one_of_them = np.zeros(self._count, np.bool_)
                for value in wanted:
                    one_of_them[held.get(value, [])] = True
                passing = one_of_them if passing is None else passing & one_of_them
        return None if passing is None else np.flatnonzero(passing).astype(np.int64)


def _rows_by(values: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    rows: dict[Hashable, list[int]] = {}
    for row, value in enumerate(values):
        rows.setdefault(value, []).append(row)
    return rows
