"""Opening the ledger 开账: the items that a book begins with, one for each unit or post that owes it."""

from engine.desk import Desk
from engine.roles import RULE, About, find_post, resolve
from engine.step import Actor, Opened, Queue, open_item
from engine.words import name_of
from rules.office import Entry
from store.rows import Plain


def open_ledger(desk: Desk, queue: Queue) -> None:
    for entry in desk.book.items:
        for unit, owner in _owers(desk, entry):
            open_item(desk, queue, _opened(desk, entry, unit, owner))


def _owers(desk: Desk, entry: Entry) -> tuple[tuple[str | None, str | None], ...]:
    book, whom = desk.book, entry.for_
    if whom in book.units:
        return ((whom, None),)
    if whom in book.groups:
        group = book.groups[whom]
        if group.of == "units":
            return tuple((member, None) for member in group.members)
        return tuple((book.posts[member].unit, member) for member in group.members)
    posts = resolve(book, whom, About(unit=None))
    return tuple((book.posts[post].unit, post) for post in posts)


def _opened(desk: Desk, entry: Entry, unit: str | None, owner: str | None) -> Opened:
    book, language = desk.book, desk.book.info.language
    spec = book.workflows[entry.workflow].spec
    about = About(unit=unit, owner=owner)
    fields: dict[str, Plain] = {}
    for key, value in entry.with_.items():
        if isinstance(value, tuple):
            fields[key] = list(value)
        elif spec.fields[key].type == "post":
            fields[key] = find_post(book, str(value), about)
        else:
            fields[key] = value if isinstance(value, bool | int | str) else str(value)
    if "partners" in spec.fields and entry.partners:
        fields["partners"] = [name_of(book, each, language) for each in entry.partners]
    title = entry.title.zh if language == "zh" else entry.title.en
    return Opened(
        workflow=entry.workflow,
        title=title,
        actor=Actor(id="ledger", kind="rule", roles=RULE),
        unit=unit,
        owner=owner,
        fields=fields,
        guarded=False,
        why=f"开账（{entry.basis}）：{title}",
        why_en=f"opening ledger ({entry.basis}): {entry.title.en}",
    )
