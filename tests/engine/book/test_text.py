"""Reading YAML: what is written is what is read, and nothing an author types can break the reader."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.book import text as reading
from engine.book.book import check_book
from engine.book.shape import BookData
from engine.book.text import LARGEST_FILE, Node, read_scalar, read_yaml
from rules.language import Rule
from rules.office import Role
from workflows.language import WorkflowSpec


def read(text: str) -> Any:
    node, findings = read_yaml(text.encode(), "f.yaml")
    assert node is not None
    assert findings == ()
    return node.plain()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("1.50", Decimal("1.50")),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("17:30", "17:30"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        ("2020-10-01", "2020-10-01"),
        ("9" * 5000, "9" * 5000),
        ("'12'", "12"),
        ('"true"', "true"),
    ],
)
def test_only_a_few_words_are_more_than_text(written: str, value: object) -> None:
    found = read(f"key: {written}\n")["key"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_always_text() -> None:
    assert read("on: 1\nno: 2\n3: 4\n") == {"on": 1, "no": 2, "3": 4}


def test_places_count_characters() -> None:
    node, _ = read_yaml("甲: {乙: [丙, 丁丁]}\n".encode(), "f.yaml")
    assert node is not None
    assert node.find(("甲", "乙", 1)).place.column == 12
    assert node.place_of(("甲", "乙"), key=True).column == 5


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff\xfea\x00", "not_utf8"),
        (b"a: 1\nb: \xc0", "not_utf8"),
        (b"\xef\xbb\xbfa: 1", "byte_order_mark"),
        (b"a: \x00", "invisible"),
        ("a: b\u2028c".encode(), "invisible"),
        (b"a: " + b"x" * LARGEST_FILE, "too_large"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_utf8"),
    ],
)
def test_what_is_no_text_has_one_finding(raw: bytes, code: str) -> None:
    _, findings = read_yaml(raw, "f.yaml")
    assert [each.code for each in findings] == [code]


def test_depth_that_crashes_the_c_loader_is_one_finding() -> None:
    _, findings = read_yaml(b"[" * 200_000, "f.yaml")
    assert [each.code for each in findings] == ["too_deep"]


def test_too_many_values_are_one_finding() -> None:
    _, findings = read_yaml(b"- [" + b"1," * 250_000 + b"1]", "f.yaml")
    assert [each.code for each in findings] == ["too_many_nodes"]


@given(st.text(max_size=300))
def test_any_text_is_read_or_explained(text: str) -> None:
    node, findings = read_yaml(text.encode("utf-8", "surrogatepass"), "f.yaml")
    assert node is not None or findings
    assert all(each.line >= 1 and each.column >= 1 and each.zh and each.en for each in findings)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_explained(raw: bytes) -> None:
    node, findings = read_yaml(raw, "f.yaml")
    assert node is not None or findings


WORDS = """
book params units roles rules workflows clocks when then ladder for label zh en members drop from true 5
: ： - { } [ ] , & * ! | > ' " # ~ = << params.x =now
"""
PIECES = st.sampled_from([*WORDS.split(), "\t", "\n", "\n  ", "\n    ", ": ", "- "])


@given(st.lists(PIECES, max_size=60).map(" ".join))
def test_anything_like_yaml_is_read_or_explained(text: str) -> None:
    node, findings = read_yaml(text.encode(), "f.yaml")
    assert node is not None or findings


KEYS = [
    *BookData.model_fields,
    *Rule.model_fields,
    *Role.model_fields,
    *WorkflowSpec.model_fields,
    "from",
    "drop",
    "is",
    "for",
]
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=5)
    | st.sampled_from(["params.x", "=now", "board", "file"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
SECTIONS = [*BookData.model_fields]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(SECTIONS),
        PLAIN | st.dictionaries(st.text("ab", min_size=1), PLAIN, max_size=3),
        max_size=5,
    )
)
def test_any_content_is_a_book_or_explained(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("book")
    small = Path(__file__).parent / "good" / "small" / "book.yaml"
    if "book" not in content:
        (folder / "book.yaml").write_bytes(small.read_bytes())
    (folder / "odd.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    for finding in check_book(folder):
        assert finding.text("zh")
        assert finding.text("en")


@given(st.text(max_size=40))
def test_a_word_never_becomes_a_float(word: str) -> None:
    assert not isinstance(read_scalar(word), float)


@pytest.mark.parametrize("text", ["a: 1\nb: [x, {c: '1'}]\n", "a：1\n", "a: [1\n", "a: &x 1\n"])
def test_the_reader_without_libyaml_says_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_yaml(text.encode(), "f.yaml")
    monkeypatch.setattr(reading, "LOADER", yaml.SafeLoader)
    slow = read_yaml(text.encode(), "f.yaml")
    assert fast[0] == slow[0]
    assert [each.code for each in fast[1]] == [each.code for each in slow[1]]


def test_a_path_leads_to_the_deepest_thing_written() -> None:
    node, _ = read_yaml(b"a: {b: [x, y]}\n", "f.yaml")
    assert isinstance(node, Node)
    assert node.find(("a", "b", 7, "c")).plain() == ["x", "y"]
    assert node.written(("a", "b", 1, 0)) == ("a", "b", 1)
