"""What a story expects at a moment, held against what is there. Each difference is one sentence, twice."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.book.book import Book
from engine.facts_told import differences
from engine.failures import KEYS, Failure, Naming, listed
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
from workflows.language import FieldSpec

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

    @property
    def naming(self) -> Naming:
        return Naming(self.book)

    def local(self, at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(self.book.zone).strftime(LOCAL)

    def fields_of(self, workflow: str) -> Mapping[str, FieldSpec]:
        return self.book.workflows[workflow].spec.fields

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


def unmet(scene: Scene, expect: Expect) -> Iterator[Failure]:
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


def loud(scene: Scene, words: Iterable[Word], quiet: Quiet) -> Iterator[Failure]:
    """What was said of these where nothing should have been."""
    item = scene.number(quiet.item)
    found = [
        each
        for each in words
        if (not quiet.rule or each.rule in quiet.rule) and (item is None or each.about == f"item:{item}")
    ]
    if found:
        said = listed((_say(scene, each) for each in found[:SHOWN]), len(found))
        yield Failure(
            zh=f"应当无事，规则却说话 {len(found)} 次：{said.zh}",
            en=f"it should be quiet, but rules spoke {len(found)} time(s): {said.en}",
        )


def _say(scene: Scene, word: Word) -> Failure:
    at, naming = scene.local(word.at), scene.naming
    return Failure(
        zh=f"{at} {naming.rule(word.rule)}说到 {naming.about(word.about)}",
        en=f"{word.rule} about {word.about} at {at}",
    )


# ---------------------------------------------------------------- items and clocks


def _items(scene: Scene, reader: Reader, expect: ExpectItems) -> Iterator[Failure]:
    found = find_items(reader, expect.pick, scene.names, scene.book)
    wanted = 1 if expect.count is None else expect.count
    if len(found) != wanted:
        what = scene.naming.described(expect.pick.model_dump(exclude_defaults=True))
        there = _describe(scene, found)
        yield Failure(
            zh=f"应有 {wanted} 件事项［{what.zh}］，实有 {len(found)} 件：{there.zh}",
            en=f"expected {wanted} item(s) ({what.en}), found {len(found)}: {there.en}",
        )
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
        about = Failure(zh=f"{row.id} 的", en=f"{row.id}: ")
        wished = {name: getattr(expect, name) for name in seen}
        yield from _differences(scene, about, seen, wished, row.workflow)
        yield from _fields(scene, row, expect)


def _describe(scene: Scene, rows: tuple[ItemRow, ...]) -> Failure:
    return listed((_described(scene, row) for row in rows[:SHOWN]), len(rows))


def _described(scene: Scene, row: ItemRow) -> Failure:
    naming, fields = scene.naming, json.loads(row.fields)
    zh = "，".join(
        f"{naming.field(row.workflow, name)} {naming.field_value(row.workflow, name, value)}"
        for name, value in fields.items()
    )
    en = ", ".join(f"{name} {value}" for name, value in fields.items())
    state = naming.state(row.workflow, row.state)
    return Failure(
        zh=f"{row.id} {state}" + (f"［{zh}］" if zh else ""),
        en=f"{row.id} {row.state}" + (f" [{en}]" if en else ""),
    )


def _due(scene: Scene, reader: Reader, row: ItemRow) -> str | None:
    due = next((each for each in reader.clocks_of([row.id]).get(row.id, ()) if each.clock == "due"), None)
    return scene.local(due.due_at) if due else None


def _fields(scene: Scene, row: ItemRow, expect: ExpectItems) -> Iterator[Failure]:
    has, naming = json.loads(row.fields), scene.naming
    given = {name: value for name, value in expect.fields.items() if value is not None}
    wanted = dict.fromkeys(expect.fields) | plain_values(
        given, scene.fields_of(row.workflow), scene.book.zone
    )
    for name, value in wanted.items():
        found = has.get(name)
        if not same_value(found, value):
            should, is_ = (naming.field_value(row.workflow, name, each) for each in (value, found))
            yield Failure(
                zh=f"{row.id} 的{naming.field(row.workflow, name)}应为{should}，实为{is_}",
                en=f"{row.id}: {name} should be {value}, it is {found}",
            )


def _differences(
    scene: Scene,
    about: Failure,
    seen: Mapping[str, object],
    wanted: Mapping[str, object],
    workflow: str | None = None,
) -> Iterator[Failure]:
    for name, value in wanted.items():
        if value is not None and seen[name] != value:
            should, is_ = (scene.naming.value(name, each, workflow) for each in (value, seen[name]))
            yield Failure(
                zh=f"{about.zh}{KEYS[name]}应为{should}，实为{is_}",
                en=f"{about.en}{name} should be {value}, it is {seen[name]}",
            )


def _clock(scene: Scene, reader: Reader, expect: ExpectClock) -> Iterator[Failure]:
    item = find_one(reader, expect.item, scene.names, scene.book)
    clocks = {each.clock: each for each in reader.clocks_of([item.id]).get(item.id, ())}
    clock, name = clocks.get(expect.clock), scene.naming.clock(expect.clock)
    if expect.absent:
        if clock is not None and not from_plain(json.loads(clock.state)).no_limit:
            is_ = scene.naming.value("outcome", clock.outcome)
            yield Failure(
                zh=f"{item.id} 不应有{name}这一时限，实为{is_}",
                en=f"{item.id} should have no clock {expect.clock}, it is {clock.outcome}",
            )
        return
    if clock is None:
        has = "、".join(map(scene.naming.clock, clocks)) or "没有任何时限"
        yield Failure(
            zh=f"{item.id} 没有{name}这一时限；现有：{has}",
            en=f"{item.id} has no clock {expect.clock} (it has: {', '.join(clocks) or 'none'})",
        )
        return
    seen, about = _seen(scene, clock), Failure(zh=f"{item.id} 的{name}：", en=f"{item.id} {expect.clock}: ")
    yield from _differences(scene, about, seen, {name: getattr(expect, name) for name in seen})


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


def _notices(scene: Scene, reader: Reader, expect: ExpectNotices) -> Iterator[Failure]:
    item, to = scene.number(expect.item), _recipient(scene.book, expect.to)
    found = [
        each.notice
        for each in reader.list_notices()
        if (expect.rule is None or each.notice.rule == expect.rule)
        and (item is None or each.notice.item == item)
        and (to is None or each.notice.recipient == to)
        and (expect.at is None or scene.local(each.notice.created_at) == expect.at)
        and (expect.kind is None or each.notice.kind == expect.kind)
        and (expect.template is None or _is_of(scene.book, each.notice, expect.template))
        and _contains((each.notice.subject, each.notice.body), expect.contains)
    ]
    said = [
        Failure(
            zh=f"{scene.local(each.created_at)} {scene.naming.post(each.recipient)}",
            en=f"{each.recipient} {scene.local(each.created_at)}",
        )
        for each in found
    ]
    yield from _counted(scene, ("通知", "份", "notice"), expect, said)


def _recipient(book: Book, to: str | None) -> str | None:
    """A post; or a role, for whom the item names."""
    role = book.roles.get(to or "")
    return role.mail if role is not None and role.mail is not None else to


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


def _documents(scene: Scene, reader: Reader, expect: ExpectDocuments) -> Iterator[Failure]:
    item = scene.number(expect.item)
    found = [
        each
        for each in _all_documents(reader, item)
        if (expect.template is None or each.template == expect.template)
        and (expect.at is None or scene.local(each.at) == expect.at)
        and _contains((each.title, each.body), expect.contains)
    ]
    said = [
        Failure(zh=f"{scene.local(each.at)} {each.template}", en=f"{each.template} {scene.local(each.at)}")
        for each in found
    ]
    yield from _counted(scene, ("文书", "份", "document"), expect, said)


def _all_documents(reader: Reader, item: str | None) -> Iterator[DocumentRow]:
    if item is not None:
        yield from reader.documents_of(item)
        return
    yield from reader.documents_of(None)
    for row in reader.list_items(include_sealed=True):
        yield from reader.documents_of(row.id)


def _rules(scene: Scene, reader: Reader, expect: ExpectRules) -> Iterator[Failure]:
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
    yield from _counted(scene, ("决定", "次", "decision"), expect, [_say(scene, each) for each in found])


def _contains(texts: Iterable[str], wanted: Iterable[str]) -> bool:
    whole = "\n".join(texts)
    return all(each in whole for each in wanted)


def _counted(
    scene: Scene,
    noun: tuple[str, str, str],
    expect: ExpectNotices | ExpectDocuments | ExpectRules,
    found: list[Failure],
) -> Iterator[Failure]:
    what = scene.naming.described(expect.model_dump(exclude_defaults=True))
    zh, en = f"{noun[0]}［{what.zh}］", f" ({what.en})" if what.en else ""
    if expect.count is None and not found:
        yield Failure(zh=f"应有{zh}，实际没有", en=f"expected a {noun[2]}{en}, there is none")
    elif expect.count is not None and len(found) != expect.count:
        there = listed(found[:SHOWN], len(found))
        yield Failure(
            zh=f"{zh}应有 {expect.count} {noun[1]}，实有 {len(found)} {noun[1]}：{there.zh}",
            en=f"expected {expect.count} {noun[2]}(s){en}, found {len(found)}: {there.en}",
        )


def _possible(scene: Scene, expect: ExpectPossible) -> Iterator[Failure]:
    with scene.office.store.read() as reader:
        row = find_one(reader, expect.item, scene.names, scene.book)
    found, wanted = permitted(scene.office, row.id, expect.by, scene.now), sorted(expect.events)
    if sorted(found) != wanted:
        en = [", ".join(each) or "nothing" for each in (wanted, sorted(found))]
        zh = [
            "、".join(scene.naming.event(row.workflow, event) for event in each) or "没有"
            for each in (wanted, sorted(found))
        ]
        yield Failure(
            zh=f"{scene.naming.post(expect.by)}对 {row.id} 可提出的应为：{zh[0]}；实为：{zh[1]}",
            en=f"{row.id} for {expect.by}: possible should be {en[0]}, it is {en[1]}",
        )
