"""What all tests share: how hard hypothesis tries, and a server for those that need one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import KINDS, WITHOUT, Databases, opened

# No deadline: machines that run tests are shared, and a slow example is not a wrong one.
settings.register_profile("dev", max_examples=30, deadline=None)
# The same examples on every run, so that a red build can be repeated.
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get(WITHOUT):
        return
    skip = pytest.mark.skip(reason=f"{WITHOUT} is set: nothing is tried on PostgreSQL")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with opened() as found:
        yield found


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """An empty place for a store, on each database: the same tests hold for all of them."""
    return databases.url(request.param, tmp_path)
