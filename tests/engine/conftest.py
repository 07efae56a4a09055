"""What the engine's tests share: cities on each database."""

from pathlib import Path

import pytest

from tests.databases import KINDS, Databases
from tests.engine.city import City


@pytest.fixture(params=KINDS)
def each_database(
    request: pytest.FixtureRequest, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for by the modules whose stories are told on all of them."""

    def place(folder: Path) -> str:
        return databases.url(request.param, folder)

    monkeypatch.setattr(City, "place", staticmethod(place))
