"""A ladder as a picture: its rungs one under the other on a line of time, with the due moment marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duban.diagrams.svg import circle, document, line, words
from duban.diagrams.text import wrap
from duban.views.explained_rules import Step, steps_of
from duban.views.phrases import Voice
from engine.book.compiled import CompiledRule
from rules.time.moment import parse_offset

WIDTH = 1000
MARGIN = 24
HEAD = 46
SIZE, LEADING = 14, 20
WHEN_WIDTH = 270
AXIS = MARGIN + WHEN_WIDTH + 24
WHAT = AXIS + 24
WHAT_WIDTH = WIDTH - WHAT - MARGIN
ROW_GAP = 14
FROM_START, IN_PERIOD, BEFORE, DUE, AFTER = range(5)
# Roughly, to put rungs in order that are written in different units.
MINUTES = {
    "%": 1,
    "minutes": 1,
    "hours": 60,
    "business minutes": 3,
    "business hours": 180,
    "days": 1440,
    "workdays": 2016,
    "weeks": 10_080,
    "months": 43_800,
    "years": 525_600,
}


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One row of the picture. `due`: it stands at the due moment or marks it."""

    when: Sequence[str]
    what: Sequence[str]
    due: bool = False
    mark: bool = False  # only the due moment, no rung

    @property
    def height(self) -> int:
        return LEADING * max(len(self.when), len(self.what), 1)


def draw_ladder(voice: Voice, rule: CompiledRule) -> str:
    """By time around the due moment, by count from the first time on."""
    title = voice.label(rule.spec.label)
    if not rule.ladder:
        steps = (_rung(voice, rule, step, due=False, named=False) for step in steps_of(voice, rule))
        return _drawn(title, [*steps], line_of_time=False)
    return _drawn(title, _around_due(voice, [rule], named=False), line_of_time=True)


def draw_clock(voice: Voice, clock: str) -> str:
    """All that hangs on one clock, of whichever rule."""
    rules = [rule for _, rule in sorted(voice.book.rules.items()) if rule.spec.when.clock == clock]
    rungs = _around_due(voice, rules, named=True)
    return _drawn(voice.label(voice.book.clocks[clock].spec.label), rungs, line_of_time=True)


def _around_due(voice: Voice, rules: Sequence[CompiledRule], *, named: bool) -> list[Rung]:
    """The rungs in order of time, with the due moment marked where none of them stands on it."""
    found = [
        (order_of(spec.at), _rung(voice, rule, step, due=order_of(spec.at)[0] == DUE, named=named))
        for rule in rules
        for step, spec in zip(steps_of(voice, rule), rule.spec.ladder, strict=True)
    ]
    if not any(rung.due for _, rung in found):
        found.append(((DUE, 0), Rung(when=[voice.pick("到期", "due")], what=[], due=True, mark=True)))
    return [rung for _, rung in sorted(found, key=lambda pair: pair[0])]


def order_of(written: str) -> tuple[int, int]:
    """From the start, before the due moment, at it, after it; and there by about how many minutes."""
    offset = parse_offset(written)
    if offset.day is not None:
        return IN_PERIOD, 0
    if offset.length is None:
        return (DUE if offset.anchor == "due" else FROM_START), 0
    minutes = offset.length.amount * MINUTES[offset.length.unit]
    if offset.side == "share" or offset.anchor == "start":
        return FROM_START, minutes
    return (BEFORE, -minutes) if offset.side == "before" else (AFTER, minutes)


def _rung(voice: Voice, rule: CompiledRule, step: Step, *, due: bool, named: bool) -> Rung:
    when = wrap(step.when, WHEN_WIDTH, SIZE)
    if step.more:
        when += wrap(voice.pick(f"（{step.more}）", f"({step.more})"), WHEN_WIDTH, SIZE)
    said = voice.pick("；", "; ").join(part for part in (step.told, step.done) if part)
    if named:
        label = voice.label(rule.spec.label)
        said = voice.pick(f"{label}：{said}", f"{label}: {said}")
    return Rung(when=when, what=wrap(said, WHAT_WIDTH, SIZE), due=due)


def _drawn(title: str, rungs: Sequence[Rung], *, line_of_time: bool) -> str:
    height = HEAD + sum(rung.height + ROW_GAP for rung in rungs) + MARGIN
    return document(WIDTH, height, title, _parts(title, rungs, height, line_of_time=line_of_time))


def _parts(title: str, rungs: Sequence[Rung], height: float, *, line_of_time: bool) -> Iterator[str]:
    yield words(title, MARGIN, MARGIN + 8, size=SIZE + 2, anchor="start", kind="title")
    if line_of_time:
        yield line(AXIS, HEAD - 4, AXIS, height - MARGIN + 6, "axis")
    y = float(HEAD)
    for rung in rungs:
        middle = y + LEADING / 2
        if rung.due:
            yield line(AXIS - 14, middle, WIDTH - MARGIN if rung.mark else AXIS + 14, middle, "due")
        if not rung.mark:
            yield circle(AXIS, middle, 5, "dot")
        kind = "duetext" if rung.due else ""
        yield from _column(rung.when, AXIS - 22, y, "end", kind)
        yield from _column(rung.what, WHAT, y, "start", "")
        y += rung.height + ROW_GAP


def _column(lines: Sequence[str], x: float, top: float, anchor: str, kind: str) -> Iterator[str]:
    for place, text in enumerate(lines):
        y = top + LEADING * place + LEADING / 2 + 5
        yield words(text, x, y, size=SIZE, anchor=anchor, kind=kind)
