"""Absorption: on one occasion only the gravest rule speaks, whatever the order; the log says for whom."""

from pathlib import Path

import pytest

from tests.engine.city import City, small_book

RULE = """
  {id}:
    label: {{zh: {id}, en: {id}}}
    basis: 五
    for: {whom}
    when: {when}
    if: {condition}
    {more}
    then: {{remind: unit_head, template: late_units}}
"""
TEMPLATE = """
templates:
  late_units:
    subject: {zh: "{unit}", en: "{unit}"}
    body: {zh: "{because}", en: "{because}"}
measures:
  tasks_late:
    label: {zh: 逾期任务, en: Late tasks}
    for: unit
    clocks: due
    of: task
    on: overdue
    within: ever
rules:
"""
MONTHLY = {"whom": "bureaus", "when": "{every: month, on: first workday at 09:00}"}


def rules(*each: tuple[str, int, str], whom: str, when: str) -> str:
    return TEMPLATE + "".join(
        RULE.format(id=id, whom=whom, when=when, condition=f"unit.tasks_late >= {least}", more=more)
        for id, least, more in each
    )


def city_of(folder: Path, extra: str) -> City:
    city = City(folder / "city", "2020-09-01 08:00", small_book(folder, extra=extra))
    for due in ("2020-09-10", "2020-09-11", "2020-09-14"):
        city.task(due)
    return city


# By id the rule that yields comes before the one it yields to, or after it.
@pytest.fixture(params=[("a_warning", "b_criticism"), ("b_warning", "a_criticism")])
def names(request: pytest.FixtureRequest) -> tuple[str, str]:
    first, second = request.param
    return first, second


def test_by_month_the_graver_rule_speaks_alone(names: tuple[str, str], tmp_path: Path) -> None:
    mild, grave = names
    city = city_of(tmp_path, rules((mild, 1, f"yields_to: {grave}"), (grave, 3, ""), **MONTHLY))
    city.wait("2020-10-10 10:00")
    assert city.fired()[grave] == 1
    assert city.fired()[mild] == 0
    [spoke] = [each for each in city.records("rule.fire") if each["rule"] == grave]
    assert spoke["absorbs"] == [mild]
    assert city.verdict().ok
    city.close()


def test_where_the_graver_one_has_nothing_to_say_the_milder_one_speaks(
    names: tuple[str, str], tmp_path: Path
) -> None:
    mild, grave = names
    city = city_of(tmp_path, rules((mild, 1, f"yields_to: {grave}"), (grave, 4, ""), **MONTHLY))
    city.wait("2020-10-10 10:00")
    assert (city.fired()[mild], city.fired()[grave]) == (1, 0)
    city.close()


def test_after_an_outage_each_month_is_an_occasion_of_its_own(names: tuple[str, str], tmp_path: Path) -> None:
    mild, grave = names
    city = city_of(tmp_path, rules((mild, 1, f"yields_to: {grave}"), (grave, 3, ""), **MONTHLY))
    city.sleep("2020-12-02 10:00").turn()
    assert (city.fired()[mild], city.fired()[grave]) == (0, 3)
    city.close()


def test_on_listed_days_as_well(names: tuple[str, str], tmp_path: Path) -> None:
    mild, grave = names
    listed = {"whom": "bureaus", "when": '{dates: sittings, at: "09:00"}'}
    days = """
dates:
  sittings: {zh: 例会日, en: Sittings, days: ["2020-09-11", "2020-09-18"]}
"""
    city = city_of(tmp_path, days + rules((mild, 1, f"yields_to: {grave}"), (grave, 3, ""), **listed))
    city.wait("2020-09-11 10:00")
    assert (city.fired()[mild], city.fired()[grave]) == (1, 0)
    city.wait("2020-09-18 10:00")
    assert (city.fired()[mild], city.fired()[grave]) == (1, 1)
    city.close()


def test_who_yields_to_one_that_yields_is_silent_with_it(tmp_path: Path) -> None:
    chain = (("c", 1, "yields_to: b"), ("b", 2, "yields_to: a"), ("a", 3, ""))
    city = city_of(tmp_path, rules(*chain, **MONTHLY))
    city.wait("2020-10-10 10:00")
    assert [each for each in "abc" if city.fired()[each]] == ["a"]
    [spoke] = [each for each in city.records("rule.fire") if each["rule"] == "a"]
    assert spoke["absorbs"] == ["b", "c"]
    city.close()


def test_a_rule_on_trial_absorbs_nobody_who_is_in_earnest(names: tuple[str, str], tmp_path: Path) -> None:
    mild, grave = names
    city = city_of(tmp_path, rules((mild, 1, f"yields_to: {grave}"), (grave, 3, "mode: shadow"), **MONTHLY))
    city.wait("2020-10-10 10:00")
    assert (city.fired()[mild], city.fired()[grave]) == (1, 1)
    city.close()


def test_after_an_event_only_one_speaks(names: tuple[str, str], tmp_path: Path) -> None:
    mild, grave = names
    after = {"whom": "task", "when": "{event: report}"}
    city = city_of(tmp_path, rules((mild, 1, f"yields_to: {grave}"), (grave, 3, ""), **after))
    city.wait("2020-09-12 09:00").does("张三", "report", "RW-2020-0001", progress="10")
    assert (city.fired()[mild], city.fired()[grave]) == (1, 0)
    city.wait("2020-09-15 09:00").does("张三", "report", "RW-2020-0001", progress="20")
    assert (city.fired()[mild], city.fired()[grave]) == (1, 1)
    city.does("张三", "report", "RW-2020-0001", progress="30")
    assert (city.fired()[mild], city.fired()[grave]) == (1, 2)
    city.close()


def test_what_the_graver_one_does_does_not_wake_the_milder_one(
    names: tuple[str, str], tmp_path: Path
) -> None:
    """It sets the very field that its own condition asks for; on this occasion it has spoken all the same."""
    mild, grave = names
    extra = f"""
rules:
  {mild}:
    label: {{zh: 轻, en: Mild}}
    basis: 五
    for: task
    when: {{event: report}}
    yields_to: {grave}
    then: {{light: yellow}}
  {grave}:
    label: {{zh: 重, en: Grave}}
    basis: 五
    for: task
    when: {{event: report}}
    if: "!has(item.result)"
    then: {{light: red, set: {{result: 已通报}}}}
"""
    city = City(tmp_path / "city", "2020-09-01 08:00", small_book(tmp_path, extra=extra))
    task = city.task("2020-09-30")
    city.does("张三", "report", task, progress="10")
    assert (city.item(task).light, city.fired()[mild]) == ("red", 0)
    city.does("张三", "report", task, progress="20")
    assert (city.item(task).light, city.fired()[mild]) == ("yellow", 1)
    city.close()
