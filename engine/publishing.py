"""A rule that publishes has spoken: the measures that it fixes are entered as they stand, for everybody."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from engine.alike import OFFICE
from engine.book.book import Book
from engine.book.compiled import CompiledMeasure
from engine.decide import Spoken
from engine.desk import Desk
from engine.facts import Subject
from engine.measures import Unreadable, measure
from engine.published import PUBLISHED, keep, place_of, published, write_value
from engine.questions import Asked
from engine.wake import period_named
from engine.words import say_period
from rules.time.period import Period
from store.rows import Entry, Plain


def publish(desk: Desk, spoken: Spoken, subject: Subject) -> None:
    """About the period that the rule, or the item of its event, is about."""
    fixed = _fixed_by(desk.book, spoken.rule.id)
    period = _period(subject)
    if not fixed or period is None or spoken.decision.shadow:
        return
    asked = Asked(whose=None, at=subject.as_of or desk.now, period=period)
    for found in fixed:
        if spoken.rule.occasion == "period" and published(desk, found, asked) is not None:
            continue  # it speaks to each of several, and has published with the first
        # A second publication is of the figures as they are by then.
        values = dict(
            _values(desk, replace(found, spec=found.spec.model_copy(update={"fixed_by": None})), asked)
        )
        desk.enter(_entry(desk.book, found, spoken, period, values))
        keep(desk, found.id, period, values)


@lru_cache(maxsize=4096)
def _fixed_by(book: Book, rule: str) -> tuple[CompiledMeasure, ...]:
    return tuple(each for each in book.measures.values() if each.spec.fixed_by == rule)


def _period(subject: Subject) -> Period | None:
    if subject.period is not None or subject.case is None:
        return subject.period
    row = subject.case.row
    return period_named(row.period, row.period_first, row.period_last)


def _values(desk: Desk, found: CompiledMeasure, asked: Asked) -> Iterator[tuple[str, str]]:
    book = desk.book
    everybody = {"unit": tuple(book.units), "owner": tuple(book.posts)}.get(found.spec.for_, (OFFICE,))
    for whose in everybody:
        try:
            value = measure(desk, found, replace(asked, whose=whose)).value
        except Unreadable:
            continue  # he has none, as in a ranking
        if value is not None:
            yield whose, write_value(value)


def _entry(
    book: Book, found: CompiledMeasure, spoken: Spoken, period: Period, values: dict[str, str]
) -> Entry:
    label, rule, plain = found.spec.label, spoken.rule.spec.label, dict[str, Plain](values)
    return Entry(
        act=PUBLISHED,
        actor={"id": f"rule:{spoken.rule.id}", "kind": "rule"},
        obj_type="measure",
        obj_id=place_of(found.id, period),
        why=f"{rule.zh}：{say_period(period, 'zh')}的{label.zh}已公布，此后更正不改变它（{len(values)}个）",
        sealed=_reads_sealed(book, found),
        more={
            "rule": spoken.rule.id,
            "period": period.id,
            "values": plain,
            "why_en": f"{rule.en}: {label.en} of {say_period(period, 'en')} is published; "
            f"no correction changes it ({len(values)})",
        },
    )


def _reads_sealed(book: Book, found: CompiledMeasure) -> bool:
    spec = found.spec
    if any(book.workflows[each].spec.sealed for each in spec.items or spec.of):
        return True
    names = (name.partition(".") for name in found.reads)
    return any(_reads_sealed(book, book.measures[id]) for _, _, id in names if id in book.measures)
