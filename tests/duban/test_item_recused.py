"""`duban item show`: who may act next, and who holds the role and may not because of what he did before."""

from pathlib import Path

from duban.views.items import possible_events
from duban.views.view import View
from tests.engine.city import PEOPLE, City, small_book
from tests.engine.test_parent_doers import BOOK


def test_whoever_did_what_came_before_is_named_apart(tmp_path: Path) -> None:
    city = City(tmp_path, "2020-09-01 08:00", small_book(tmp_path, extra=BOOK))
    decision = city.opens("赵市长", "decision")
    city.does("秘书长", "decide", decision)
    city.does("督查室", "decide", decision)
    appeal = city.opens("张三", "appeal", parent=decision)
    with city.office.store.read() as reader:
        seen = View(book=city.office.book, reader=reader, language="en", now=city.now)
        events = {each["event"]: each for each in possible_events(seen, reader.items_by_id([appeal])[appeal])}
    city.close()
    opener, decided = PEOPLE["赵市长"], {PEOPLE["秘书长"], PEOPLE["督查室"]}
    assert decided | {opener} == set(events["review"]["recused"])
    assert events["review"]["who"] == [], "it is shown all the same: somebody must be found for it"
    assert len(events["review"]["recused_label"]) == 3
