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
      - {event: end, from: open, to: done, by: supervisor}
rules:
  again:
    label: Read again
    basis: § 1
    for: letter
    when: {event: read}
    then: {move: end}
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_told_in_both_languages(language: str, tmp_path: Path) -> None:
    said = [("  timezone:", f"  language: {language}\n  timezone:")]
    rule_may = BOOK.replace("end, from: open, to: done, by: supervisor", "end, from: open, to: done, by: rule")
    book = small_book(tmp_path, said, rule_may.replace("then: {move: end}", "then: {move: {event: end}}"))
    by = PEOPLE["督查室"]
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
    assert run_test(book, "read", story, tmp_path).failures == ()
