"""A book tried on a history: what people did is done again, what rules did is decided anew."""

from datetime import datetime
from pathlib import Path

from engine.history import History, history_of
from engine.office import Office
from engine.replay import Replayed, found_for, replay
from engine.world import Difference, World, compare, compare_counts, world_of
from tests.engine.city import City, at, picture, small_book

RED = "09:00, remind: unit_liaison, template: due_soon, light: red"


def lively(folder: Path) -> City:
    """Three months: a bureau that misses boards and is interviewed, a task late and one extended."""
    city = City(folder, "2020-09-01 08:00", duties=["weekly_board"])
    task = city.task("2020-09-18")
    city.wait("2020-09-04 10:00")
    for board in [row for row in city.items("board") if row.unit == "traffic"]:
        city.does("交通局联络员", "file", board.id, summary="按期")
    city.wait("2020-09-22 09:00")
    city.does("张三", "complete", task, result="完工")
    city.does("督查室", "accept", task)
    city.wait("2020-10-12 09:00")
    for interview in city.items("interview"):
        city.does("秘书长", "approve", interview.id)
    city.wait("2020-11-30 18:00")
    return city


def told(city: City) -> History:
    with city.office.store.read() as reader:
        return history_of(reader, "city")


def again(folder: Path, history: History, office: Office, until: datetime | None = None) -> Replayed:
    return replay(office, history, until or history.ends)


def world(office: Office, replayed: Replayed) -> World:
    with office.store.read() as reader:
        return world_of(office.book, reader, {number: key for key, number in replayed.keys.items()})


def test_the_same_book_lives_through_it_in_the_same_way(tmp_path: Path) -> None:
    city = lively(tmp_path / "first")
    assert city.items("interview"), "the story has an interview"
    history = told(city)
    office = found_for(history, city.office.book, f"sqlite:///{tmp_path / 'again.db'}")
    replayed = again(tmp_path, history, office, city.now)
    assert replayed.left == []
    assert replayed.done == len(history.happened) > 4
    second = City.__new__(City)
    second.office = office
    before, after = picture(city), picture(second)
    assert [row[1:] for row in before["items"]] == [row[1:] for row in after["items"]]
    for same in ("clocks", "firings", "notices"):
        assert before[same] == after[same], same


def test_history_holds_what_people_did_and_nothing_of_what_rules_did(tmp_path: Path) -> None:
    history = told(lively(tmp_path))
    assert {each.by for each in history.happened} <= {
        "supervisor",
        "secretary",
        "works.liaison",
        "traffic.liaison",
    }
    opened = next(each for each in history.happened if each.event == "open")
    assert opened.args["due"] == "2020-09-18"
    assert history.births[opened.item].by_person
    assert {birth.maker.partition(":")[0] for birth in history.births.values()} == {"person", "duty", "rule"}


def test_another_book_says_what_would_have_been_otherwise(tmp_path: Path) -> None:
    city = lively(tmp_path / "first")
    history = told(city)
    change = ("09:00, remind: [unit_head, unit_liaison], template: due_soon, light: yellow", RED)
    stricter = small_book(tmp_path / "stricter", [change])
    worlds = []
    for number, book in enumerate((city.office.book, stricter, stricter)):
        office = found_for(history, book, f"sqlite:///{tmp_path / f'{number}.db'}")
        worlds.append(world(office, again(tmp_path, history, office, city.now)))
    old, new, same = worlds
    assert list(compare(new, same)) == []
    differences: list[Difference] = list(compare(old, new))
    assert differences == [], "the task is late in both, and its light red in the end"
    fewer = {name: (was, now) for name, was, now in compare_counts(old.notices, new.notices)}
    assert fewer == {"due_reminder": (3, 2)}


def test_what_has_no_object_under_the_other_book_is_told_and_not_forced(tmp_path: Path) -> None:
    city = lively(tmp_path / "first")
    history = told(city)
    milder = small_book(tmp_path / "milder", [("unit.boards_missed >= 2", "unit.boards_missed >= 200")])
    office = found_for(history, milder, f"sqlite:///{tmp_path / 'again.db'}")
    left = again(tmp_path, history, office, city.now).left
    assert {each.fate for each in left} == {"no_object"}
    assert {each.happened.event for each in left} == {"approve"}
    assert all("never opens it" in each.en for each in left)


def test_it_ends_where_it_is_told_to_end(tmp_path: Path) -> None:
    city = lively(tmp_path / "first")
    history = told(city)
    office = found_for(history, city.office.book, f"sqlite:///{tmp_path / 'again.db'}")
    again(tmp_path, history, office, at("2020-09-10 09:00"))
    with office.store.read() as reader:
        assert datetime.fromisoformat(reader.head().last_ts) <= at("2020-09-10 09:00")
        assert all(row.opened_at <= at("2020-09-10 09:00") for row in reader.list_items())
