"""An empty store on each database: the same tests hold for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.office import Store
from tests.store.examples import NOW


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"{request.param}:///{tmp_path / 'office.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store.create(url, {"office": "demo"}, NOW)
    yield made
    made.close()
