"""What a story expects at a moment, held against what is there. Each difference is one sentence."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.book.book import Book
from engine.facts_told import differences
from engine.language import (
    Expect,
    ExpectClock,
    ExpectDocuments,
    ExpectItems,
    ExpectNotices,
    ExpectPossible,
    ExpectRules,
    Quiet,
)
from engine.office import Office
from engine.permitted import permitted
from engine.picks import find_items, find_one, plain_values, same_value
from engine.story_time import LOCAL
from engine.words import PLACEHOLDER
from rules.shape import Label
from rules.time.clock_state import from_plain
from store.read import Reader
from store.rows import AuditLine, ClockRow, DocumentRow, ItemRow, NoticeRow

DECIDED = ("rule.fire", "rule.shadow")
SHOWN = 4  # of what was found instead, as many as help to see the slip


@dataclass(kw_only=True)
class Scene:
    """A story at its present moment. `names`: numbers of items by the names the story gave them."""

    office: Office
    now: datetime
    names: dict[str, str] = field(default_factory=dict)
    told: int = 0  # entries of the log up to the end of the step before

    @property
    def book(self) -> Book:
        return self.office.book

    def local(self, at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(self.book.zone).strftime(LOCAL)

    def number(self, name: str | None) -> str | None:
        return None if name is None else self.names.get(name, name)


@dataclass(frozen=True, kw_only=True)
class Word:
    """One decision of a rule, as the log tells it."""

    rule: str
    about: str  # "item:…", "unit:…", "post:…", "office:…"
    at: datetime
    shadow: bool
    because: str  # in both languages

    @classmethod
    def of(cls, line: AuditLine) -> "Word":
        record = json.loads(line.rec)
        said = (record.get(key) for key in ("why", "why_zh", "why_en"))
        return cls(
            rule=record["rule"],
            about=f"{line.obj_type}:{line.obj_id}",
            at=datetime.fromisoformat(line.ts),
            shadow=line.act == "rule.shadow",
            because="\n".join(each for each in said if each),
        )


def words_since(reader: Reader, entry: int) -> tuple[Word, ...]:
    return tuple(Word.of(line) for line in reader.list_since(entry, DECIDED))


def unmet(scene: Scene, expect: Expect) -> Iterator[str]:
    """Raises PickError where an item is meant that is not there."""
    with scene.office.store.read() as reader:
        for items in expect.items:
            yield from _items(scene, reader, items)
        for clock in expect.clocks:
            yield from _clock(scene, reader, clock)
        for notices in expect.notices:
            yield from _notices(scene, reader, notices)
        for documents in expect.documents:
            yield from _documents(scene, reader, documents)
        shadows = (ExpectRules(rule=rule, shadow=True) for rule in expect.shadow)
        for rules in (*expect.rules, *shadows):
            yield from _rules(scene, reader, rules)
        for quiet in expect.quiet:
            if quiet.until is None:
                yield from loud(scene, words_since(reader, scene.told), quiet)
    for possible in expect.possible:
        yield from _possible(scene, possible)
    if expect.facts:
        yield from differences(scene.office, scene.now, expect.facts, scene.names)


def loud(scene: Scene, words: Iterable[Word], quiet: Quiet) -> Iterator[str]:
    """What was said of these where nothing should have been."""
    item = scene.number(quiet.item)
    found = [
        each
        for each in words
        if (not quiet.rule or each.rule in quiet.rule) and (item is None or each.about == f"item:{item}")
    ]
    if found:
        said = "; ".join(_say(scene, each) for each in found[:SHOWN])
        yield f"it should be quiet, but rules spoke {len(found)} times: {said}"


def _say(scene: Scene, word: Word) -> str:
    return f"{word.rule} about {word.about} at {scene.local(word.at)}"


# ---------------------------------------------------------------- items and clocks


def _items(scene: Scene, reader: Reader, expect: ExpectItems) -> Iterator[str]:
    found = find_items(reader, expect.pick, scene.names, scene.book.zone)
    wanted = 1 if expect.count is None else expect.count
    if len(found) != wanted:
        what = expect.pick.model_dump(exclude_defaults=True)
        yield f"expected {wanted} item(s) {what}, found {len(found)}: {_describe(found)}"
        return
    if expect.name is not None and found:
        scene.names[expect.name] = found[0].id
    for row in found:
        seen = {
            "opened_at": scene.local(row.opened_at),
            "due": _due(scene, reader, row) if expect.due else None,
            "state": row.state,
            "light": row.light,
        }
        yield from _differences(row.id, seen, {name: getattr(expect, name) for name in seen})
        yield from _fields(row, expect)


def _describe(rows: tuple[ItemRow, ...]) -> str:
    return "; ".join(f"{row.id} {row.state} {row.fields}" for row in rows[:SHOWN]) or "none"


def _due(scene: Scene, reader: Reader, row: ItemRow) -> str | None:
    due = next((each for each in reader.clocks_of([row.id]).get(row.id, ()) if each.clock == "due"), None)
    return scene.local(due.due_at) if due else None


def _fields(row: ItemRow, expect: ExpectItems) -> Iterator[str]:
    has = json.loads(row.fields)
    given = {name: value for name, value in expect.fields.items() if value is not None}
    wanted = dict.fromkeys(expect.fields) | plain_values(given)
    for name, value in wanted.items():
        if not same_value(has.get(name), value):
            yield f"{row.id}: {name} should be {value}, it is {has.get(name)}"


def _differences(what: str, seen: Mapping[str, object], wanted: Mapping[str, object]) -> Iterator[str]:
    for name, value in wanted.items():
        if value is not None and seen[name] != value:
            yield f"{what}: {name} should be {value}, it is {seen[name]}"


def _clock(scene: Scene, reader: Reader, expect: ExpectClock) -> Iterator[str]:
    item = find_one(reader, expect.item, scene.names, scene.book.zone)
    clocks = {each.clock: each for each in reader.clocks_of([item.id]).get(item.id, ())}
    clock = clocks.get(expect.clock)
    if expect.absent:
        if clock is not None:
            yield f"{item.id} should have no clock {expect.clock}, it is {clock.outcome}"
        return
    if clock is None:
        yield f"{item.id} has no clock {expect.clock} (it has: {', '.join(clocks) or 'none'})"
        return
    seen = _seen(scene, clock)
    yield from _differences(f"{item.id} {expect.clock}", seen, {name: getattr(expect, name) for name in seen})


def _seen(scene: Scene, clock: ClockRow) -> Mapping[str, object]:
    state = from_plain(json.loads(clock.state))
    return {
        "outcome": clock.outcome,
        "started": scene.local(clock.started_at),
        "due": scene.local(clock.due_at),
        "missed_at": scene.local(clock.missed_at),
        "ended": scene.local(clock.ended_at),
        "pauses": len(state.suspensions) + len(state.holds),
        "cause": state.cause,
        "extensions": len(state.extensions),
    }


# ---------------------------------------------------------------- what was said


def _notices(scene: Scene, reader: Reader, expect: ExpectNotices) -> Iterator[str]:
    item = scene.number(expect.item)
    found = [
        each.notice
        for each in reader.list_notices()
        if (expect.rule is None or each.notice.rule == expect.rule)
        and (item is None or each.notice.item == item)
        and (expect.to is None or each.notice.recipient == expect.to)
        and (expect.at is None or scene.local(each.notice.created_at) == expect.at)
        and (expect.kind is None or each.notice.kind == expect.kind)
        and (expect.template is None or _is_of(scene.book, each.notice, expect.template))
        and _contains((each.notice.subject, each.notice.body), expect.contains)
    ]
    said = [f"{each.recipient} {scene.local(each.created_at)}" for each in found]
    yield from _counted("notice", expect, expect.count, said)


def _is_of(book: Book, notice: NoticeRow, template: str) -> bool:
    """A notice does not keep its template: it is one that its rule tells, and whose words it has."""
    rule = book.rules.get(notice.rule or "")
    if rule is None or template not in _templates(rule.spec.model_dump()):
        return False
    spec, language = book.templates[template], book.info.language
    pairs = ((spec.subject, notice.subject), (spec.body, notice.body))
    return all(_pattern(written, language).fullmatch(said) for written, said in pairs)


def _templates(data: object) -> frozenset[str]:
    """Whatever stands behind a key `template`, however deep."""
    if isinstance(data, Mapping):
        own = frozenset({data["template"]}) if isinstance(data.get("template"), str) else frozenset()
        return own.union(*(_templates(each) for each in data.values()))
    if isinstance(data, list | tuple):
        return frozenset[str]().union(*(_templates(each) for each in data))
    return frozenset()


def _pattern(label: Label, language: str) -> re.Pattern[str]:
    pieces = PLACEHOLDER.split(label.zh if language == "zh" else label.en)[::2]
    return re.compile("(.*)".join(re.escape(each) for each in pieces), re.DOTALL)


def _documents(scene: Scene, reader: Reader, expect: ExpectDocuments) -> Iterator[str]:
    item = scene.number(expect.item)
    found = [
        each
        for each in _all_documents(reader, item)
        if (expect.template is None or each.template == expect.template)
        and (expect.at is None or scene.local(each.at) == expect.at)
        and _contains((each.title, each.body), expect.contains)
    ]
    said = [f"{each.template} {scene.local(each.at)}" for each in found]
    yield from _counted("document", expect, expect.count, said)


def _all_documents(reader: Reader, item: str | None) -> Iterator[DocumentRow]:
    if item is not None:
        yield from reader.documents_of(item)
        return
    yield from reader.documents_of(None)
    for row in reader.list_items(include_sealed=True):
        yield from reader.documents_of(row.id)


def _rules(scene: Scene, reader: Reader, expect: ExpectRules) -> Iterator[str]:
    about = next(
        (
            f"{kind}:{scene.number(id) if kind == 'item' else id}"
            for kind, id in (("item", expect.item), ("unit", expect.unit), ("post", expect.owner))
            if id is not None
        ),
        None,
    )
    found = [
        each
        for each in words_since(reader, 0)
        if each.rule == expect.rule
        and (about is None or each.about == about)
        and (expect.at is None or scene.local(each.at) == expect.at)
        and (expect.shadow is None or each.shadow == expect.shadow)
        and _contains((each.because,), expect.because)
    ]
    yield from _counted("decision", expect, expect.count, [_say(scene, each) for each in found])


def _contains(texts: Iterable[str], wanted: Iterable[str]) -> bool:
    whole = "\n".join(texts)
    return all(each in whole for each in wanted)


def _counted(
    noun: str,
    expect: ExpectNotices | ExpectDocuments | ExpectRules,
    wanted: int | None,
    found: list[str],
) -> Iterator[str]:
    what = expect.model_dump(exclude_defaults=True)
    if wanted is None and not found:
        yield f"expected a {noun} {what}, there is none"
    elif wanted is not None and len(found) != wanted:
        yield f"expected {wanted} {noun}s {what}, found {len(found)}: {', '.join(found[:SHOWN]) or 'none'}"


def _possible(scene: Scene, expect: ExpectPossible) -> Iterator[str]:
    with scene.office.store.read() as reader:
        row = find_one(reader, expect.item, scene.names, scene.book.zone)
    found, wanted = permitted(scene.office, row.id, expect.by, scene.now), sorted(expect.events)
    if sorted(found) != wanted:
        said = [", ".join(each) or "nothing" for each in (wanted, sorted(found))]
        yield f"{row.id} for {expect.by}: possible should be {said[0]}, it is {said[1]}"
