"""Who did a step on one item may not take another on what follows it up: said at the command line as well."""

from pathlib import Path

import pytest

from tests.docs.pages import DOCS, blocks
from tests.duban.conftest import Duban

HOWTO = DOCS / "authors" / "howto"
MONDAY = "2026-03-02 09:00"
PEOPLE = {
    "supervisor": ("督查员", "supervisor@town.example"),
    "auditor": ("审计员", "auditor@town.example"),
    "mayor": ("市长", "mayor@town.example"),
    "water.head": ("李主任", "water.head@town.example"),
}


@pytest.fixture
def review(duban: Duban, tmp_path: Path) -> Duban:
    """The book of the page on recusal: the auditor has checked a penalty, and its unit asks for a review."""
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "office.yaml").write_bytes((HOWTO / "office.yaml").read_bytes())
    for block in blocks(HOWTO / "recusal.en.md"):
        if block.name:
            (folder / block.name).write_text(block.text, "utf-8")

    def done(*words: str) -> None:
        said = duban(*words)
        assert said.code == 0, said.err

    done("init", "book", "--now", MONDAY)
    for post, (name, address) in PEOPLE.items():
        done("people", "set", post, name, address)
    done("item", "open", "penalty", "--unit", "water", "--as", "supervisor")
    done("item", "do", "CL-2026-0001", "check", "--as", "auditor")
    reviewed = ("review", "--unit", "water", "--parent", "CL-2026-0001", "grounds=事实不清")
    done("item", "open", *reviewed, "--as", "water.head")
    return duban


def advise(review: Duban, post: str, *words: str) -> tuple[int, str]:
    said = review("item", "do", "FH-2026-0001", "advise", "opinion=事实清楚", "--as", post, *words)
    return said.code, said.err


def test_who_checked_it_may_not_advise_on_its_review(review: Duban) -> None:
    code, said = advise(review, "auditor")
    assert code == 1
    assert "you did check on the item it is about and may not do advise as well" in said
    code, said = advise(review, "auditor", "--lang", "zh")
    assert (code, said.count("\n")) == (1, 1)
    assert "职责分离" in said
    assert advise(review, "supervisor") == (0, ""), "who only opened it may"
    assert review("audit", "verify").code == 0


def test_who_sat_in_for_the_auditor_is_meant_and_not_only_the_post(review: Duban) -> None:
    """The mayor checks a second one in the auditor's place; back in his own post he did it all the same."""
    assert review("people", "set", "auditor", *PEOPLE["mayor"]).code == 0
    assert review("people", "set", "second_supervisor", "副主任", "second@town.example").code == 0
    assert review("item", "open", "penalty", "--unit", "water", "--as", "second_supervisor").code == 0
    assert review("item", "do", "CL-2026-0002", "check", "--as", "auditor").code == 0
    assert review("people", "set", "auditor", *PEOPLE["auditor"]).code == 0
    again = ("item", "open", "review", "--unit", "water", "--parent", "CL-2026-0002", "grounds=不服")
    assert review(*again, "--as", "water.head", "-o", "json").data["id"] == "FH-2026-0002"
    said = review("item", "do", "FH-2026-0002", "uphold", "--as", "mayor")
    assert said.code == 1
    assert "separation of duties" in said.err
