"""Lays a book over the libraries it names: mappings are merged, everything else is replaced.

A piece is taken by `from: <file>/<id>`, or with all of its file by `book.uses`. `drop: true` leaves one
out, and a key set to `null` is removed. Every node keeps the place where it was written.
"""

from collections.abc import Mapping
from itertools import chain

from engine.book.finding import Finding, Path, Place, hint
from engine.book.gather import Sections
from engine.book.library import LibraryFile, Piece, library_files, piece_names, pieces_named
from engine.book.params import of_kind
from engine.book.prune import prune
from engine.book.shape import PIECES
from engine.book.text import Node
from rules.shape import LANGUAGES


def overlay(base: Node, over: Node) -> Node:
    if isinstance(over.value, str) and isinstance(base.value, dict) and base.value.keys() >= {*LANGUAGES}:
        # A text alone is the words of what lies below, and what else is said there stands.
        return overlay(base, Node(dict.fromkeys(LANGUAGES, over), over.place))
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    values, keys = dict(base.value), dict(base.keys)
    for key, node in over.value.items():
        if node.value is None:
            values.pop(key, None)
        else:
            values[key] = overlay(values[key], node) if key in values else node
            keys[key] = over.keys.get(key, over.place)
    return Node(values, over.place, keys)


def merge(sections: Sections) -> tuple[Node, tuple[Finding, ...]]:
    """The whole book as one tree."""
    merger = _Merger(sections)
    used = merger.used_files()
    values: dict[str, Node] = dict(sections.single)
    keys = {name: node.place for name, node in values.items()}
    for section in dict.fromkeys((*sections.keyed, *PIECES)):
        content = merger.section(section, used)
        if content.value:
            values[section], keys[section] = content, content.place
    return prune(Node(values, sections.first, keys)), (*sections.findings, *merger.findings)


class _Merger:
    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.findings: list[Finding] = []

    def used_files(self) -> tuple[LibraryFile, ...]:
        book = self.sections.single.get("book")
        uses = (
            book.find(("uses",)) if book and isinstance(book.value, dict) and "uses" in book.value else None
        )
        if uses is None or not isinstance(uses.value, list):
            return ()
        known = {each.name: each for each in library_files("rules")}
        found = []
        for at, node in enumerate(uses.value):
            if isinstance(node.value, str) and node.value in known:
                found.append(known[node.value])
            else:
                zh, en, near = hint(str(node.value), known)
                self._note(
                    node.place,
                    "unknown_library",
                    ("book", "uses", at),
                    zh=f"没有规则库 {node.value}{zh}",
                    en=f"unknown library {node.value}{en}",
                    near=near,
                )
        return tuple(found)

    def section(self, section: str, used: tuple[LibraryFile, ...]) -> Node:
        own, places = self.sections.keyed.get(section, {}), self.sections.keys.get(section, {})
        offered = _offered(section, used)
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for id in chain(offered, (id for id in own if id not in offered)):
            place = places.get(id) or offered[id][0].node.place
            node = self._piece(section, id, own.get(id), place, offered.get(id, ()))
            if node is not None:
                values[id], keys[id] = node, place
        return Node(values, next(iter(keys.values()), self.sections.first), keys)

    def _piece(
        self, section: str, id: str, own: Node | None, place: Place, offered: tuple[Piece, ...]
    ) -> Node | None:
        """The piece as the book wants it; None when it is dropped or cannot be found."""
        if own is None:
            return self._only(section, id, place, offered)
        written = own.value if section in PIECES and isinstance(own.value, dict) else {}
        if "drop" in written:
            self._check_drop(section, id, own, offered)
            return None
        if "from" in written:
            base = self._taken(section, id, written["from"])
            return None if base is None else overlay(base, _without(own, "from"))
        if section == "params" and written:
            return self._param(id, own, offered)
        if offered:
            self._note_taken(section, id, place, offered[0].file)
        return own

    def _note_taken(self, section: str, id: str, place: Place, file: str) -> None:
        zh = f"规则库 {file} 已有 {id}：修改请写 from: {file}/{id}，不要请写 drop: true"
        en = f"the library {file} has {id} already: write from: {file}/{id} to change it, or drop: true"
        self._note(place, "already_in_library", (section, id), zh=zh, en=en)

    def _param(self, id: str, own: Node, offered: tuple[Piece, ...]) -> Node:
        """The book's value wins, of the kind that library conditions reckon with."""
        known = offered or pieces_named("params", id)
        param = overlay(offered[0].node, own) if offered else own
        return _same_kind(known[0].node, param) if known else param

    def _only(self, section: str, id: str, place: Place, offered: tuple[Piece, ...]) -> Node:
        if len(offered) > 1:
            names = [f"{each.file}/{id}" for each in offered]
            zh = f"规则库 {'、'.join(names)} 各有一个不同的 {id}：请写明 from"
            en = f"{' and '.join(names)} differ: say which one with from"
            self._note(place, "ambiguous_piece", (section, id), zh=zh, en=en)
        return offered[0].node

    def _check_drop(self, section: str, id: str, own: Node, offered: tuple[Piece, ...]) -> None:
        assert isinstance(own.value, dict)
        if len(own.value) > 1 or own.value["drop"].value is not True or not offered:
            zh = "drop: true 只能单独写，且只用于规则库里已有的内容"
            en = "drop: true stands alone, and only for a piece of a library in use"
            self._note(own.keys["drop"], "bad_drop", (section, id, "drop"), zh=zh, en=en)

    def _taken(self, section: str, id: str, wish: Node) -> Node | None:
        name = str(wish.value)
        file, slash, piece = name.rpartition("/")
        found = pieces_named(section, piece, file if slash else None)
        if len(found) == 1:
            return found[0].node
        names = piece_names(section)
        if found:
            zh = f"，有几个同名：{'、'.join(f'{each.file}/{piece}' for each in found)}"
            en = " is in several files: name the file"
            near = None
        else:
            zh, en, near = hint(name, names if slash else [each.rpartition("/")[2] for each in names])
        self._note(
            wish.place,
            "unknown_piece",
            (section, id, "from"),
            zh=f"库中没有唯一的 {name}{zh}",
            en=f"no one library piece {name}{en}",
            near=near,
        )
        return None

    def _note(
        self, place: Place, code: str, path: Path, *, zh: str, en: str, near: str | None = None
    ) -> None:
        self.findings.append(Finding.at(place, code, path=path, zh=zh, en=en, suggestion=near))


def _offered(section: str, used: tuple[LibraryFile, ...]) -> Mapping[str, tuple[Piece, ...]]:
    """What the files in use bring along; the same piece in two files is one."""
    found: dict[str, tuple[Piece, ...]] = {}
    for file in used:
        for id, node in file.pieces.get(section, {}).items():
            others = found.get(id, ())
            if all(other.node.plain() != node.plain() for other in others):
                found[id] = (*others, Piece(file=file.name, id=id, node=node))
    return found


def _same_kind(base: Node, param: Node) -> Node:
    """A parameter whose value is of the kind that the library's conditions reckon with."""
    assert isinstance(param.value, dict)
    if "value" not in param.value:
        return param
    before, after = base.find(("value",)), param.value["value"]
    value = Node(of_kind(before.value, after.value), after.place, inset=after.inset)
    return Node({**param.value, "value": value}, param.place, param.keys)


def _without(node: Node, key: str) -> Node:
    assert isinstance(node.value, dict)
    return Node({name: value for name, value in node.value.items() if name != key}, node.place, node.keys)
