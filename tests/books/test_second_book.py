"""A second programme, of another trade and language, runs on the same code: nothing of the first is in it."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from engine.book.book import Book, check_book, read_book
from engine.book.library import piece_names
from engine.office import Office
from engine.testing import Result, run_test
from rules.office import Post, Role

ROOT = Path(__file__).resolve().parents[2]
BOOKS = ROOT / "duban" / "books"
FIRST, SECOND = BOOKS / "wuhu-2020", BOOKS / "device-maintenance"
# Shorter ones ("三", "intro") are found in any text.
SHORTEST_CLAUSE = 3
DIGEST = "import sys, pathlib, engine.book.book as b; print(b.read_book(pathlib.Path(sys.argv[1])).digest)"


@cache
def book(folder: Path) -> Book:
    return read_book(folder)


@pytest.fixture(scope="module")
def spoken() -> Counter[tuple[str, str]]:
    """How often each rule spoke in all stories, live or in shadow."""
    return Counter()


@pytest.fixture(scope="module")
def run(
    spoken: Counter[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Result]:
    @cache
    def once(name: str) -> Result:
        folder = tmp_path_factory.mktemp(name)
        case = book(SECOND).tests[name]
        lived_by = read_book(SECOND, case.params) if case.params else book(SECOND)
        result = run_test(lived_by, name, case, folder)
        office = Office.open(f"sqlite:///{folder / f'{name}.db'}")
        with office.store.read() as reader:
            for counted in reader.count_firings():
                rule, outcome = map(str, counted.key)
                spoken[rule, outcome] += counted.count
        office.close()
        return result

    return once


def test_checks_clean() -> None:
    assert [str(finding) for finding in check_book(SECOND)] == []


@pytest.mark.parametrize("name", sorted(book(SECOND).tests))
def test_story_comes_true(name: str, run: Callable[[str], Result]) -> None:
    assert run(name).failures == ()


def test_every_rule_speaks_in_a_story(run: Callable[[str], Result], spoken: Counter[tuple[str, str]]) -> None:
    for name in book(SECOND).tests:
        run(name)
    silent = {
        id
        for id, rule in book(SECOND).rules.items()
        if rule.occasion != "before" and not any(spoken[id, outcome] for outcome in ("acted", "shadow"))
    }
    assert silent == set()


def test_rule_on_trial_is_decided_and_nothing_more(
    run: Callable[[str], Result], spoken: Counter[tuple[str, str]]
) -> None:
    run("replacement_on_trial")
    assert spoken["replacement", "shadow"] >= 1
    assert spoken["replacement", "acted"] == 0


def test_uses_what_the_language_offers() -> None:
    """So that the book goes on proving something when it is edited."""
    rules = book(SECOND).rules.values()
    assert {rule.occasion for rule in rules} == {"clock", "event", "before", "period"}
    assert {rule.spec.mode for rule in rules} == {"live", "shadow"}
    assert any(rule.spec.effective.from_ for rule in rules)
    assert any(rule.times for rule in rules)
    units = {clock.budget.unit for clock in book(SECOND).clocks.values() if clock.budget}
    assert units == {"hours", "business hours", "days", "workdays", "months"}


# ---------------------------------------------------------------- the digest


def test_digest_survives_its_own_bytes() -> None:
    again = Book.from_canonical(book(SECOND).canonical)
    assert (again.digest, again.canonical) == (book(SECOND).digest, book(SECOND).canonical)


def test_digest_is_of_the_content_and_not_of_the_place(tmp_path: Path) -> None:
    for path in SECOND.rglob("*.yaml"):
        (tmp_path / path.relative_to(SECOND)).parent.mkdir(exist_ok=True)
        (tmp_path / path.relative_to(SECOND)).write_bytes(path.read_bytes())
    assert read_book(tmp_path).digest == book(SECOND).digest


def test_digest_is_the_same_in_another_process() -> None:
    """Another order of sets and another time zone of the machine change nothing."""
    told = subprocess.run(
        [sys.executable, "-c", DIGEST, str(SECOND)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout.strip() == book(SECOND).digest


# ---------------------------------------------------------------- no word of one in the other


@pytest.mark.parametrize(("own", "other"), [(FIRST, SECOND), (SECOND, FIRST)], ids=["first", "second"])
def test_no_word_of_one_in_the_other(own: Path, other: Path) -> None:
    text = text_of(other)
    words = words_of(book(own))
    assert len(words) > len(book(own).units)
    assert sorted(word for word in words if stands_in(word, text)) == []


@pytest.mark.parametrize("room", ["engine", "rules", "workflows", "store"])
def test_no_id_of_either_in_the_code(room: str) -> None:
    """Units, groups, posts and clauses are named by books alone."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / room).rglob("*.py")))
    ids = {id for folder in (FIRST, SECOND) for id in own_ids(book(folder))}
    assert sorted(id for id in ids if re.search(rf"\b{re.escape(id)}\b", text)) == []


def words_of(book: Book) -> frozenset[str]:
    """What names its offices, people and clauses, in both languages."""
    labels = {text for unit in book.units.values() for text in (unit.zh, unit.en)}
    labels |= {text for group in book.groups.values() for text in (group.zh, group.en)}
    labels |= {text for post in own_posts(book).values() for text in (post.zh, post.en)}
    labels |= {text for role in own_roles(book) for text in (role.zh, role.en)}
    titles = {book.info.id, book.info.basis.document, book.info.basis.title.zh, book.info.basis.title.en}
    clauses = {clause.clause for clause in book.clauses if len(clause.clause) >= SHORTEST_CLAUSE}
    quoted = {text for clause in book.clauses for text in clause.zh}
    return frozenset(labels | titles | clauses | quoted | own_ids(book))


def own_roles(book: Book) -> Iterator[Role]:
    """Roles that are not the library's neutral ones, under their own names."""
    shared = {name.rpartition("/")[2] for name in piece_names("roles")}
    return (role for id, role in book.roles.items() if id not in shared)


def own_posts(book: Book) -> Mapping[str, Post]:
    """Without those that every unit has."""
    return {id: post for id, post in book.posts.items() if "." not in id}


def own_ids(book: Book) -> set[str]:
    return {*book.units, *book.groups, *own_posts(book)}


def text_of(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml")))


def stands_in(word: str, text: str) -> bool:
    """As a whole word where it is written in letters with spaces between."""
    edge = r"\b" if word.isascii() and word[0].isalnum() and word[-1].isalnum() else ""
    return re.search(f"{edge}{re.escape(word)}{edge}", text) is not None
