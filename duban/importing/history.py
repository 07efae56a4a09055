"""Records become a history: every line understood, or refused with its number and its reason."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from duban.importing.mapping import Mapping as Meaning
from duban.importing.mapping import finding, read_mapping
from duban.importing.records import Record, columns_of, read_csv, read_xes
from duban.texts import Text
from engine.book.book import Book
from engine.book.finding import BookError, Finding, hint
from engine.book.text import Node
from engine.history import OPENING, Birth, Happened, History
from rules.time.instant import resolve
from store.rows import Plain
from workflows.machine import Refused, read_args

Read = TypeVar("Read")
UNIT, POST = Text("单位", "unit"), Text("岗位", "post")


@dataclass(frozen=True, kw_only=True)
class RefusedLine:
    number: int
    place: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Imported:
    """`history` is None where no line could be understood."""

    history: History | None
    refused: tuple[RefusedLine, ...]
    ignored: int


class _Unfit(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def unmapped(text: str, noun: Text) -> _Unfit:
    en = f"the {noun.en} {text!r} is neither mapped nor an id of the book"
    return _Unfit(f"{noun.zh}「{text}」没有对照，也不是规则册里的标识", en)


def read_events(path: Path, mapping: Path, book: Book) -> Imported:
    """Raises BookError for a mapping that does not fit the book, Mistake for a file that is none."""
    meaning, root = read_mapping(mapping)
    records = read_xes(path) if meaning.form == "xes" else read_csv(path, meaning.encoding, meaning.separator)
    misfits = _misfits(meaning, root, book, path)
    findings = sorted(misfits, key=lambda each: (each.line, each.column))
    if findings:
        raise BookError(findings)
    reader = _Reader(meaning=meaning, book=book, zone=_zone(meaning, book))
    reader.read_all(records)
    return reader.imported(path.name)


def _zone(meaning: Meaning, book: Book) -> tzinfo:
    return ZoneInfo(meaning.zone) if meaning.zone else book.zone


Spot = tuple[str, ...]


def _misfits(meaning: Meaning, root: Node, book: Book, path: Path) -> Iterator[Finding]:
    """Names in the mapping that the book or the file does not have."""
    if meaning.zone is not None and meaning.zone not in available_timezones():
        zone = meaning.zone
        yield finding(root, ("zone",), "unknown_zone", f"没有时区 {zone}", f"there is no time zone {zone}")
    workflows = _under("workflows", meaning.workflows)
    if meaning.workflow is not None:
        workflows[("workflow",)] = meaning.workflow
    yield from _unknown(root, workflows, book.workflows, Text("流程", "workflow"))
    specs = [book.workflows[id].spec for id in workflows.values() if id in book.workflows]
    events = {OPENING, *(each.event for spec in specs for each in spec.transitions)}
    yield from _unknown(root, _under("events", meaning.events), events, Text("事件", "event"))
    fields = {name for spec in specs for name in spec.fields}
    named = _under("fields", {key: key for key in meaning.fields})
    named |= _under("values", {key: key for key in meaning.values})
    yield from _unknown(root, named, fields, Text("字段", "field"))
    yield from _unknown(root, _under("units", meaning.units), book.units, UNIT)
    yield from _unknown(root, _under("posts", meaning.posts), book.posts, POST)
    if meaning.form == "csv":
        there = columns_of(path, meaning.encoding, meaning.separator)
        yield from _unknown(root, _columns(meaning), there, Text("列", "column"))


def _columns(meaning: Meaning) -> dict[Spot, str]:
    """Those that the file must have, by where the mapping names them."""
    found = _under("fields", meaning.fields)
    for name in ("item", "at", "event", "by", "unit", "title", "parent", "workflow_column"):
        if (column := getattr(meaning, name)) is not None:
            found[(name,)] = column
    return found


def _under(name: str, words: Mapping[str, str]) -> dict[Spot, str]:
    return {(name, key): word for key, word in words.items()}


def _unknown(root: Node, named: Mapping[Spot, str], known: Collection[str], noun: Text) -> Iterator[Finding]:
    for path, word in named.items():
        if word not in known:
            zh, en, _ = hint(word, known)
            code = f"unknown_{noun.en}"
            yield finding(root, path, code, f"没有{noun.zh} {word}{zh}", f"unknown {noun.en} {word}{en}")


@dataclass(kw_only=True)
class _Reader:
    meaning: Meaning
    book: Book
    zone: tzinfo
    happened: list[Happened] = field(default_factory=list)
    births: dict[str, Birth] = field(default_factory=dict)
    refused: list[RefusedLine] = field(default_factory=list)
    ignored: int = 0

    def read_all(self, records: Iterable[Record]) -> None:
        """In the order of time, and of the file where that is the same."""
        dated: list[tuple[datetime, int, Record]] = []
        for record in records:
            if self.text(record, self.meaning.event) in self.meaning.ignore:
                self.ignored += 1
            elif (at := self.tried(record, self.moment)) is not None:
                dated.append((at, record.number, record))
        for _, _, record in sorted(dated, key=lambda each: each[:2]):
            if (happened := self.tried(record, self.understood)) is not None:
                self.happened.append(happened)

    def tried(self, record: Record, read: Callable[[Record], Read]) -> Read | None:
        try:
            return read(record)
        except _Unfit as unfit:
            line = RefusedLine(number=record.number, place=record.place, zh=unfit.zh, en=unfit.en)
            self.refused.append(line)
            return None

    def text(self, record: Record, column: str | None) -> str:
        return record.texts.get(column, "").strip() if column is not None else ""

    def needed(self, record: Record, column: str) -> str:
        text = self.text(record, column)
        if not text:
            raise _Unfit(f"{column} 是空的", f"{column} is empty")
        return text

    def moment(self, record: Record) -> datetime:
        text = self.needed(record, self.meaning.at)
        try:
            if self.meaning.at_format is not None:
                moment = datetime.strptime(text, self.meaning.at_format)  # noqa: DTZ007  # its zone follows
            else:
                moment = datetime.fromisoformat(text)
        except ValueError:
            raise _Unfit(f"时间「{text}」读不懂", f"cannot read the moment {text!r}") from None
        return (moment if moment.tzinfo else resolve(moment, self.zone)).astimezone(UTC)

    def understood(self, record: Record) -> Happened:
        activity = self.text(record, self.meaning.event)
        event = self.meaning.events.get(activity)
        if event is None:
            zh, en, _ = hint(activity, tuple(self.meaning.events))
            raise _Unfit(f"活动「{activity}」没有对照{zh}", f"the activity {activity!r} is not mapped{en}")
        item = self.needed(record, self.meaning.item)
        if event == OPENING:
            return self.opening(record, item)
        birth = self.births.get(item)
        if birth is None:
            raise _Unfit(f"事项 {item} 尚未立项", f"the item {item} has not been opened before this line")
        return Happened(
            at=self.moment(record),
            item=item,
            event=event,
            by=self.post(record),
            args=self.args(record, birth.workflow, event),
            place=record.place,
        )

    def opening(self, record: Record, item: str) -> Happened:
        if item in self.births:
            raise _Unfit(f"事项 {item} 已经立项", f"the item {item} is opened a second time")
        workflow = self.workflow(record)
        parent = self.text(record, self.meaning.parent) or None
        happened = Happened(
            at=self.moment(record),
            item=item,
            event=OPENING,
            by=self.post(record),
            args=self.args(record, workflow, OPENING),
            title=self.text(record, self.meaning.title) or item,
            place=record.place,
        )
        unit = self.named(record, self.meaning.unit, self.meaning.units, UNIT)
        self.births[item] = Birth(workflow=workflow, maker="person", unit=unit, parent=parent)
        return happened

    def workflow(self, record: Record) -> str:
        if self.meaning.workflow is not None:
            return self.meaning.workflow
        assert self.meaning.workflow_column is not None
        text = self.needed(record, self.meaning.workflow_column)
        found = self.meaning.workflows.get(text, text)
        if found not in self.book.workflows:
            raise unmapped(text, Text("流程", "workflow"))
        return found

    def post(self, record: Record) -> str | None:
        return self.named(record, self.meaning.by, self.meaning.posts, POST)

    def named(self, record: Record, column: str | None, names: Mapping[str, str], noun: Text) -> str | None:
        """A unit or a post, by the mapping or by its own id."""
        text = self.text(record, column)
        if not text:
            return None
        found = names.get(text, text)
        if found not in (self.book.units if noun is UNIT else self.book.posts):
            raise unmapped(text, noun)
        return found

    def args(self, record: Record, workflow: str, event: str) -> Mapping[str, Plain]:
        """The fields that this event takes; what the file says beyond them belongs to other lines."""
        spec = self.book.workflows[workflow].spec
        taken = set(spec.fields) if event == OPENING else set[str]()
        for each in spec.transitions:
            if each.event == event:
                taken |= {*each.needs, *each.takes}
        raw = {
            name: self.meaning.values.get(name, {}).get(text, text)
            for name, column in self.meaning.fields.items()
            if name in taken and (text := self.text(record, column))
        }
        fields = read_args(self.book.workflows[workflow], event, raw, self.zone)
        if isinstance(fields, Refused):
            raise _Unfit(fields.zh, fields.en)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}

    def imported(self, source: str) -> Imported:
        history, told = None, tuple(self.happened)
        if told:
            nth: dict[Birth, int] = {}
            births = {}
            for key, birth in self.births.items():
                births[key] = replace(birth, nth=nth.setdefault(birth, 0))
                nth[birth] += 1
            history = History(
                source=source, happened=told, births=births, begins=told[0].at, ends=told[-1].at
            )
        return Imported(history=history, refused=tuple(self.refused), ignored=self.ignored)
