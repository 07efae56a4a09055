"""Why a rule has not spoken about an item or a unit: each ground that stood against it, with the values.

Asked again as of the occasion itself, on a desk that shows the office as it stood then. Nothing is written.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.absorption import concerns
from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.case import Case
from engine.decide import as_of, band_of, count, governs
from engine.desk import Desk
from engine.facts import Facts, Subject, gather
from engine.grounds import Ground, Grounds, Look, Said, Term, holds_for, subject_of, terms_of
from engine.measures import Unreadable
from engine.refused import REFUSED
from engine.rounds import Round, first_round, next_round
from engine.sets import is_new, is_of_periods, say_set, set_of
from engine.whynot_rungs import ask_ladder
from engine.words import say_period
from rules.shape import Label
from store.rows import EventRow, FiringRow, Plain

__all__ = ["Answer", "Ground", "Look", "Term", "why_not_item", "why_not_unit"]

GIVEN = ("args.", "event.", "change.")  # known only where an event is put


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`asked`: the moment whose grounds these are. `next_at`: its next occasion, where one is known."""

    rule: CompiledRule
    spoke: tuple[FiringRow, ...] = ()
    grounds: tuple[Ground, ...] = ()
    asked: datetime | None = None
    next_at: datetime | None = None
    period: str | None = None


def rules_about_item(book: Book, workflow: str) -> list[CompiledRule]:
    return [rule for _, rule in sorted(book.rules.items()) if workflow in rule.workflows]


def rules_about_unit(book: Book, unit: str) -> list[tuple[CompiledRule, str | None]]:
    """Rules for a group that it belongs to, or a post of it does: then with the post."""
    found: list[tuple[CompiledRule, str | None]] = []
    for _, rule in sorted(book.rules.items()):
        group = book.groups.get(rule.group or "")
        if group is None:
            continue
        if group.of == "units":
            found += [(rule, None)] if unit in group.members else []
        else:
            found += [(rule, post) for post in group.members if book.posts[post].unit == unit]
    return found


def why_not_item(look: Look, rule: CompiledRule, item: str, at: datetime, begins: datetime) -> Answer:
    """`begins`: since when the office exists."""
    grounds = Grounds(look=look, rule=rule, at=at)
    desk = grounds.desk
    case = desk.case(item)
    assert case is not None, "an item that was not open yet is not asked about"
    spoke = tuple(desk.tx.firings_of(f"item:{item}", rule.id))
    _held(grounds, f"item:{item}", sealed=case.row.sealed)
    if rule.occasion == "clock":
        next_at = ask_ladder(grounds, desk, case)
        return _answer(grounds, spoke, asked=at, next_at=next_at)
    if rule.occasion == "period":
        return _of_period(grounds, lambda then: subject_of(then.case(item)), spoke, begins)
    if rule.occasion == "before":
        return _of_guard(grounds, desk, case)
    return _of_event(grounds, desk, case, spoke)


def why_not_unit(
    look: Look, rule: CompiledRule, whose: tuple[str, str | None], at: datetime, begins: datetime
) -> Answer:
    """`whose`: unit and, of a rule for posts, the post."""
    grounds, subject = Grounds(look=look, rule=rule, at=at), Subject(unit=whose[0], owner=whose[1])
    spoke = tuple(grounds.desk.tx.firings_of(subject.name, rule.id))
    _held(grounds, subject.name, sealed=False)
    return _of_period(grounds, lambda _: subject, spoke, begins)


def _held(grounds: Grounds, subject: str, *, sealed: bool) -> None:
    """`sealed`: the subject, whose readers ask; else what would propose something sealed stays untold."""
    for each in grounds.desk.tx.holds_of(subject, grounds.rule.id):
        if each.is_open and each.at <= grounds.at and each.sealed <= sealed:
            since = grounds.moment(each.at)
            grounds.add(
                "held",
                f"自{since[0]}起暂扣（{each.seq}），待两人核定：`duban hold show {each.seq}`",
                f"held since {since[1]} ({each.seq}) until two persons decide: `duban hold show {each.seq}`",
            )


def _answer(
    grounds: Grounds,
    spoke: tuple[FiringRow, ...],
    *,
    asked: datetime | None = None,
    next_at: datetime | None = None,
    period: str | None = None,
) -> Answer:
    if spoke and spoke[-1].outcome == "shadow":
        zh, en = (
            "处于试行：只作了记录，没有发出或办理",
            "it is on trial: it was noted, nothing was sent or done",
        )
        grounds.add("shadow", zh, en)
    for record in _lost(grounds, spoke[-1:]):
        zh, en = record["refusal_zh"], record["refusal_en"]
        grounds.add(
            "refused",
            f"说了话，但所要的被拒绝：{zh}",
            f"it has spoken, but what it wanted was refused: {en}",
        )
    found = tuple(grounds.found)
    return Answer(rule=grounds.rule, spoke=spoke, grounds=found, asked=asked, next_at=next_at, period=period)


def _lost(grounds: Grounds, spoke: tuple[FiringRow, ...]) -> Iterator[dict[str, str]]:
    """What was wanted on these occasions and refused, the earliest first."""
    for firing in spoke:
        id = firing.subject.partition(":")[2] or "office"
        lines = grounds.desk.tx.list_audit(obj=id, act=REFUSED, actor=f"rule:{grounds.rule.id}")
        records = [json.loads(line.rec) for line in reversed(lines)]
        yield from (record for record in records if record.get("occasion") == firing.occasion)


# ---------------------------------------------------------------- an event, a change


def _of_event(grounds: Grounds, desk: Desk, case: Case, spoke: tuple[FiringRow, ...]) -> Answer:
    when = grounds.rule.spec.when
    if when.change:
        fields = desk.book.workflows[case.row.workflow].spec.fields
        labels = [Label(zh=fields[n].label.zh, en=fields[n].label.en) for n in when.change if n in fields]
        zh, en = _either(labels)
        if not spoke:
            grounds.add("wrong_occasion", f"只在{zh}变动之后说话", f"it speaks only after {en} has changed")
        return _answer(grounds, spoke)
    events = desk.tx.events_of([case.row.id]).get(case.row.id, [])
    last = next((each for each in reversed(events) if each.name in when.event), None)
    if last is None and "open" not in when.event:
        zh, en = _events(desk.book, case.row.workflow, when.event)
        grounds.add(
            "wrong_occasion",
            f"只在{zh}之后说话，还没有发生",
            f"it speaks only after {en}, which has not happened",
        )
        return _answer(grounds, spoke)
    at = last.learnt_at if last is not None else case.row.opened_at
    if not any(each.at == at for each in spoke):
        _judge_event(grounds, case.row.id, last, at)
    return _answer(grounds, spoke, asked=at)


def _judge_event(grounds: Grounds, item: str, event: EventRow | None, at: datetime) -> None:
    desk = grounds.look(at)
    case = desk.case(item)
    assert case is not None, "it was open when this happened to it"
    subject = Subject(
        case=case,
        unit=case.row.unit,
        owner=case.row.owner,
        event=event.name if event is not None else "open",
        by=event.by if event is not None else case.row.opened_by,
        args=_args(event) if event is not None else case.fields,
    )
    _judge(grounds, desk, subject)


def _args(event: EventRow) -> dict[str, Plain]:
    args = json.loads(event.args)
    assert isinstance(args, dict)
    return args


def _either(labels: list[Label]) -> Said:
    return "或".join(f"“{each.zh}”" for each in labels), " or ".join(f"“{each.en}”" for each in labels)


def _events(book: Book, workflow: str, names: tuple[str, ...]) -> Said:
    spec = book.workflows[workflow].spec
    own = {"open", *(each.event for each in spec.transitions)}
    names = tuple(name for name in names if name in own) or names  # a rule is for other workflows too
    labels = [
        Label(zh="立项", en="opening")
        if name == "open"
        else Label(zh=spec.label_of(name).zh, en=spec.label_of(name).en)
        for name in names
    ]
    return _either(labels)


# ---------------------------------------------------------------- a guard


def _of_guard(grounds: Grounds, desk: Desk, case: Case) -> Answer:
    before, condition = grounds.rule.spec.when.before, grounds.rule.condition
    events = desk.tx.events_of([case.row.id]).get(case.row.id, [])
    zh, en = _events(desk.book, case.row.workflow, before)
    refused = _refusals(desk, case, before)
    for at, why_zh, why_en in refused:
        when = grounds.moment(at)
        grounds.add("refused", f"{when[0]}拒绝过：{why_zh}", f"refused {when[1]}: {why_en}")
    passed = [each for each in events if each.name in before]
    if passed:
        when = grounds.moment(passed[-1].learnt_at)
        grounds.add("passed", f"{when[0]}放行了{zh}", f"it let {en} pass {when[1]}")
    elif not refused:
        grounds.add("wrong_occasion", f"只在有人要{zh}时核对", f"it speaks only when {en} is asked for")
    if condition is not None and not any(name.startswith(GIVEN) for name in condition.reads):
        subject = Subject(case=case, unit=case.row.unit, owner=case.row.owner)
        if not holds_for(desk, condition, subject):
            terms = terms_of(desk, condition, subject)
            zh, en = "现在条件不成立，它不作要求", "its condition does not hold now: it asks for nothing"
            grounds.add("condition", zh, en, terms)
    return _answer(grounds, (), asked=grounds.at)


def _refusals(desk: Desk, case: Case, before: tuple[str, ...]) -> list[tuple[datetime, str, str]]:
    """By guards, before one of these events, the earliest first."""
    records = (json.loads(line.rec) for line in desk.tx.list_audit(obj=case.row.id, act="item.refuse"))
    found = [each for each in records if each.get("code") == "guard" and each["event"] in before]
    return [
        (datetime.fromisoformat(each["ts"]), each.get("why_zh", each["why"]), each.get("why_en", each["why"]))
        for each in reversed(found)
    ]


# ---------------------------------------------------------------- a period


def _of_period(
    grounds: Grounds, subject_on: Callable[[Desk], Subject], spoke: tuple[FiringRow, ...], begins: datetime
) -> Answer:
    *passed, coming = _rounds(grounds.book, grounds.rule, begins, grounds.at)
    next_at = coming.at if coming is not None else None
    last = passed[-1] if passed else None
    if last is None:
        if next_at is not None:
            when = grounds.moment(next_at)
            grounds.add("wrong_occasion", f"第一次要到{when[0]}", f"its first occasion is {when[1]}")
        return _answer(grounds, spoke, next_at=next_at)
    period = last.about.id
    if not any(each.at == last.at or each.occasion == period for each in spoke):
        _judge_round(grounds, subject_on, last)
    return _answer(grounds, spoke, asked=last.at, next_at=next_at, period=period)


def _judge_round(grounds: Grounds, subject_on: Callable[[Desk], Subject], found: Round) -> None:
    desk = grounds.look(found.at)
    subject = subject_on(desk)
    if grounds.rule.subject == "item" and subject.case is None:
        zh, en = say_period(found.about, "zh"), say_period(found.about, "en")
        grounds.add("not_there", f"就{zh}评定时它不在办", f"it was not open when {en} was judged")
        return
    about = Subject(
        case=subject.case, unit=subject.unit, owner=subject.owner, period=found.about, as_of=found.at
    )
    _judge(grounds, desk, about, found.about.id)


def _rounds(book: Book, rule: CompiledRule, begins: datetime, at: datetime) -> Iterator[Round | None]:
    """Every round up to the moment, then the first one after it, or None when there is none."""
    found = first_round(book, rule, begins)
    while found is not None and found.at <= at:
        yield found
        found = next_round(book, rule, found.id)
    yield found


# ---------------------------------------------------------------- one occasion


def _judge(grounds: Grounds, desk: Desk, subject: Subject, occasion: str | None = None) -> None:
    """What the engine asked, in its order, and where it stopped."""
    if not governs(desk, grounds.rule, subject):
        grounds.add("not_in_force", *grounds.force())
        return
    try:
        seen = as_of(desk, grounds.rule, subject)
        facts = gather(desk, grounds.rule.reads, seen)
        if (
            _condition(grounds, desk, seen, facts)
            and _set(grounds, desk, seen)
            and _band(grounds, desk, seen, facts)
            and _yields(grounds, desk, subject, occasion)
        ):
            grounds.add("unexplained", *_unexplained(grounds))
    except Unreadable as error:
        grounds.add("unreadable", f"未能判断：{error}", f"it could not be judged: {error}")


def _unexplained(grounds: Grounds) -> tuple[str, str]:
    """What measures go by may have been otherwise then: they are asked with the states and fields of now."""
    counted = {name.partition(".")[2] for name in grounds.rule.reads} & grounds.book.measures.keys()
    if counted:
        return (
            "按现在的状态和字段看，它的条件当时成立；当时的状态和字段可能不同，所以没有说话",
            "by states and fields as they are now its condition held; they may have been otherwise then",
        )
    return "按日志所存它应当说话", "by what the log holds it should have spoken"


def _condition(grounds: Grounds, desk: Desk, subject: Subject, facts: Facts) -> bool:
    condition = grounds.rule.condition
    if condition is None or condition.evaluate(facts.values):
        return True
    terms = terms_of(desk, condition, subject, facts)
    grounds.add("condition", "条件不成立", "its condition does not hold", terms)
    return False


def _set(grounds: Grounds, desk: Desk, subject: Subject) -> bool:
    found = set_of(desk, grounds.rule, subject)
    if found is None or is_new(desk, grounds.rule, subject, found):
        return True
    if not found:
        grounds.add("no_cases", "没有可说的事项", "there is no item to speak about")
        return False
    if is_of_periods(desk, grounds.rule):
        shown = found
    else:
        rows = desk.tx.items_by_id(found)
        shown = tuple(id for id in found if id in rows and not rows[id].sealed)
    zh, en = say_set(desk, grounds.rule, shown, "zh"), say_set(desk, grounds.rule, shown, "en")
    grounds.add("same_cases", f"就这一组事项已经说过：{zh}", f"it has spoken about these before: {en}")
    return False


def _band(grounds: Grounds, desk: Desk, subject: Subject, facts: Facts) -> bool:
    counted = count(desk, grounds.rule, subject, facts)
    if counted is None or band_of(grounds.rule, counted) is not None:
        return True
    bands = ", ".join(each.nth for each in grounds.rule.spec.times)
    zh = f"这是第{counted.nth}次（{counted.label.zh}），规则只管第 {bands} 次"
    en = f"this is number {counted.nth} ({counted.label.en}), the rule provides for {bands}"
    grounds.add("no_band", zh, en)
    return False


def _yields(grounds: Grounds, desk: Desk, subject: Subject, occasion: str | None) -> bool:
    for other in desk.book.absorbers(grounds.rule.id):
        spoken = occasion is not None and desk.has_spoken(other.id, subject.name, occasion)
        at = any(each.at == desk.now for each in desk.tx.firings_of(subject.name, other.id))
        if concerns(desk, other, subject) and (spoken or at):
            label = other.spec.label
            zh, en = (
                f"“{label.zh}”在同一场合说了话，它让位",
                f"“{label.en}” spoke on the same occasion, it yields",
            )
            grounds.add("yields", zh, en)
            return False
    return True
