"""Which field of the language names what: the one table behind completion, hover and marked slips of the pen.

To place a new field, say what it names: a section of a book (`roles`, `units`), or a noun of `nouns.py`
(`states`, `events`, `fields`, …); several, separated by blanks, where several kinds of names may stand; an
empty text where the author makes the name up. A field of a base class is placed once, there.
"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, TypeAdapter

from rules.shape import Address, Identifier

Placed = Mapping[str, Mapping[str, str]]

# By model and field, as it is written: what its value names.
VALUES: Placed = {
    "Act": {"state": "states", "event": "events", "by": "roles"},
    "Actions": {"remind": "roles", "notify": "roles", "template": "templates"},
    "Admitted": {"event": "events opening", "on": "date_fields happened"},
    "Alias": {"unit": "units"},
    "BookInfo": {"id": "", "calendar": "calendars library_calendars", "uses": "library"},
    "CalendarSpec": {"from": "library_calendars", "also_off": "calendars library_calendars"},
    "Character": {"after_interview": "characters"},
    "Cases": {"of": "scoped_measures"},
    "Class": {"of": "workflows", "field": "text_fields", "while": "clocks"},
    "Clause": {"maps": "targets"},
    "Clock": {
        "of": "workflows",
        "due": "date_fields",
        "calendar": "calendars library_calendars",
        "law": "laws",
        "roll_to": "dates",
        "stops": "states",
        "stopped_by": "events",
        "done_on": "date_fields happened",
        "cancels": "states",
        "resumes": "events",
        "admits": "events opening",
    },
    "Count": {"measure": "scoped_measures"},
    "Do": {"event": "events", "by": "posts", "refused": "refusals"},
    "Document": {"template": "templates", "rows": "groups units_fields", "order": "scoped_measures"},
    "Duty": {
        "calendar": "calendars library_calendars",
        "opens": "workflows",
        "for": "groups units roles",
        "owner": "roles",
        "law": "laws",
        "roll_to": "dates",
    },
    "Entry": {"workflow": "workflows", "for": "groups units roles", "partners": "groups units"},
    "Expect": {"shadow": "rules"},
    "ExpectClock": {"clock": "clocks", "outcome": "outcomes", "cause": ""},
    "ExpectDocuments": {"item": "", "template": "templates"},
    "ExpectFacts": {"unit": "units", "owner": "posts", "item": "", "measure": "measures", "fact": "facts"},
    "ExpectItems": {"name": "", "state": "states", "light": "lights"},
    "ExpectNotices": {"rule": "rules", "item": "", "to": "posts roles", "template": "templates"},
    "ExpectPossible": {"by": "posts", "events": "events"},
    "ExpectRules": {"rule": "rules", "item": "", "unit": "units", "owner": "posts"},
    "Extend": {"clock": "clocks"},
    "Formula": {"of": "workflows"},
    "Group": {"members": "units posts"},
    "Measure": {
        "calendar": "calendars library_calendars",
        "fixed_by": "rules",
        "items": "workflows",
        "clocks": "clocks",
        "events": "events opening",
        "of": "workflows",
        "states": "states",
        "not_states": "states",
        "on": "date_fields counted_dates",
        "field": "fields",
        "same": "fields item_unit",
        "over": "levels",
        "by": "party_fields",
        "after": "scoped_measures",
    },
    "Move": {"event": "events", "workflow": "workflows"},
    "NamedDates": {"calendar": "calendars library_calendars"},
    "Open": {
        "units": "groups",
        "name": "",
        "workflow": "workflows",
        "unit": "units",
        "owner": "posts",
        "parent": "",
        "by": "posts",
        "refused": "refusals",
    },
    "Opening": {
        "workflow": "workflows",
        "for": "roles units posts",
        "for_each": "groups units_fields",
        "each": "list_fields",
    },
    "Pick": {
        "name": "",
        "workflow": "workflows",
        "unit": "units",
        "owner": "posts",
        "duty": "duties",
        "rule": "rules",
        "parent": "",
        "state": "states",
        "light": "lights",
    },
    "Pause": {
        "states": "states",
        "from": "events",
        "until": "events",
        "since": "date_fields",
        "back": "date_fields",
    },
    "People": {"vacant": "posts", "same": "posts"},
    "Post": {"unit": "units"},
    "Quiet": {"rule": "rules", "item": ""},
    "Rank": {"of": "scoped_measures", "among": "groups", "within": "kinds"},
    "Relay": {"of": "clocks"},
    "Role": {"posts": "posts", "is": "relatives", "mail": "item_addresses", "name": "item_texts"},
    "Rule": {
        "calendar": "calendars library_calendars",
        "for": "workflows groups office",
        "law": "laws",
        "yields_to": "rules",
    },
    "Sample": {"of": "scoped_measures"},
    "Scenario": {"default": "characters", "units": "characters"},
    "Starts": {"state": "states", "event": "events opening", "on": "date_fields happened"},
    "Tell": {"to": "roles", "template": "templates", "for_each": "groups units_fields"},
    "TestCase": {"duties": "duties"},
    "TimeRung": {"only": "dates"},
    "Transition": {
        "event": "",
        "from": "states",
        "to": "states",
        "by": "roles machine",
        "needs": "fields",
        "takes": "fields",
        "not_by": "events relations parents_events",
        "approvers": "roles",
    },
    "TurningPoint": {"workflow": "workflows", "event": "events"},
    "Unit": {"kind": "", "leader": "posts", "part_of": "units"},
    "When": {
        "clock": "clocks",
        "dates": "dates",
        "event": "events opening",
        "before": "events opening",
        "change": "fields",
    },
    "While": {"clock": "clocks", "by": "date_fields happened"},
    "WorkflowSpec": {
        "readers": "roles",
        "opened_by": "roles machine",
        "needs": "fields",
        "initial": "states",
    },
}

# By model and field: what the keys of its mapping name. Sections of a book are not here: their keys are new.
KEYS: Placed = {
    "Act": {"with": "fields"},
    "Actions": {"with": "fields", "set": "fields"},
    "Class": {"levels": ""},
    "Clock": {"pauses": ""},
    "Do": {"with": "fields"},
    "Duty": {"with": "fields"},
    "Entry": {"with": "fields"},
    "ExpectItems": {"fields": "fields"},
    "FieldSpec": {"one_of": ""},
    "Measure": {"where": "fields"},
    "Move": {"with": "fields"},
    "Open": {"with": "fields"},
    "Opening": {"with": "fields"},
    "Pick": {"fields": "fields"},
    "Scenario": {"characters": "", "units": "units posts", "acts": "workflows"},
    "TestCase": {"params": "params"},
    "Unit": {"facts": ""},
    "WorkflowSpec": {"fields": "", "states": ""},
}

# Names are offered here, but others are no mistake: a test may ask for what must be refused.
LOOSE = frozenset({("Do", "event"), ("Do", "by"), ("Do", "with"), ("ExpectFacts", "fact")})

# Instead of a name there may stand an expression that yields one.
EXPRESSED = frozenset({("Opening", "for")})

# Beside `if` and `require`, what is reckoned from facts.
RECKONED = frozenset({("Measure", "is"), ("Formula", "is")})

NAMES = frozenset(TypeAdapter(each).json_schema()["pattern"] for each in (Identifier, Address))


def placed(places: Placed, model: str, field: str) -> tuple[str, ...] | None:
    """What stands there, in the model's own line or that of what it is made from; None: not in the table."""
    for name in _lines().get(model, (model,)):
        if field in places.get(name, {}):
            return tuple(places[name][field].split())
    return None


def _lines() -> Mapping[str, tuple[str, ...]]:
    """By name of a model, the names of all that it is made from, itself first."""
    return {each.__name__: tuple(base.__name__ for base in each.__mro__) for each in _below(BaseModel)}


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)
