"""What may be named at a place, by noun: the sections of a book, and names that are made from them."""

from collections.abc import Iterable, Mapping
from typing import get_args

from engine.book.check.contents import PLACES, WHOLE
from engine.book.check.doings import REFUSALS
from engine.book.check.measures import COUNTED_DATES
from engine.book.check.timing import DATES
from engine.book.facts import LIGHTS
from engine.book.library import LibraryFile, calendar_names, library_files
from engine.book.schema.names import Flow, Labelled, Names, label_of
from rules.time.clock_state import Outcome

# Names that are the same in every book.
WORDS: Mapping[str, Labelled] = {
    "office": {"office": "本机关 | the office as a whole"},
    "machine": {"rule": "规则 | a rule of the book"},
    "opening": {"open": "立项 | being opened"},
    "relations": {
        "open": "立项人 | who opened the item",
        "parent": "上级事项的办理人 | who acted on the item that it belongs to",
        "own_unit": "本单位人员 | who belongs to the unit that it is about",
    },
    "happened": {"happened": "事件之日 | the event's own date"},
    "item_unit": {"unit": "事项所属的单位 | the unit of the item"},
    "levels": {"own": "本单位 | the unit itself", "below": "含下级 | with the units below it"},
    "counted_dates": dict.fromkeys((name for names in COUNTED_DATES.values() for name in names), ""),
    "lights": {
        **dict.fromkeys(LIGHTS, ""),
        "none": "不亮 | none",
        "green": "绿 | green",
        "yellow": "黄 | yellow",
        "red": "红 | red",
    },
    "outcomes": {
        **dict.fromkeys(get_args(Outcome), ""),
        "running": "进行中 | running",
        "met": "按时 | met",
        "missed": "逾期 | missed",
        "cancelled": "取消 | cancelled",
    },
    "refusals": dict.fromkeys(sorted(REFUSALS), ""),
}
RELATIVES = {
    "unit.head": "单位主要负责同志 | head of the unit",
    "unit.liaison": "单位联络员 | liaison of the unit",
    "unit.leader": "分管负责同志 | leader in charge of the unit",
    "item.owner": "责任岗位 | post that owes the item",
}
POSTS_OF_A_UNIT = (
    ("head", "主要负责同志", "head"),
    ("liaison", "联络员", "liaison"),
    ("leader", "分管负责同志", "leader in charge"),
)
# Fields of some types.
TYPES: Mapping[str, tuple[str, ...]] = {
    "date_fields": DATES,
    "list_fields": ("texts",),
    "text_fields": ("text",),
    "units_fields": ("units",),
    "post_fields": ("post",),
    "mail_fields": ("mail",),
    "unit_fields": ("unit",),
    "party_fields": ("unit", "post"),
}
OF_A_FLOW = ("states", "events", "fields", *TYPES)


def shipped_nouns() -> dict[str, Labelled]:
    """What is known without a book."""
    files = library_files("rules")
    return {
        **WORDS,
        "library": {each.name: _summary(each) for each in files},
        "library_calendars": dict.fromkeys(calendar_names(), "规则库的日历 | calendar of the library"),
    }


def pieces_of(section: str) -> Labelled:
    """What `from` may take, by `<file>/<id>`."""
    found = (each for room in ("rules", "workflows") for each in library_files(room))
    return {
        f"{file.name}/{id}": label_of(node.plain())
        for file in found
        for id, node in file.pieces.get(section, {}).items()
    }


def nouns_of(names: Names) -> dict[str, Labelled]:
    flows = list(names.flows.values())
    joined = {noun: _joined(flow_nouns(flow)[noun] for flow in flows) for noun in OF_A_FLOW}
    items = {
        noun: {f"item.{name}": label for name, label in joined[noun].items()}
        for noun in ("post_fields", "mail_fields", "text_fields")
    }
    measures = {f"{names.scopes[id]}.{id}": label for id, label in names.sections.get("measures", {}).items()}
    return {
        **{section: dict(content) for section, content in names.sections.items()},
        **shipped_nouns(),
        **joined,
        "scoped_measures": measures,
        "parents_events": {f"parent.{name}": label for name, label in joined["events"].items()},
        "facts": {**_facts(names, joined["fields"]), **measures},
        "levels": {**dict.fromkeys(names.kinds, "单位类别 | kind of unit"), **WORDS["levels"]},
        "characters": names.characters,
        "relatives": {**items["post_fields"], **_relatives(names, joined["unit_fields"]), **RELATIVES},
        "item_addresses": items["mail_fields"],
        "item_texts": items["text_fields"],
        "kinds": dict.fromkeys(names.kinds, "单位类别 | kind of unit"),
        "targets": _targets(names),
    }


def _facts(names: Names, fields: Labelled) -> Labelled:
    """What an item is asked for most."""
    return {f"item.{id}": label for id, label in {**fields, **names.sections.get("formulas", {})}.items()}


def flow_nouns(flow: Flow) -> dict[str, Labelled]:
    """The names within one workflow."""
    by_type = {
        noun: {name: label for name, label in flow.fields.items() if flow.types[name] in types}
        for noun, types in TYPES.items()
    }
    return {"states": flow.states, "events": flow.events, "fields": flow.fields, **by_type}


def _joined(parts: Iterable[Labelled]) -> Labelled:
    """The union; one name with several labels shows each once."""
    labels: dict[str, dict[str, None]] = {}
    for part in parts:
        for name, label in part.items():
            labels.setdefault(name, {})[label] = None
    return {name: " / ".join(filter(None, each)) for name, each in sorted(labels.items())}


def _relatives(names: Names, fields: Labelled) -> Labelled:
    """The head, liaison and leader of a unit above, and of one that a field names."""
    units = {f"item.{name}": label for name, label in fields.items()}
    units |= {f"unit.{kind}": f"所在的 {kind} | the {kind} it is in" for kind in names.kinds}
    units["unit.part_of"] = "上级单位 | the unit it is part of"
    found = {}
    for unit, label in units.items():
        whose_zh, _, whose_en = label.partition(" | ")
        for post, post_zh, post_en in POSTS_OF_A_UNIT:
            found[f"{unit}.{post}"] = f"{whose_zh}的{post_zh} | {post_en} of {whose_en or whose_zh}"
    return found


def _targets(names: Names) -> Labelled:
    return {
        WHOLE: "总则 | the book as a whole",
        **{
            f"{kind}:{id}": label
            for kind, section in PLACES.items()
            for id, label in names.sections.get(section, {}).items()
        },
    }


def _summary(file: LibraryFile) -> str:
    """The rules that a file brings along, or whatever else it holds."""
    shown = file.pieces.get("rules") or next(iter(file.pieces.values()), {})
    labels = [label_of(node.plain()).partition(" | ") for node in shown.values()]
    zh = "、".join(filter(None, (each[0] for each in labels)))
    en = ", ".join(filter(None, (each[2] for each in labels)))
    return f"{zh} | {en}" if zh else ""
