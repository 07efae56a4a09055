"""A matter with every kind of clock, laid beside the book of the small city."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.book.book import Book
from tests.engine.city import City, small_book

MATTER = """
workflows:
  matter:
    label: {zh: 事务, en: Matter}
    prefix: SW
    opened_by: [supervisor]
    initial: open
    fields:
      kind:
        type: text
        label: {zh: 类别, en: kind}
        one_of: {plain: {zh: 一般, en: plain}, urgent: {zh: 紧急, en: urgent}, endless: {zh: 不限, en: none}}
        default: plain
      agreed: {type: duration, label: {zh: 约定, en: agreed}}
      asked_on: {type: date, label: {zh: 询问日, en: asked on}}
      told_on: {type: date, label: {zh: 答复日, en: told on}}
      served_on: {type: date, label: {zh: 送达日, en: served on}}
      more: {type: duration, label: {zh: 延长, en: more}}
    states:
      open: {zh: 办理, en: open}
      waiting: {zh: 等待, en: waiting}
      answered: {zh: 已答复, en: answered}
      closed: {zh: 办结, en: closed, final: true}
    transitions:
      - {event: wait, from: open, to: waiting, by: unit_liaison, takes: [asked_on]}
      - {event: go_on, from: waiting, to: open, by: unit_liaison, takes: [told_on]}
      - {event: hear, from: [open, waiting], by: supervisor}
      - {event: heard, from: [open, waiting], by: supervisor}
      - {event: classify, from: [open, waiting], by: supervisor, takes: [kind, agreed]}
      - {event: extend, from: [open, waiting], by: supervisor, needs: [more]}
      - {event: answer, from: [open, waiting], to: answered, by: unit_liaison}
      - {event: return, from: answered, to: open, by: supervisor}
      - {event: serve, from: answered, by: supervisor, takes: [served_on]}
      - {event: object, from: answered, by: unit_head}
      - {event: close, from: answered, to: closed, by: [supervisor, rule]}

clocks:
  answer:
    label: {zh: 答复时限, en: Time to answer}
    of: matter
    starts: {opened: true}
    budget:
      - {if: 'item.kind == "urgent"', is: 2 workdays}
      - {if: 'item.kind == "plain"', is: 10 workdays}
      - {is: "=item.agreed"}
    pauses:
      waiting:
        label: {zh: 等待当事人, en: waiting for the party}
        states: waiting
        since: asked_on
        back: told_on
        limit: 10 days
        times: 2
      hearing: {label: {zh: 听证, en: hearing}, from: hear, until: heard}
    extensions: {times: 2, total: 5 workdays}
    stops: [answered, closed]
    resumes: return
  grace:
    label: {zh: 宽限, en: Grace}
    of: matter
    starts: {clock: {of: answer, on: missed}}
    budget: 3 days
    stops: [answered, closed]
  later:
    label: {zh: 后续, en: Afterwards}
    of: matter
    starts: {clock: {of: answer, on: due}}
    budget: 24 hours
    stops: [closed]
  filing:
    label: {zh: 归档, en: Filing}
    of: matter
    starts: {event: answer, after: 2 workdays, latest: 30 days}
    budget: 5 days
    stops: [closed]
  objection:
    window: true
    label: {zh: 异议期, en: the time to object}
    basis: 五
    of: matter
    starts: {event: serve, on: served_on}
    budget: 7 days
    admits: object
    stops: []

rules:
  remind_answer:
    label: {zh: 答复提醒, en: Reminder to answer}
    basis: 五
    for: matter
    when: {clock: answer}
    then: {remind: unit_liaison, template: due_soon}
    ladder:
      - {at: 2 workdays before at 09:00}
      - {at: 1 workday after at 09:00, light: red}
  nobody_objects:
    label: {zh: 无异议, en: Nobody objects}
    basis: 五
    for: matter
    when: {clock: objection}
    then: {template: due_soon}
    ladder:
      - {at: at due, remind: unit_head}
      - {at: 1 day after at 09:00, remind: unit_liaison}
  more_time:
    label: {zh: 延期, en: More time}
    basis: 五
    for: matter
    when: {event: extend}
    then: {extend: {clock: answer, by: =item.more}, remind: unit_head, template: due_soon}
"""


@cache
def matter_book() -> Book:
    with TemporaryDirectory() as folder:
        return small_book(Path(folder), extra=MATTER)


def matter_city(folder: Path, begins: str = "2020-10-12 09:00", book: Book | None = None) -> City:
    return City(folder, begins, book or matter_book())


def open_matter(city: City, **fields: Any) -> str:
    return city.opens("督查室", "matter", **fields)
