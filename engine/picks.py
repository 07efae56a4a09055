"""Find the items that a test or a scenario means: by the name it gave them, or by what they are."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.language import Pick, Values
from store.read import Reader
from store.rows import ItemRow, Plain


class PickError(ValueError):
    """No item, or more than one, where a story means exactly one."""


def plain_values(values: Values) -> dict[str, Plain]:
    """As fields are kept: decimals as text, lists as lists."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: object) -> Plain:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [str(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a field cannot be a {type(value).__name__}")


def find_items(reader: Reader, pick: Pick, names: Mapping[str, str], zone: ZoneInfo) -> tuple[ItemRow, ...]:
    if pick.name is not None:
        if pick.name not in names:
            known = ", ".join(sorted(names)) or "none yet"
            raise PickError(f"no step before has named an item `{pick.name}` (named: {known})")
        rows: Iterable[ItemRow] = reader.items_by_id([names[pick.name]]).values()
    else:
        rows = reader.list_items(
            workflow=pick.workflow, unit=pick.unit, owner=pick.owner, include_sealed=True
        )
    parent = names.get(pick.parent, pick.parent) if pick.parent else None
    return tuple(row for row in rows if _fits(row, pick, parent) and _shows(row, pick, zone))


def _shows(row: ItemRow, pick: Pick, zone: ZoneInfo) -> bool:
    """What is not asked as it stands in the row."""
    opened = f"{row.opened_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return (
        (pick.title is None or pick.title in row.title)
        and (pick.opened_at is None or pick.opened_at == opened)
        and (pick.closed is None or pick.closed == (row.closed_at is not None))
    )


def _fits(row: ItemRow, pick: Pick, parent: str | None) -> bool:
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
    fields = json.loads(row.fields)
    return all(same_value(fields.get(key), value) for key, value in plain_values(pick.fields).items())


def same_value(found: object, wanted: Plain) -> bool:
    """Numbers are equal by value: `60` is `60.0`."""
    if isinstance(found, str) and isinstance(wanted, int | str) and not isinstance(wanted, bool):
        return found == str(wanted) or (_number(found) is not None and _number(found) == _number(str(wanted)))
    return found == wanted


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text.replace(".", "", 1).lstrip("-").isdigit() else None


def find_one(reader: Reader, pick: Pick, names: Mapping[str, str], zone: ZoneInfo) -> ItemRow:
    found = find_items(reader, pick, names, zone)
    if len(found) != 1:
        what = pick.name or pick.model_dump(exclude_defaults=True)
        raise PickError(
            f"exactly one item is meant by {what}, there are {len(found)}: {[row.id for row in found][:5]}"
        )
    return found[0]
