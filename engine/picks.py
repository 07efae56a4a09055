"""Find the items that a test or a scenario means: by the name it gave them, or by what they are."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.book.book import Book
from engine.failures import Failure, Naming
from engine.language import Pick, Values
from engine.story_time import LOCAL_TIME, full_moment
from store.read import Reader
from store.rows import ItemRow, Plain
from workflows.language import FieldSpec

SHOWN = 5  # of the items that were found where one was meant


class PickError(ValueError):
    """No item, or more than one, where a story means exactly one."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    @property
    def failure(self) -> Failure:
        return Failure(zh=self.zh, en=self.en)


def plain_values(
    values: Values, fields: Mapping[str, FieldSpec] = MappingProxyType({}), zone: ZoneInfo | None = None
) -> dict[str, Plain]:
    """As fields are kept: decimals as text, lists as lists, moments of the office's own time with offset."""
    return {key: _moment(_plain(value), fields.get(key), zone) for key, value in values.items()}


def _moment(value: Plain, spec: FieldSpec | None, zone: ZoneInfo | None) -> Plain:
    if spec is None or zone is None or spec.type != "moment" or not isinstance(value, str):
        return value
    return full_moment(value, zone).isoformat() if LOCAL_TIME.fullmatch(value) else value


def _plain(value: object) -> Plain:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [str(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a field cannot be a {type(value).__name__}")


def find_items(reader: Reader, pick: Pick, names: Mapping[str, str], book: Book) -> tuple[ItemRow, ...]:
    if pick.name is not None:
        if pick.name not in names:
            known = ", ".join(sorted(names))
            raise PickError(
                f"前面没有步骤给事项起名 {pick.name}；" + (f"起过的名：{known}" if known else "还没有起过名"),
                f"no step before has named an item `{pick.name}` (named: {known or 'none yet'})",
            )
        rows: Iterable[ItemRow] = reader.items_by_id([names[pick.name]]).values()
    else:
        rows = reader.list_items(
            workflow=pick.workflow, unit=pick.unit, owner=pick.owner, include_sealed=True
        )
    parent = names.get(pick.parent, pick.parent) if pick.parent else None
    return tuple(row for row in rows if _fits(book, row, pick, parent) and _shows(row, pick, book.zone))


def _shows(row: ItemRow, pick: Pick, zone: ZoneInfo) -> bool:
    """What is not asked as it stands in the row."""
    opened = f"{row.opened_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return (
        (pick.title is None or pick.title in row.title)
        and (pick.opened_at is None or pick.opened_at == opened)
        and (pick.closed is None or pick.closed == (row.closed_at is not None))
    )


def _fits(book: Book, row: ItemRow, pick: Pick, parent: str | None) -> bool:
    wanted = {
        "workflow": pick.workflow,
        "unit": pick.unit,
        "owner": pick.owner,
        "duty": pick.duty,
        "rule": pick.rule,
        "period": pick.period,
        "state": pick.state,
        "light": pick.light,
        "parent": parent,
    }
    if any(value is not None and getattr(row, name) != value for name, value in wanted.items()):
        return False
    fields, specs = json.loads(row.fields), book.workflows[row.workflow].spec.fields
    asked = plain_values(pick.fields, specs, book.zone)
    return all(same_value(fields.get(key), value) for key, value in asked.items())


def same_value(found: object, wanted: Plain) -> bool:
    """Numbers are equal by value: `60` is `60.0`."""
    if isinstance(found, str) and isinstance(wanted, int | str) and not isinstance(wanted, bool):
        return found == str(wanted) or (_number(found) is not None and _number(found) == _number(str(wanted)))
    return found == wanted


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text.replace(".", "", 1).lstrip("-").isdigit() else None


def find_one(reader: Reader, pick: Pick, names: Mapping[str, str], book: Book) -> ItemRow:
    found = find_items(reader, pick, names, book)
    if len(found) != 1:
        what = Naming(book).described(pick.model_dump(exclude_defaults=True))
        ids = ", ".join(row.id for row in found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
        raise PickError(
            f"应恰好指一件事项［{what.zh}］，实有 {len(found)} 件" + (f"：{ids}" if ids else ""),
            f"exactly one item is meant by {what.en}, there are {len(found)}" + (f": {ids}" if ids else ""),
        )
    return found[0]
