"""What a rule wanted and was refused fails a story, whatever the language of the book."""

from pathlib import Path

import pytest

from engine.language import TestCase
from engine.testing import run_test
from tests.engine.city import PEOPLE, small_book

BOOK = """
workflows:
  letter:
    label: Letter
    prefix: LT
    opened_by: supervisor
    initial: open
    states: {open: Open, done: {en: Done, final: true}}
    transitions:
      - {event: read, from: open, by: supervisor}
      - {event: end, from: open, to: done, by: rule}
rules:
  again:
    label: Read again
    basis: § 1
    for: letter
    when: {event: read}
    then: {move: end}
  too_late:
    label: Read too late
    basis: § 2
    for: letter
    when: {event: read}
    then: {move: end}
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_told_in_both_languages(language: str, tmp_path: Path) -> None:
    said = [("  timezone:", f"  language: {language}\n  timezone:")]
    book, by = small_book(tmp_path, said, BOOK), PEOPLE["督查室"]
    story = TestCase.model_validate(
        {
            "label": "read",
            "begins": "2020-09-01 08:00",
            "timeline": [
                {
                    "at": "2020-09-01 09:00",
                    "open": {"name": "a", "workflow": "letter", "unit": "works", "by": by},
                    "do": {"item": "a", "event": "read", "by": by},
                    "expect": {"items": [{"pick": "a", "state": "done"}]},
                }
            ],
        }
    )
    (failure,) = run_test(book, "read", story, tmp_path).failures
    assert "too_late Read too late wanted to put" in failure.en
    assert "被拒" in failure.zh or "拒绝" in failure.zh
