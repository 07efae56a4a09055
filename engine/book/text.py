"""Strict YAML with the place of every node: what is written is what is read, and nothing is guessed.

Only `true`, `false`, `null`, whole and decimal numbers are more than text, so `on`, `no`, `17:30`, `010` and
`2020-10-01` stay text. No anchors, aliases, tags, merges or duplicate keys. Bounded in size, depth and nodes:
the file is read as a stream of events, because the C loader crashes on deep input when it builds by itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

import yaml

from engine.book.faults import explain_yaml
from engine.book.finding import Finding, Path, Place

Scalar: TypeAlias = bool | int | Decimal | str | None
Value: TypeAlias = "Scalar | dict[str, Node] | list[Node]"

LARGEST_FILE = 1_000_000  # bytes
DEEPEST = 40  # levels
MOST_NODES = 40_000  # which take 0.15 s to read; more belongs into several files
MOST_NOTES = 100  # mistakes told of one text
LONGEST_KEY = 200  # characters
MERGE = "<<"
FULL_WIDTH_COLON = "："
# libyaml where it is there; the reader in pure Python gives the same, slower.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

WORDS: Mapping[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
NUMERIC = frozenset("-0123456789")  # what a number begins with
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})", re.ASCII)
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,9}", re.ASCII)
# YAML forbids most of these; U+0085, U+2028 and U+2029 are line breaks to one reader and text to another.
INVISIBLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value as it was written, where it begins, and for mappings where each key begins.

    `inset` is the number of signs before the text itself (1 in quotation marks), None for several lines.
    """

    value: Value
    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict)
    inset: int | None = 0

    def find(self, path: Path) -> "Node":
        """The node at the path, or the deepest one on the way to it; the first of a list may stand alone."""
        node = self
        for step in path:
            below = node._below(step)
            if below is None and not (step == 0 and not isinstance(node.value, list)):
                return node
            node = below or node
        return node

    def place_of(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at the path is written, or its key."""
        parent = self.find(path[:-1])
        if key and path and isinstance(parent.value, dict):
            return parent.keys.get(str(path[-1]), parent.place)
        return self.find(path).place

    def written(self, path: Path) -> Path:
        """The path without steps that are not in the file, such as the first of a list of one name."""
        while path and self.find(path) is self.find(path[:-1]):
            path = path[:-1]
        return self.spelled(path)

    def spelled(self, path: Path) -> Path:
        """The path without the places of what stands alone where several may."""
        node, kept = self, list[str | int]()
        for step in path:
            below = node._below(step)
            if below is None and step == 0 and isinstance(node.value, dict):
                continue
            kept.append(step)
            node = below or node
        return tuple(kept)

    def plain(self) -> Any:
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def _below(self, step: str | int) -> "Node | None":
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None


def read_yaml(raw: bytes, file: str) -> tuple[Node | None, tuple[Finding, ...]]:
    """The tree of a file and what is wrong with its text; no tree when it cannot be read at all."""
    text, findings = decode(raw, file)
    if text is None:
        return None, findings
    reader = _Reader(file, [*findings])
    try:
        node = reader.read(text)
    except yaml.YAMLError as error:
        return None, (*reader.findings, explain_yaml(error, text, file))
    except _Refused as refused:
        return None, (*reader.findings, refused.finding)
    return node, tuple(reader.findings)


def decode(raw: bytes, file: str) -> tuple[str | None, tuple[Finding, ...]]:
    """The text of a file, or why it is not one."""
    if len(raw) > LARGEST_FILE:
        return None, (_too_large(file, len(raw)),)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, (_not_utf8(file, "UTF-16"),)
    mark = raw.startswith(b"\xef\xbb\xbf")
    try:
        text = raw[3 if mark else 0 :].decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, (_not_utf8(file, f"0x{raw[error.start]:02X}", line),)
    findings = (_byte_order_mark(file),) if mark else ()
    if found := INVISIBLE.search(text):
        return None, (*findings, _invisible(file, text, found))
    return text, findings


def read_scalar(text: str) -> Scalar:
    """What a word without quotes means."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in NUMERIC:
        return text
    if INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if DECIMAL.fullmatch(text) else text


class _Refused(Exception):
    """Reading cannot go on."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.en)
        self.finding = finding


class _Reader:
    """Builds nodes from events; what is wrong but can be stepped over is collected."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings
        self.count = 0

    def read(self, text: str) -> Node:
        parser = LOADER(text)
        try:
            return self._document(iter(parser.get_event, None))
        finally:
            parser.dispose()

    def _document(self, events: Iterator[Any]) -> Node:
        document: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if document is not None:
                    raise self._refuse(
                        event,
                        "two_documents",
                        "一个文件只能有一份文档，请删去 ---",
                        "a file holds one document: remove the ---",
                    )
                document = self._node(next(events), events, 1)
        return document or Node({}, Place(self.file))

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self._check(event, depth)
        place = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "")
            inset = 0 if plain else 1
            end: Any = event.end_mark
            one_line = place.line == end.line + 1 and event.style not in ("|", ">")
            value = read_scalar(event.value) if plain else event.value
            return Node(value, place, inset=inset if one_line else None)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node([*self._entries(events, depth)], place)
        return self._mapping(place, events, depth)

    def _entries(self, events: Iterator[Any], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self._node(event, events, depth + 1)

    def _mapping(self, place: Place, events: Iterator[Any], depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, depth)
            at = self._place(event)
            node = self._node(next(events), events, depth + 1)
            if FULL_WIDTH_COLON in key:
                key, node = _mended(key, node)
            if key == MERGE:
                continue
            if key in keys:
                self._duplicate(key, at, keys[key])
            else:
                keys[key], values[key] = at, node
        return Node(values, place, keys)

    def _key(self, event: Any, depth: int) -> str:
        self._check(event, depth)
        if not isinstance(event, yaml.ScalarEvent) or len(event.value) > LONGEST_KEY:
            raise self._refuse(event, "bad_key", "键必须是一个短词", "a key must be one short word")
        key = str(event.value)
        if key == MERGE:
            self._note(
                event,
                "merge_key",
                "不支持合并键 <<，请把内容写全",
                "merge keys (<<) are not allowed: write it out",
            )
        if FULL_WIDTH_COLON in key:
            self._note(
                event,
                "full_width",
                "用了全角冒号“：”，请改为半角“: ”(冒号后空一格)",
                "a full-width colon ： was typed: write ': ' (colon, space)",
            )
        return key

    def _check(self, event: Any, depth: int) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise self._refuse(
                event,
                "too_many_nodes",
                f"文件内容超过 {MOST_NODES} 项，请拆成几个文件",
                f"the file has more than {MOST_NODES} values: split it",
            )
        if depth > DEEPEST:
            raise self._refuse(
                event, "too_deep", f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels"
            )
        if event.anchor is not None or event.tag is not None:
            self._check_properties(event)

    def _check_properties(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(
                event,
                "alias",
                f"不支持引用 *{event.anchor}，请把内容写全；若是文字请加引号",
                f"aliases (*{event.anchor}) are not allowed: write it out, or quote it if it is text",
            )
        if event.anchor is not None:
            self._note(
                event,
                "anchor",
                f"不支持锚点 &{event.anchor}，请删去；若是文字请加引号",
                f"anchors (&{event.anchor}) are not allowed: remove it, or quote it if it is text",
            )
        if event.tag is not None:
            self._note(
                event,
                "tag",
                f"不支持标签 {event.tag}，请删去；若是文字请加引号",
                f"tags ({event.tag}) are not allowed: remove it, or quote it if it is text",
            )

    def _duplicate(self, key: str, at: Place, first: Place) -> None:
        zh = f"键 {key} 写了两次，第一次在第 {first.line} 行，请留一处"
        en = f"the key {key} is written twice, first on line {first.line}: keep one"
        self._tell(Finding.at(at, "duplicate_key", zh=zh, en=en))

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _note(self, event: Any, code: str, zh: str, en: str) -> None:
        self._tell(Finding.at(self._place(event), code, zh=zh, en=en))

    def _tell(self, finding: Finding) -> None:
        """A file with a hundred mistakes is of another kind: the rest would be noise."""
        self.findings.append(finding)
        if len(self.findings) >= MOST_NOTES:
            zh = f"错误已有 {MOST_NOTES} 处，其余不再列出：这个文件多半不是规则册"
            en = f"{MOST_NOTES} mistakes are told and no more: this file is hardly part of a book"
            place = Place(finding.file, finding.line, finding.column)
            raise _Refused(Finding.at(place, "too_many_mistakes", zh=zh, en=en))

    def _refuse(self, event: Any, code: str, zh: str, en: str) -> _Refused:
        return _Refused(Finding.at(self._place(event), code, zh=zh, en=en))


def _mended(key: str, node: Node) -> tuple[str, Node]:
    """What was meant by `key：value`, so that one slip is not told as three."""
    name, _, rest = key.partition(FULL_WIDTH_COLON)
    return name, node if node.value is not None else Node(read_scalar(rest), node.place)


def _too_large(file: str, size: int) -> Finding:
    zh = f"文件有 {size} 字节，最多 {LARGEST_FILE} 字节，请拆成几个文件"
    en = f"the file has {size} bytes, at most {LARGEST_FILE} are read: split it"
    return Finding.at(Place(file), "too_large", zh=zh, en=en)


def _not_utf8(file: str, what: str, line: int = 1) -> Finding:
    zh = f"文件不是 UTF-8 编码({what})，请用 UTF-8 另存"
    en = f"the file is not UTF-8 ({what}): save it as UTF-8"
    return Finding.at(Place(file, line), "not_utf8", zh=zh, en=en)


def _byte_order_mark(file: str) -> Finding:
    zh = "文件开头有 BOM，已忽略；请另存为不带 BOM 的 UTF-8"
    en = "the file begins with a byte-order mark, which is ignored: save it as UTF-8 without one"
    return Finding.at(Place(file), "byte_order_mark", zh=zh, en=en, severity="warning")


def _invisible(file: str, text: str, found: re.Match[str]) -> Finding:
    before = text[: found.start()]
    place = Place(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    name = f"U+{ord(found.group()):04X}"
    zh, en = f"含有不可见字符 {name}，请删去", f"contains the invisible character {name}: remove it"
    return Finding.at(place, "invisible", zh=zh, en=en)
