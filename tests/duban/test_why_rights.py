"""`duban why UNIT`: what it owes, and apart from that the times in which somebody may act and nobody must."""

from pathlib import Path

from duban.views.view import View
from duban.views.why_unit import owed
from tests.engine.city import City, wall
from tests.engine.matter import matter_book, open_matter


def test_a_window_is_no_debt(tmp_path: Path) -> None:
    city = City(tmp_path / "office", "2020-10-12 09:00", matter_book())
    it = open_matter(city)
    city.does("张三", "answer", it)
    city.does("督查室", "serve", it, served_on="2020-10-12")
    with city.office.store.read() as reader:
        seen = View(book=city.office.book, reader=reader, language="en", now=city.now)
        debts, rights = ([*owed(seen, "works", windows=windows)] for windows in (False, True))
    assert [each["clock_label"] for each in debts] == ["Filing", "Afterwards"]
    assert [(each["item"], each["clock_label"], wall(each["due"])) for each in rights] == [
        (it, "the time to object", "2020-10-20 00:00")
    ]
    city.does("督查室", "close", it)
    with city.office.store.read() as reader:
        seen = View(book=city.office.book, reader=reader, language="en", now=city.now)
        assert [*owed(seen, "works")] == []
        assert len([*owed(seen, "works", windows=True)]) == 1, "a window may run on when its item is closed"
