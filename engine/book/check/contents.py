"""The opening ledger and the map of clauses."""

from engine.book.check.timing import known_workflows
from engine.book.check.values import check_needs, check_values
from engine.book.context import NOUNS, Context
from engine.book.finding import Path, hint
from rules.office import Entry

# What a clause may point to, and the section that holds it.
PLACES = {
    "rule": "rules",
    "duty": "duties",
    "workflow": "workflows",
    "clock": "clocks",
    "class": "classes",
    "measure": "measures",
    "formula": "formulas",
    "dates": "dates",
    "law": "laws",
    "template": "templates",
    "unit": "units",
    "group": "groups",
    "post": "posts",
    "role": "roles",
    "param": "params",
    "reference": "references",
    "item": "items",
    "alias": "aliases",
    "test": "tests",
}
WHOLE = "book"


def check_contents(context: Context) -> None:
    for id, entry in context.data.items.items():
        _check_entry(context, ("items", id), entry)
    for id, clause in context.data.clauses.items():
        for at, target in enumerate(clause.maps):
            _check_target(context, ("clauses", id, "maps", at), target)


def _check_entry(context: Context, path: Path, entry: Entry) -> None:
    members = {*context.names("units"), *context.names("groups")}
    owers = {*members, *context.names("roles")}
    context.check((*path, "for"), "unit", entry.for_, owers)
    role = context.data.roles.get(entry.for_)
    if role is not None and not role.posts and entry.for_ not in members:
        zh = f"角色 {entry.for_} 因事项而异，开账事项没有责任对象：请写分组、单位，或写明岗位的角色"
        en = f"the role {entry.for_} differs from item to item: name a group, a unit or a role with posts"
        context.note((*path, "for"), "relative_ower", zh=zh, en=en)
    context.check_all((*path, "partners"), "unit", entry.partners, members)
    specs = known_workflows(context, (*path, "workflow"), (entry.workflow,))
    if specs:
        check_values(context, (*path, "with"), entry.with_, specs[0].fields, of=entry.workflow, plain=True)
        check_needs(context, path, specs[0].needs, entry.with_, of=entry.workflow)


def _check_target(context: Context, path: Path, target: str) -> None:
    kind, _, id = target.partition(":")
    if target == WHOLE:
        return
    if kind not in PLACES:
        zh, en, near = hint(kind, PLACES)
        context.note(
            path,
            "unknown_target",
            zh=f"没有 {kind} 这类落点{zh}",
            en=f"unknown kind of target {kind}{en}",
            near=near,
        )
        return
    known = context.post_names if kind == "post" else context.names(PLACES[kind])
    if id not in known:
        zh, en, near = hint(id, known)
        noun = NOUNS.get(kind, "事项")
        context.note(
            path, f"unknown_{kind}", zh=f"没有{noun} {id}{zh}", en=f"unknown {kind} {id}{en}", near=near
        )
