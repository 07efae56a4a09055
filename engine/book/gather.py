"""Finds the files of a book and puts their sections together; nothing is checked yet but ids given twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.book.finding import Finding, Place, hint
from engine.book.shape import SECTIONS
from engine.book.text import Node, read_yaml

MOST_FILES = 500
SCENARIOS = "scenarios"


@dataclass(kw_only=True)
class Sections:
    """Everything the files of a book say, by section."""

    single: dict[str, Node] = field(default_factory=dict)
    keyed: dict[str, dict[str, Node]] = field(default_factory=dict)
    keys: dict[str, dict[str, Place]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    first: Place = field(default_factory=lambda: Place("."))

    def note(self, place: Place, code: str, path: tuple[str, ...], zh: str, en: str) -> None:
        self.findings.append(Finding.at(place, code, path=path, zh=zh, en=en))


def gather(folder: Path) -> Sections:
    sections = Sections()
    if not folder.is_dir():
        sections.note(Place(str(folder)), "no_book", (), "没有这个文件夹", "there is no such folder")
        return sections
    names = _files(folder, sections)
    if not names:
        sections.note(
            Place(str(folder)), "no_book", (), "文件夹里没有 .yaml 文件", "the folder holds no .yaml file"
        )
    for path in names:
        _add_file(sections, path, path.relative_to(folder).as_posix())
    return sections


def _files(folder: Path, sections: Sections) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if (
            inside.parts[0] == SCENARIOS
            or any(part.startswith(".") for part in inside.parts)
            or not path.is_file()
        ):
            continue
        if path.suffix == ".yaml":
            found.append(path)
        elif path.suffix == ".yml":
            zh = "扩展名是 .yml，没有读；请改为 .yaml"
            en = "named .yml, so it was not read: rename it to .yaml"
            place = Place(inside.as_posix())
            sections.findings.append(Finding.at(place, "not_read", zh=zh, en=en, severity="warning"))
    if len(found) > MOST_FILES:
        zh, en = f"文件超过 {MOST_FILES} 个", f"more than {MOST_FILES} files"
        sections.note(Place(str(folder)), "too_many_files", (), zh, en)
    return found[:MOST_FILES]


def _add_file(sections: Sections, path: Path, name: str) -> None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = error.strerror or "unreadable"
        sections.note(Place(name), "unreadable", (), f"读不出文件：{why}", f"the file cannot be read: {why}")
        return
    node, findings = read_yaml(raw, name)
    sections.findings += findings
    if node is None:
        return
    if not isinstance(node.value, dict):
        zh = f"文件应由若干部分组成，例如 {'、'.join(SECTIONS[:4])}，每部分一个键"
        en = f"a file of a book is made of sections such as {', '.join(SECTIONS[:4])}, each a key"
        sections.note(node.place, "not_sections", (), zh, en)
        return
    if list(node.value) == ["scenario"]:
        return
    for section, content in node.value.items():
        _add_section(sections, section, content, node.keys[section])


def _add_section(sections: Sections, section: str, content: Node, place: Place) -> None:
    if section not in SECTIONS or section == "scenario":
        zh, en, _ = hint(section, SECTIONS)
        if section == "scenario":
            zh, en = "，情景要单独成一个文件", ": a scenario has a file of its own"
        sections.note(
            place,
            "unknown_section",
            (section,),
            f"没有 {section} 这一部分{zh}",
            f"unknown section {section}{en}",
        )
    elif content.value is None:
        return
    elif section == "book":
        _add_book(sections, content, place)
    else:
        _add_keyed(sections, section, content)


def _add_book(sections: Sections, content: Node, place: Place) -> None:
    if "book" not in sections.single:
        sections.single["book"] = content
        sections.first = place
        return
    first = sections.first
    zh = f"book 写了两次，另一处在 {first.file} 第 {first.line} 行"
    en = f"the section book is given twice, also in {first.file} line {first.line}"
    sections.note(place, "given_twice", ("book",), zh, en)


def _add_keyed(sections: Sections, section: str, content: Node) -> None:
    if not isinstance(content.value, dict):
        zh, en = f"{section} 应写成 标识: 内容", f"{section} is written as id: content"
        sections.note(content.place, "wrong_kind", (section,), zh, en)
        return
    known, keys = sections.keyed.setdefault(section, {}), sections.keys.setdefault(section, {})
    for id, node in content.value.items():
        place = content.keys[id]
        if id in known:
            first = keys[id]
            zh = f"标识 {id} 用了两次，另一处在 {first.file} 第 {first.line} 行"
            en = f"the id {id} is used twice, also in {first.file} line {first.line}"
            sections.note(place, "given_twice", (section, id), zh, en)
        else:
            known[id], keys[id] = node, place


def scenario_files(folder: Path) -> Iterator[Path]:
    """The files of made-up behaviour beside a book."""
    return iter(sorted((folder / SCENARIOS).rglob("*.yaml")))
