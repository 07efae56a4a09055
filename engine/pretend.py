"""Made-up people for a book that brings none along: a scenario thought out from its workflows.

For each state that is not the last somebody takes the nearest way to a good end, around the due date or
after some workdays; now and then another way. Matters come from outside at a steady rate. One seed, one year.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from random import Random

from engine.book.book import Book
from engine.invent import ANY
from engine.language import Act, Character, Happening, Open, Scenario, Values
from engine.roles import About, resolve
from rules.shape import Label
from rules.time.errors import TimeError
from rules.time.instant import local_day
from workflows.language import Transition, WorkflowSpec

CHARACTERS = {
    "punctual": Character(zh="守时", en="punctual"),
    "late": Character(zh="拖延", en="late", late=60, never=5, late_days=(1, 15), progress=70),
    "never": Character(zh="不办", en="never", late=20, never=70, late_days=(5, 30), progress=30),
}
DRAWN = ("punctual", "punctual", "punctual", "late", "late", "never")
TIMES = ("09:30", "10:20", "11:10", "14:40", "15:30", "16:20")
OTHER_WAYS = 12  # percent of the cases in which another way is tried
LONGEST = 8  # workdays until somebody acts
TAKEN = 60  # percent of what may be given that is given
VOLUME = 3  # openings of each workflow, for each unit and month
WORKDAYS = 21  # of a month, about
MADE_UP = Label(
    zh="人员和行为都是由程序按规则册虚构的，不代表任何真实情况",
    en="people and what they do are made up by the program from the book, and stand for nobody real",
)
HOLDER = Label(zh="{post}（虚构）", en="{post} (made up)")


def pretend(book: Book, seed: int, since: datetime, until: datetime, volume: int = VOLUME) -> Scenario:
    """`volume`: how often people open an item of each workflow, for each unit and month."""
    draw = Random(f"{seed}|people")
    owing = [*book.units, *(post for post, spec in book.posts.items() if spec.unit not in book.units)]
    return Scenario(
        label=Label(zh="按规则册虚构", en="made up from the book"),
        made_up=MADE_UP,
        seed=seed,
        holder=HOLDER,
        mailbox="{post}@made-up.example",
        characters=CHARACTERS,
        default="punctual",
        units={each: draw.choice(DRAWN) for each in owing},
        acts={id: tuple(_acts(book, id, Random(f"{seed}|acts|{id}"))) for id in book.workflows},
        happenings=tuple(sorted(_happenings(book, seed, (since, until), volume), key=lambda each: each.at)),
    )


# ---------------------------------------------------------------- what people do


def _acts(book: Book, workflow: str, draw: Random) -> Iterator[Act]:
    spec = book.workflows[workflow].spec
    far = _distances(spec)
    owed = any(not clock.spec.window for clock in book.clocks_of(workflow))
    for state, label in spec.states.items():
        if label.final:
            continue
        ways = [each for each in spec.transitions if state in each.from_ and _role(book, each) is not None]
        ahead = [each for each in ways if each.to not in (None, state)]
        ahead.sort(key=lambda each: far.get(each.to or "", len(far)))
        latest = LONGEST
        for at, each in enumerate(ahead):
            days = min(draw.randint(1, LONGEST), latest)
            latest = latest if at else days - 1  # another way is tried before the nearest one is taken
            timing = f"{'due or ' if owed and not at else ''}after {days} workdays"
            yield from _act(book, state, each, draw, share=OTHER_WAYS if at else 100, timing=timing)
        for each in ways:
            if each not in ahead:
                timing = f"every {draw.randint(10, 25)} days"
                yield _one(book, state, each, draw, timing=timing, share=100)


def _distances(spec: WorkflowSpec) -> Mapping[str, int]:
    """How many steps each state is from a good end, or from any where there is no good one."""
    ends = [id for id, state in spec.states.items() if state.final and state.success]
    far = dict.fromkeys(ends or [id for id, state in spec.states.items() if state.final], 0)
    for steps in range(1, len(spec.states)):
        for each in spec.transitions:
            if each.to in far and far[each.to] < steps:
                for state in each.from_:
                    far.setdefault(state, steps)
    return far


def _act(book: Book, state: str, way: Transition, draw: Random, *, share: int, timing: str) -> Iterator[Act]:
    """As often as there must be approvers: whoever has agreed already is refused, and another one comes; one
    of each side where sides have to agree."""
    for by in way.sides or (None,) * way.persons:
        act = _one(book, state, way, draw, timing=timing, share=share)
        yield act if by is None else act.model_copy(update={"by": by})


def _one(book: Book, state: str, way: Transition, draw: Random, *, timing: str, share: int) -> Act:
    role = _role(book, way)
    assert role is not None
    taken = [name for name in way.takes if draw.randrange(100) < TAKEN]
    return Act(
        state=state,
        event=way.event,
        by=role,
        timing=timing,
        at=draw.choice(TIMES),
        share=share,
        with_=dict.fromkeys((*way.needs, *taken), ANY),
    )


def _role(book: Book, way: Transition) -> str | None:
    """The first that a person of the office holds."""
    return next(_held(book, way.by), None)


def _held(book: Book, roles: Iterable[str]) -> Iterator[str]:
    return (role for role in roles if role in book.roles and not book.roles[role].external)


# ---------------------------------------------------------------- what comes from outside


def _happenings(
    book: Book, seed: int, between: tuple[datetime, datetime], volume: int
) -> Iterator[Happening]:
    units: list[str | None] = [*_owing(book)] or [None]
    for workflow in book.workflows:
        number = 0
        for unit in units:
            draw = Random(f"{seed}|happenings|{workflow}|{unit}")
            openers = _openers(book, workflow, unit)
            for day in _days(book, draw, between, volume) if openers else ():
                number += 1
                opening = _opening(book, workflow, f"{workflow}_{number}"[-60:], (unit, openers), draw)
                yield Happening(at=f"{day} {draw.choice(TIMES)}", open=opening)


def _openers(book: Book, workflow: str, unit: str | None) -> tuple[str, ...]:
    """The posts that may open one about this unit."""
    roles = _held(book, book.workflows[workflow].spec.opened_by)
    return tuple(dict.fromkeys(post for role in roles for post in resolve(book, role, About(unit=unit))))


def _days(book: Book, draw: Random, between: tuple[datetime, datetime], volume: int) -> Iterator[str]:
    """Workdays, some apart, so that there are about `volume` a month."""
    calendar, (since, until) = book.calendar, (local_day(each, book.zone) for each in between)
    day, step = since, 2 * WORKDAYS
    while True:
        # As long between two as the other way round on the average; several may fall on one day.
        apart = draw.randint(0, step) // volume
        try:
            day = calendar.add_workdays(day, apart).day if apart else calendar.roll(day, "forward").day
        except TimeError:
            return
        if day >= until:
            return
        yield day.isoformat()


def _opening(
    book: Book, workflow: str, name: str, about: tuple[str | None, tuple[str, ...]], draw: Random
) -> Open:
    spec, (unit, openers) = book.workflows[workflow].spec, about
    return Open(
        name=name,
        workflow=workflow,
        title=f"{spec.label.zh if book.info.language == 'zh' else spec.label.en} {name}",
        unit=unit,
        owner=_owner(book, unit, draw),
        by=draw.choice(openers),
        with_=_given(book, workflow, draw),
    )


def _owing(book: Book) -> Iterator[str]:
    """The units that groups name, or else all."""
    grouped = {unit for group in book.groups.values() if group.of == "units" for unit in group.members}
    return (unit for unit in book.units if not grouped or unit in grouped)


def _owner(book: Book, unit: str | None, draw: Random) -> str | None:
    """A post of the unit, where roles ask who owes an item."""
    if unit is None or all(role.is_ != "item.owner" for role in book.roles.values()):
        return None
    return draw.choice([post for post, spec in book.posts.items() if spec.unit == unit])


def _given(book: Book, workflow: str, draw: Random) -> Values:
    """What must be given, and some of the rest; a class is calculated and never given."""
    spec = book.workflows[workflow].spec
    graded = {each.spec.field for each in book.classes_of(workflow)}
    free = (name for name in spec.fields if name not in spec.needs and name not in graded)
    more = [name for name in free if draw.randrange(100) < TAKEN]
    return dict.fromkeys((*spec.needs, *more), ANY)
