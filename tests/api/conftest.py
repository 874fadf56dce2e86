from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.api.fakes import service


@pytest.fixture(scope="package")
def client() -> Iterator[httpx.Client]:
    """A client of one service, ready, that all tests of this folder share."""
    with service() as client:
        yield client
