"""Roles that would find nobody: a leader of units that have none, a post field the item does not carry."""

from collections.abc import Iterable, Iterator

from engine.book.check.rules import actions_of
from engine.book.check.timing import fields_of
from engine.book.context import Context
from engine.book.finding import Path
from engine.book.hierarchy import PART_OF
from engine.book.hierarchy import above as above_of
from engine.book.rulework import opened
from rules.language import Rule

UNITS_SHOWN = 5
FOR = "for"
# Where a role is named, the role, and the group or field for each unit of which it is found.
Named = tuple[Path, str, str | None]


def check_nobody(context: Context) -> None:
    units = _units_by_workflow(context)
    for id, duty in context.data.duties.items():
        if duty.owner is not None:
            owing = _members_of(context, duty.for_)
            _check_leader(context, ("duties", id, "owner"), duty.owner, owing)
            _check_holds(context, ("duties", id, "owner"), duty.owner)
    for id, spec in context.data.rules.items():
        concerned = _units_of(context, spec, units)
        for path, role, each in _roles_in_fields(context, spec, ("rules", id)):
            _check_holds(context, path, role)
            _check_leader(context, path, role, _members_of(context, each) if each else concerned)
        for path, role, each in _roles_of(spec, ("rules", id)):
            _check_leader(context, path, role, _members_of(context, each) if each else concerned)
            _check_field(context, path, role, spec)
            if path[-1] == FOR:
                _check_holds(context, path, role)


def _roles_of(spec: Rule, path: Path) -> Iterator[Named]:
    for actions, where in actions_of(spec, path):
        for key, roles in (("remind", actions.remind), ("notify", actions.notify)):
            yield from (((*where, key, at), role, None) for at, role in enumerate(roles))
        for at, each in enumerate(actions.tell):
            to = (*where, "tell", at, "to")
            yield from (((*to, place), role, each.for_each) for place, role in enumerate(each.to))
        for key, at, opening in actions.openings:
            if opening.for_ is not None:
                yield (*where, key, at, FOR), opening.for_, opening.for_each


def _roles_in_fields(context: Context, spec: Rule, path: Path) -> Iterator[Named]:
    """Roles given as the value of a post field of what is opened, such as who chairs."""
    for actions, where in actions_of(spec, path):
        fields = fields_of(context.specs(opened(spec, actions)))
        posts = {name for name, field in fields.items() if field.type == "post"}
        each = next((opening.for_each for _, _, opening in (*actions.openings, *spec.then.openings)), None)
        given = [((*where, "with"), actions.with_, each)]
        given += [
            ((*where, key, at, "with"), opening.with_, opening.for_each)
            for key, at, opening in actions.openings
        ]
        for place, values, each in given:
            yield from (((*place, name), str(value), each) for name, value in values.items() if name in posts)


def _check_holds(context: Context, path: Path, role: str) -> None:
    """Whoever owes or holds something here has a post."""
    found = context.data.roles.get(role)
    if found is not None and found.mail is not None:
        zh = f"角色 {role} 是事项所写的机关以外的人，没有岗位，只能被告知"
        en = f"the role {role} is a person outside whom the item names: without a post, told and nothing else"
        context.note(path, "outsider_holds", zh=zh, en=en)


def _check_leader(context: Context, path: Path, role: str, units: Iterable[str]) -> None:
    data = context.data
    place, *way = (data.roles[role].is_ or "").split(".") if role in data.roles else ("",)
    if place != "unit":
        return
    found = {unit: _whose(context, unit, way) for unit in units if unit in data.units}
    above = [unit for unit, whose in found.items() if whose is None]
    if above:
        zh, en = _without_above(way[0])
        low_zh = "、".join(data.units[unit].zh for unit in above[:UNITS_SHOWN])
        low_en = ", ".join(data.units[unit].en for unit in above[:UNITS_SHOWN])
        zh = f"角色 {role} 找不到人：{low_zh} {zh}，请写 part_of"
        en = f"the role {role} finds nobody: {low_en} {en}: write part_of"
        context.note(path, "nobody", zh=zh, en=en)
    led = dict.fromkeys(whose for whose in found.values() if whose is not None)
    without = [unit for unit in led if way[-1] == "leader" and data.units[unit].leader is None]
    if without:
        names = [data.units[unit] for unit in without[:UNITS_SHOWN]]
        more_zh, more_en = (
            (f" 等{len(without)}个单位", " and others") if len(without) > UNITS_SHOWN else ("", "")
        )
        zh = (
            f"角色 {role} 找不到人：{'、'.join(unit.zh for unit in names)}{more_zh} 没有写分管负责同志 leader"
        )
        names_en = ", ".join(unit.en for unit in names) + more_en
        en = f"the role {role} finds nobody: no leader is given for {names_en}"
        context.note(path, "nobody", zh=zh, en=en)


def _without_above(step: str) -> tuple[str, str]:
    if step == PART_OF:
        return "没有上级单位", "is part of no unit"
    return f"不在任何 {step} 之内", f"is in no {step}"


def _whose(context: Context, unit: str, way: list[str]) -> str | None:
    """The unit whose head, liaison or leader is meant."""
    return unit if len(way) == 1 else above_of(context.data.units, unit, way[0])


def _check_field(context: Context, path: Path, role: str, spec: Rule) -> None:
    found = context.data.roles.get(role)
    written = (found.is_ or found.mail or "") if found else ""
    kind, field, *_ = f"{written}.".split(".")
    if kind != "item" or field == "owner":
        return
    for name in spec.for_:
        workflow = context.data.workflows.get(name)
        if workflow is not None and field not in workflow.fields:
            zh = f"角色 {role} 找不到人：流程 {name} 没有字段 {field}"
            en = f"the role {role} finds nobody: {name} has no field {field}"
            context.note(path, "nobody", zh=zh, en=en)


def _units_of(context: Context, spec: Rule, units: dict[str, set[str]]) -> list[str]:
    concerned: set[str] = set()
    for name in spec.for_:
        group = context.data.groups.get(name)
        concerned |= set(group.members if group and group.of == "units" else ()) | units.get(name, set())
    return sorted(concerned)


def _units_by_workflow(context: Context) -> dict[str, set[str]]:
    """The units that duties and the opening ledger give items to."""
    found: dict[str, set[str]] = {}
    owed = [(duty.opens, duty.for_) for duty in context.data.duties.values()]
    owed += [(entry.workflow, entry.for_) for entry in context.data.items.values()]
    for workflow, whom in owed:
        found.setdefault(workflow, set()).update(_members_of(context, whom))
    return found


def _members_of(context: Context, whom: str) -> list[str]:
    """The units of a group, or the one unit."""
    group = context.data.groups.get(whom)
    members = group.members if group and group.of == "units" else (whom,)
    return [unit for unit in members if unit in context.data.units]
