"""An empty store on each database: the same tests hold for all of them."""

from collections.abc import Iterator

import pytest

from store.office import Store
from tests.databases import Databases
from tests.store.examples import NOW


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store.create(url, {"office": "demo"}, NOW)
    yield made
    made.close()


@pytest.fixture
def server_url(databases: Databases) -> str:
    """An empty place on the server."""
    return databases.server.url()
