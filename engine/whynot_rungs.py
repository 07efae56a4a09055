"""Why a ladder by time is silent: its clock never began, stands still or is over, a rung is not reached."""

from datetime import datetime

from engine.book.compiled import CompiledClock
from engine.case import Case, Running
from engine.clock_words import cause_of
from engine.desk import Desk
from engine.facts import Subject
from engine.grounds import Grounds, Said, holds_for, terms_of
from engine.starts import budget_of, holds
from engine.wake import EVER, NEVER, ladder_of, rungs_to_come, speaks
from engine.words import say_offset
from rules.decide import Series


def ask_ladder(grounds: Grounds, desk: Desk, case: Case) -> datetime | None:
    """Enters the grounds; gives the next moment at which a rung will be reached."""
    name = grounds.rule.spec.when.clock or ""
    spec = desk.book.clocks[name]
    if case.row.workflow not in spec.spec.of:
        zh, en = spec.spec.label.zh, spec.spec.label.en
        grounds.add("no_clock", f"这类事项没有“{zh}”", f"such an item has no “{en}”")
        return None
    running = case.clocks.get(name)
    if running is None or (running.unlimited and running.state().never_limited):
        _never_began(grounds, desk, case, spec)
        return None
    _stopped(grounds, desk, spec, running)
    _rungs(grounds, desk, case, running)
    if not speaks(desk.book, case, running):
        return None
    coming = rungs_to_come(desk.book, grounds.rule, case, running, grounds.at)
    return min((each.at for each in coming if each.at != NEVER), default=None)


def _never_began(grounds: Grounds, desk: Desk, case: Case, spec: CompiledClock) -> None:
    label = spec.spec.label
    zh, en = f"“{label.zh}”没有起算", f"“{label.en}” has not begun"
    if spec.condition is not None and not holds(desk, case, spec.condition):
        terms = terms_of(desk, spec.condition, _whatever(case))
        grounds.add("clock_if", f"{zh}：起算的条件不成立", f"{en}: its condition does not hold", terms)
    elif spec.budgets and budget_of(desk, spec, case) is None:
        grounds.add("no_budget", f"{zh}：没有一种情形的时限适用", f"{en}: none of its cases applies")
    elif spec.spec.due is not None and not case.fields.get(spec.spec.due):
        field = desk.book.workflows[case.row.workflow].spec.fields.get(spec.spec.due)
        named = (field.label.zh, field.label.en) if field is not None else (spec.spec.due, spec.spec.due)
        grounds.add("no_date", f"{zh}：没有填写“{named[0]}”", f"{en}: “{named[1]}” is not given")
    else:
        grounds.add("not_begun", f"{zh}：使它起算的事还没有发生", f"{en}: what starts it has not happened")


def _whatever(case: Case) -> Subject:
    """The item, also a closed one."""
    return Subject(case=case, unit=case.row.unit, owner=case.row.owner)


def _stopped(grounds: Grounds, desk: Desk, spec: CompiledClock, running: Running) -> None:
    row, state, label = running.row, running.state(), spec.spec.label
    if row.outcome == "paused":
        zh, en = (
            ("、" if language == "zh" else ", ").join(
                cause_of(desk.book, spec, hold.cause, language) for hold in state.holds
            )
            for language in ("zh", "en")
        )
        since = grounds.moment(state.paused_at or row.started_at)
        grounds.add(
            "paused",
            f"“{label.zh}”自{since[0]}起中止（{zh}），其间不说话",
            f"“{label.en}” stands still since {since[1]} ({en}) and says nothing meanwhile",
        )
    elif row.started_at > grounds.at and row.missed_at is None:
        begins = grounds.moment(row.started_at)
        grounds.add("not_begun", f"“{label.zh}”到{begins[0]}才起算", f"“{label.en}” begins {begins[1]}")
    elif not running.live and row.outcome != "lapsed" and row.ended_at is not None:
        ended = grounds.moment(row.ended_at)
        how = ("取消", "was cancelled") if row.outcome == "cancelled" else ("结束", "ended")
        grounds.add("ended", f"“{label.zh}”已于{ended[0]}{how[0]}", f"“{label.en}” {how[1]} {ended[1]}")


# ---------------------------------------------------------------- rungs


def _rungs(grounds: Grounds, desk: Desk, case: Case, running: Running) -> None:
    """Each rung that has not spoken for this due moment, from the lowest."""
    spoken, said = running.last_spoken(grounds.rule.id), _said(grounds, desk, running)
    moments = ladder_of(desk.book, grounds.rule, case, running)
    until = _last_moment(grounds, running)
    if not moments:
        grounds.add("not_in_force", *grounds.force())
    for position, rung in enumerate(moments):
        if position == spoken.rung or position in said:
            continue
        at = rung.at(0) if isinstance(rung, Series) else rung
        named = _named(grounds, position)
        if position < spoken.rung:
            _overtaken(grounds, named, at)
        elif at == NEVER:
            zh, en = grounds.force()
            grounds.add("not_in_force", f"{named[0]}：{zh}", f"{named[1]}: {en}")
        elif at > until:
            _to_come(grounds, named, at, running)
        elif at < running.heard_from:
            _before_start(grounds, named, at, running)
        else:
            _conditions(grounds, until, running, position)


def _last_moment(grounds: Grounds, running: Running) -> datetime:
    """Until when it could speak: what has ended says nothing more, but for a window that has lapsed."""
    ended = running.row.ended_at if running.row.outcome != "lapsed" else None
    return min(ended or grounds.at, grounds.at)


def _said(grounds: Grounds, desk: Desk, running: Running) -> set[int]:
    """The rungs that have spoken for this due moment or were held, as firings and holds name them."""
    begins = f"{running.row.clock}|{running.row.due_at.isoformat()}|"
    about = (f"item:{running.row.item}", grounds.rule.id)
    names = [each.occasion for each in desk.tx.firings_of(*about)]
    names += [each.occasion for each in desk.tx.holds_of(*about)]
    rests = (name.removeprefix(begins) for name in names if name.startswith(begins))
    return {int(rest.partition("|")[0]) for rest in rests}


def _named(grounds: Grounds, position: int) -> Said:
    zh, en = (say_offset(grounds.rule.ladder[position].offset, each) for each in ("zh", "en"))
    return f"“{zh}”这一级", f"the rung “{en}”"


def _overtaken(grounds: Grounds, named: Said, at: datetime) -> None:
    when = grounds.moment(at)
    zh, en = (
        f"{named[0]}（{when[0]}）没有说：更高一级已说过",
        f"{named[1]} ({when[1]}): a higher one has spoken",
    )
    grounds.add("overtaken", zh, en)


def _to_come(grounds: Grounds, named: Said, at: datetime, running: Running) -> None:
    when = grounds.moment(at)
    if running.row.ended_at is not None and running.row.outcome != "lapsed":
        zh, en = (
            f"{named[0]}：要到{when[0]}，那时已经结束",
            f"{named[1]}: only {when[1]}, it had ended by then",
        )
    else:
        zh, en = f"{named[0]}还没到：{when[0]}", f"{named[1]} is not reached yet: {when[1]}"
    grounds.add("not_reached", zh, en)


def _before_start(grounds: Grounds, named: Said, at: datetime, running: Running) -> None:
    since = grounds.moment(running.heard_from)
    when = grounds.moment(at) if at != EVER else ("早于日历", "before the calendar")
    zh = f"{named[0]}（{when[0]}）早于起算（{since[0]}），不补说"
    en = f"{named[1]} ({when[1]}) lies before the start ({since[1]})"
    grounds.add("before_start", zh, en)


def _conditions(grounds: Grounds, at: datetime, running: Running, position: int) -> None:
    """As of the last moment at which it could have spoken."""
    named, rule, desk = _named(grounds, position), grounds.rule, grounds.look(at)
    case = desk.case(running.row.item)
    assert case is not None, "it was open when the rung was reached"
    subject = _whatever(case)
    failed = [
        condition
        for condition in (rule.condition, rule.ladder[position].condition)
        if condition is not None and not holds_for(desk, condition, subject)
    ]
    for condition in failed:
        terms = terms_of(desk, condition, subject)
        zh, en = f"{named[0]}已到，条件不成立", f"{named[1]} was reached, its condition does not hold"
        grounds.add("condition", zh, en, terms)
    if not failed:
        _not_taken(grounds, named, running)


def _not_taken(grounds: Grounds, named: Said, running: Running) -> None:
    """Reached, and nothing stood against it: still to be handled, or never, where the clock ended first."""
    ended = running.row.ended_at if running.row.outcome != "lapsed" else None
    if ended is not None and ended <= grounds.at:
        when = grounds.moment(ended)
        zh = f"{named[0]}已到，但还没有处理到，时限就已于{when[0]}结束，不再说"
        en = f"{named[1]} was reached, but the clock ended {when[1]} before it was handled: too late to say"
        grounds.add("ended_first", zh, en)
        return
    zh, en = f"{named[0]}已到，引擎还没有处理到", f"{named[1]} was reached and is still to be handled"
    grounds.add("waiting", zh, en)
