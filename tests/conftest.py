"""What all tests share: how hard hypothesis tries, and which tests need a server."""

import os

import pytest
from hypothesis import settings

# No deadline: machines that run tests are shared, and a slow example is not a wrong one.
settings.register_profile("dev", max_examples=30, deadline=None)
# The same examples on every run, so that a red build can be repeated.
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

POSTGRES = "DUBAN_TEST_POSTGRES"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(POSTGRES):
        return
    skip = pytest.mark.skip(reason=f"no PostgreSQL: {POSTGRES} names none")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)
