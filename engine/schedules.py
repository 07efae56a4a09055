"""Duties and periodic rules: what is opened or evaluated once a period.

The next moment is computed from the period that was handled, never from the clock, so an outage
shifts nothing and skips nothing.
"""

from datetime import datetime

from engine.absorption import RULES
from engine.book.book import Book
from engine.book.compiled import CompiledDuty, CompiledRule
from engine.carry import carry_out
from engine.case import Case
from engine.clocks import Owed
from engine.decide import decide_occasion
from engine.desk import Desk
from engine.facts import Subject
from engine.measures import Unreadable
from engine.react import react
from engine.refused import Wanted, tell_refused
from engine.roles import RULE, About, find_post
from engine.rounds import Round, first_round, next_round, round_of
from engine.step import Actor, Opened, Queue, open_item
from engine.wake import in_force, opens_at, owed_at
from engine.words import fill, last_day_of, say_period
from rules.shape import Label
from rules.time.duration import Due
from rules.time.listed import rolling_to
from rules.time.period import Period, once, parse_period
from store.rows import Entry, ItemRow, Plain, ScheduleRow

DUTY = "duty"


def first_schedules(
    book: Book, begins: datetime, duties: frozenset[str] | None = None
) -> tuple[ScheduleRow, ...]:
    """One row for every duty (or those named) and every periodic rule of the book.

    What was due before the office begins is not owed to it: nobody could have handed it in here.
    """
    owed = [duty for id, duty in book.duties.items() if duties is None or id in duties]
    return (
        *(duty_row(book, duty, _first_owed(book, duty, begins)) for duty in owed),
        *(rule_row(rule, first_round(book, rule, begins)) for rule in book.periodic_rules),
    )


def _first_owed(book: Book, duty: CompiledDuty, begins: datetime) -> Period | None:
    dues = ((period, due_for(book, duty, period).due) for period in duty.periods())
    return next((period for period, due in dues if due > begins), None)


def due_for(book: Book, duty: CompiledDuty, period: Period) -> Due:
    """Its day rolled off a day of rest, or on to the next of some named dates."""
    calendar = book.calendar_of(duty.spec.calendar)
    if duty.spec.roll_to is None:
        return duty.due.moment(period, calendar, duty.spec.roll)
    return duty.due.moment(period, rolling_to(calendar, book.dates[duty.spec.roll_to].days), "forward")


def duty_row(book: Book, duty: CompiledDuty, period: Period | None) -> ScheduleRow:
    if period is None or period.first > duty.last:
        return ScheduleRow(id=f"{DUTY}:{duty.id}", next_at=None, period=None, period_first=None)
    at = opens_at(book, duty, period)
    return ScheduleRow(id=f"{DUTY}:{duty.id}", next_at=at, period=period.id, period_first=period.first)


def rule_row(rule: CompiledRule, found: Round | None) -> ScheduleRow:
    """Its period is the one in which the rule is evaluated; what it is about may be the one before."""
    id = f"{RULES}:{rule.id}"
    if found is None:
        return ScheduleRow(id=id, next_at=None, period=None, period_first=None)
    return ScheduleRow(id=id, next_at=found.at, period=found.id, period_first=found.first)


def handle(desk: Desk, row: ScheduleRow) -> None:
    """Do what the schedule says for its period, and set the next one."""
    kind, _, id = row.id.partition(":")
    if row.period is None or row.next_at is None:
        raise ValueError(f"schedule {row.id} does not say for which period; restore it from a backup")
    if kind == DUTY:
        duty = desk.book.duties[id]
        period = _period_of(duty, row.period)
        if in_force(desk.book, duty.force, row.next_at):
            _open_duty(desk, duty, period, row.next_at)
        desk.schedules.append(duty_row(desk.book, duty, _next_of(duty, period)))
    else:
        rule = desk.book.rules[id]
        _evaluate(desk, rule, round_of(desk.book, rule, row.period).about, row.next_at)
        desk.schedules.append(rule_row(rule, next_round(desk.book, rule, row.period)))


def _period_of(duty: CompiledDuty, id: str) -> Period:
    return once(duty.first, duty.last) if isinstance(duty.every, str) else parse_period(id)


def _next_of(duty: CompiledDuty, period: Period) -> Period | None:
    return None if isinstance(duty.every, str) else period.next()


def _open_duty(desk: Desk, duty: CompiledDuty, period: Period, since: datetime) -> None:
    queue: Queue = Queue()
    owed = Owed(since=since, due=due_for(desk.book, duty, period))
    desk.enter(_duty_entry(duty, period))
    desk.reserve(desk.book.workflows[duty.spec.opens].spec.prefix, len(duty.owers))
    for ower in duty.owers:
        opened = open_item(desk, queue, _owed(desk, duty, period, ower, owed))
        if not isinstance(opened, Case):
            tell_refused(desk, _wanted(desk.book, duty, ower), opened)
    react(desk, queue)


def _wanted(book: Book, duty: CompiledDuty, ower: str) -> Wanted:
    spec = book.workflows[duty.spec.opens].spec
    return Wanted(
        by=f"duty:{duty.id}",
        label=duty.spec.label,
        subject=f"{'unit' if duty.of == 'units' else 'post'}:{ower}",
        what=Label(zh=f"立项“{spec.label.zh}”", en=f"to open “{spec.label.en}”"),
        sealed=spec.sealed,
        more={"workflow": duty.spec.opens},
    )


def _owed(desk: Desk, duty: CompiledDuty, period: Period, ower: str, owed: Owed) -> Opened:
    book, language = desk.book, desk.book.info.language
    unit, owner = (ower, None) if duty.of == "units" else (book.posts[ower].unit, ower)
    if duty.spec.owner is not None:
        owner = find_post(book, duty.spec.owner, About(unit=unit, owner=owner))
    words = {"unit": unit, "owner": owner, "period": say_period(period, language)}
    fields: dict[str, Plain] = {key: _plain(value) for key, value in duty.spec.with_.items()}
    spec = book.workflows[duty.spec.opens].spec
    if "due" in spec.fields:
        due = owed.due.due
        fields["due"] = last_day_of(book, due) if spec.fields["due"].type == "date" else due.isoformat()
    return Opened(
        workflow=duty.spec.opens,
        title=fill(book, duty.spec.title, words, language),
        actor=Actor(id=f"duty:{duty.id}", kind="rule", roles=RULE),
        unit=unit,
        owner=owner,
        fields=fields,
        duty=duty.id,
        period=period,
        owed=owed,
        why=f"{duty.spec.label.zh}（{duty.spec.basis}）：{say_period(period, 'zh')}",
        why_en=f"{duty.spec.label.en} ({duty.spec.basis}) {say_period(period, 'en')}",
    )


def _plain(value: object) -> Plain:
    return value if isinstance(value, bool | int | str) else str(value)


def _duty_entry(duty: CompiledDuty, period: Period) -> Entry:
    return Entry(
        act="duty.open",
        actor={"id": f"duty:{duty.id}", "kind": "rule"},
        obj_type="duty",
        obj_id=duty.id,
        why=f"{duty.spec.label.zh}（{duty.spec.basis}）：{say_period(period, 'zh')}，{len(duty.owers)}件",
        more={
            "period": period.id,
            "idem": f"duty:{duty.id}|{period.id}",
            "owers": len(duty.owers),
            "why_en": f"{duty.spec.label.en} ({duty.spec.basis}) {period.id}: {len(duty.owers)}",
        },
    )


def _evaluate(desk: Desk, rule: CompiledRule, about: Period, at: datetime) -> None:
    """Each subject on its own; the world is read again after every decision.

    Windows end at the moment that was due: evaluated late, a month is not counted into another year.
    """
    for unit, owner in _subjects(desk.book, rule):
        _judge(desk, rule, Subject(unit=unit, owner=owner, period=about, as_of=at), about)
    for row in desk.open_items(rule.workflows):
        case = desk.case(row.id)
        assert case is not None
        if case.row.closed_at is not None or _is_younger(desk, case.row, at):
            continue  # closed by what was decided about one before it
        subject = Subject(case=case, unit=row.unit, owner=row.owner, period=about, as_of=at)
        _judge(desk, rule, subject, about)


def _is_younger(desk: Desk, row: ItemRow, at: datetime) -> bool:
    """Opened after that moment; what rules have opened in this turn was wanted before, as all is in order."""
    in_turn = row.rule is not None and row.opened_at == desk.now
    return not in_turn and owed_at(desk.book, row) > at


def _judge(desk: Desk, rule: CompiledRule, subject: Subject, about: Period) -> None:
    queue: Queue = Queue()
    try:
        spoken = decide_occasion(desk, rule, subject, about.id)
    except Unreadable as error:  # the others are judged; this one waits for a person who mends the item
        desk.enter(_unjudged(rule, subject, about, error))
        return
    if spoken is not None:
        carry_out(desk, queue, spoken, subject, 0)
        react(desk, queue)


def _unjudged(rule: CompiledRule, subject: Subject, about: Period, error: Unreadable) -> Entry:
    kind, _, id = subject.name.partition(":")
    label = rule.spec.label
    return Entry(
        act="rule.unjudged",
        actor={"id": f"rule:{rule.id}", "kind": "rule"},
        obj_type=kind,
        obj_id=id or kind,
        ok=False,
        why=f"“{label.zh}”未能判断（{say_period(about, 'zh')}）：{error}",
        sealed=subject.case is not None and subject.case.row.sealed,
        more={
            "rule": rule.id,
            "period": about.id,
            "why_en": f"{label.en} not judged for {about.id}: {error}",
        },
    )


def _subjects(book: Book, rule: CompiledRule) -> tuple[tuple[str | None, str | None], ...]:
    if rule.subject == "office":
        return ((None, None),)
    if rule.group is None:
        return ()
    group = book.groups[rule.group]
    if group.of == "units":
        return tuple((member, None) for member in group.members)
    return tuple((book.posts[member].unit, member) for member in group.members)
