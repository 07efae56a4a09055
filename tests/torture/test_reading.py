"""Whoever loses something, or does it twice, is found out."""

import json
from pathlib import Path
from random import Random

import pytest

from tests.torture.driving import DOINGS
from tests.torture.place import Place
from tests.torture.reading import DOUBLED, LOST, MISSING, Found, asker, read_all
from tests.torture.work import LETTERS


@pytest.mark.slow
@pytest.mark.faults
def test_what_is_lost_or_doubled_is_seen(tmp_path: Path) -> None:
    with Place(tmp_path / "office", f"sqlite:///{tmp_path / 'office.db'}", Random(1)) as place:
        place.populate(daemons=1, drivers=1)
        for _ in range(8):
            place.until_done(5)
        assert place.judged().violations == []
        until = place.heal()

        def look() -> set[str]:
            with asker(place.url) as ask:
                found: Found = read_all(ask, place.usual, until, frozenset())
            return {each.invariant for each in found.violations}

        assert look() == set()
        letter = sorted((tmp_path / "office" / "outbox").glob("*.eml"))[0]
        letter.rename(letter.with_suffix(".gone"))
        assert look() == {LOST}
        letter.with_suffix(".gone").rename(letter.with_name("0000000000000000.eml"))
        assert look() == {LOST, MISSING}
        letter.with_name("0000000000000000.eml").rename(letter)

        doings = tmp_path / "office" / DOINGS
        whole = doings.read_text(encoding="utf-8")
        line = {"name": "x", "tried": "report", "item": "T-2026-1"}, {"name": "x", "done": "report"}
        more = [json.dumps(line[0]), json.dumps({**line[1], "item": "T-2026-1"})]
        doings.write_text(whole + "\n".join(more) + "\n", encoding="utf-8")
        assert MISSING in look()
        kept = [each for each in whole.splitlines() if json.loads(each).get("tried") != "open"]
        doings.write_text("\n".join(kept) + "\n", encoding="utf-8")
        assert DOUBLED in look(), "tasks that nobody tried to open"
        doings.write_text(whole, encoding="utf-8")

        letters = tmp_path / "office" / LETTERS
        sent = [json.loads(each) for each in letters.read_text(encoding="utf-8").splitlines()]
        formal = next((each for each in sent if each.get("formal")), None) or {**sent[0], "formal": True}
        again = [{**formal, "attempt": "first"}, {**formal, "attempt": "second"}]
        with letters.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(each) + "\n" for each in again))
        assert DOUBLED in look(), "a formal letter that may have left twice"
