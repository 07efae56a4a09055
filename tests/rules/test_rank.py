"""Places against counting by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rank import Ties, places

values = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 5), max_size=12)


@pytest.mark.parametrize(
    ("ties", "expected"), [("shared", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3]), ("last", [1, 3, 3, 4])]
)
def test_ties(ties: Ties, expected: list[int]) -> None:
    assert list(places({"a": 9, "b": 8, "c": 8, "d": 7}, True, ties).values()) == expected


@given(values, st.booleans())
def test_a_place_tells_how_many_are_before(values: dict[str, int], highest_first: bool) -> None:
    shared, dense, last = (places(values, highest_first, ties) for ties in ("shared", "dense", "last"))
    for name, value in values.items():
        before = [each for each in values.values() if (each > value if highest_first else each < value)]
        equal = [each for each in values.values() if each == value]
        assert shared[name] == len(before) + 1
        assert dense[name] == len(set(before)) + 1
        assert last[name] == len(before) + len(equal)
