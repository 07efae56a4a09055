"""The pieces that come with duban: rules/library and workflows/library, wherever they are installed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from engine.book.finding import BookError
from engine.book.shape import PIECES
from engine.book.text import Node, read_yaml

ROOMS = ("rules", "workflows")


@dataclass(frozen=True, kw_only=True)
class LibraryFile:
    """One file of a library: its pieces by section and id."""

    name: str
    room: str
    pieces: Mapping[str, Mapping[str, Node]]


@dataclass(frozen=True, kw_only=True)
class Piece:
    file: str
    id: str
    node: Node


@cache
def library_files(room: str) -> tuple[LibraryFile, ...]:
    """Raises BookError when a shipped file cannot be read."""
    folder = files(room).joinpath("library")
    return tuple(
        LibraryFile(name=each.name.removesuffix(".yaml"), room=room, pieces=_pieces(each, room))
        for each in _yaml_files(folder)
    )


def pieces_named(section: str, id: str, file: str | None = None) -> tuple[Piece, ...]:
    """Every library piece of that id, in that file or in all."""
    return tuple(
        Piece(file=each.name, id=id, node=each.pieces[section][id])
        for each in _holding(section)
        if file in (None, each.name) and id in each.pieces[section]
    )


def piece_names(section: str) -> tuple[str, ...]:
    return tuple(f"{each.name}/{id}" for each in _holding(section) for id in each.pieces[section])


@cache
def calendar_years(name: str) -> tuple[Node, ...]:
    """The year files of a calendar, in order; empty when there is no such calendar."""
    folder = files("rules").joinpath("library", "calendars", name)
    return tuple(_read(each, "rules/library/calendars/" + name) for each in _yaml_files(folder))


def calendar_names() -> tuple[str, ...]:
    folder = files("rules").joinpath("library", "calendars")
    return tuple(sorted(each.name for each in folder.iterdir() if each.is_dir())) if folder.is_dir() else ()


def _holding(section: str) -> Iterator[LibraryFile]:
    return (each for room in ROOMS for each in library_files(room) if section in each.pieces)


def _pieces(file: Traversable, room: str) -> Mapping[str, Mapping[str, Node]]:
    root = _read(file, f"{room}/library").value
    assert isinstance(root, dict), f"{file.name} of the library is not a mapping of sections"
    return {
        section: node.value
        for section, node in root.items()
        if section in PIECES and isinstance(node.value, dict)
    }


def _yaml_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted(
        (each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name
    )


def _read(file: Traversable, folder: str) -> Node:
    node, findings = read_yaml(file.read_bytes(), f"{folder}/{file.name}")
    if node is None or findings:
        raise BookError(findings)
    return node
