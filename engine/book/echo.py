"""What is unknown only because the piece that declares it is itself wrong: told there, and not again."""

from collections.abc import Collection, Iterator

from engine.book.context import Context

ITEMS = ("item", "parent", "args", "change")
SCOPES = {
    "事项": "item",
    "上级": "parent",
    "参数值": "args",
    "变动": "change",
    "参数": "params",
    "时限": "clock",
}


def is_echo(context: Context, fact: str) -> bool:
    """Whether a fact nobody knows would be there, were it not for a mistake that has been told."""
    scope, _, rest = fact.partition(".")
    scope, id = SCOPES.get(scope, scope), rest.partition(".")[0]
    if not (context.wrong and id):
        return False
    if scope in ITEMS and any(_missing(context, "workflows", context.data.workflows)):
        return True
    sections: dict[str, tuple[str, Collection[str]]] = {
        "clock": ("clocks", context.data.clocks),
        "params": ("params", context.data.params),
    }
    section, sound = sections.get(scope, ("measures", context.measures))
    lost = [*_missing(context, section, sound)]
    if scope == "item":
        lost += _missing(context, "formulas", context.formulas)
    return id in lost


def _missing(context: Context, section: str, sound: Collection[str]) -> Iterator[str]:
    """What is written there and is not sound, by id and by its Chinese label."""
    for name in context.names(section):
        if name not in sound:
            yield name
            label = context.root.find((section, name, "label", "zh")).value
            if isinstance(label, str):
                yield label
