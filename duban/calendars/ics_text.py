"""The text of an iCalendar file (RFC 5545): lines unfolded, components with their properties."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from duban.mistakes import FINDINGS, Mistake

PROPERTY = re.compile(
    r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.DOTALL
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Property:
    """`line` counts from 1, in the file as it is folded."""

    line: int
    name: str
    params: str
    value: str

    @property
    def is_date(self) -> bool:
        return (
            "VALUE=DATE" in self.params.upper().split(";") or re.fullmatch(r"\d{8}", self.value) is not None
        )

    @property
    def text(self) -> str:
        r"""Without escapes: `\,` `\;` `\\`, and a blank for `\n`."""
        plain = ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], self.value)
        return " ".join(plain.split())


@dataclass(kw_only=True)
class Event:
    line: int
    properties: list[Property] = field(default_factory=list)

    def get(self, name: str) -> Property | None:
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[Property]:
        return [each for each in self.properties if each.name == name]


def read_events(name: str, raw: bytes) -> Iterator[Event]:
    """The VEVENTs of a calendar, without what is inside them. Raises Mistake where the text is none."""
    within: list[str] = []
    event: Event | None = None
    for each in properties(name, raw):
        if each.name == "BEGIN":
            within.append(each.value.upper())
            if within[-1] == "VEVENT":
                event = Event(line=each.line)
        elif each.name == "END":
            if not within or within.pop() != each.value.upper():
                raise broken(
                    name, each.line, f"END:{each.value} 没有对应的 BEGIN", f"END:{each.value} ends nothing"
                )
            if each.value.upper() == "VEVENT" and event is not None:
                yield event
                event = None
        elif within and within[-1] == "VEVENT" and event is not None:
            event.properties.append(each)
        elif not within:
            raise broken(
                name, each.line, "不是以 BEGIN:VCALENDAR 开头", "does not begin with BEGIN:VCALENDAR"
            )
    if within:
        raise broken(
            name, 0, f"文件不完整，缺少 END:{within[-1]}", f"is cut short: END:{within[-1]} is missing"
        )


def properties(name: str, raw: bytes) -> Iterator[Property]:
    for number, line in unfolded(name, raw):
        found = PROPERTY.fullmatch(line)
        if found is None:
            raise broken(name, number, "不是 iCalendar 的一行", "is no line of iCalendar")
        yield Property(line=number, name=found[1].upper(), params=found[2], value=found[3].strip())


def unfolded(name: str, raw: bytes) -> Iterator[tuple[int, str]]:
    """Lines put together again before they are read as UTF-8: a fold may cut a sign in two."""
    whole: list[bytes] = []
    start = 0
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n"), 1):
        if line[:1] in (b" ", b"\t") and whole:
            whole.append(line[1:])
            continue
        if whole:
            yield start, decoded(name, start, b"".join(whole))
        whole, start = ([line], number) if line.strip() else ([], number)
    if whole:
        yield start, decoded(name, start, b"".join(whole))


def decoded(name: str, line: int, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise broken(name, line, "不是 UTF-8 编码", "is not UTF-8") from None


def broken(name: str, line: int, zh: str, en: str) -> Mistake:
    place = f"{name}:{line}" if line else name
    return Mistake(f"{place}：{zh}", f"{place}: {en}", FINDINGS)
