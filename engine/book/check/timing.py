"""Duties: the workflows, owners and fields they name; and what workflows have to offer to others."""

from collections.abc import Collection

from engine.book.check.values import check_needs, check_values
from engine.book.context import RULE, Context
from engine.book.finding import Path
from rules.language import Duty
from workflows.language import FieldSpec, WorkflowSpec

DATES = ("date", "moment")


def check_timing(context: Context) -> None:
    for id, duty in context.data.duties.items():
        _check_duty(context, ("duties", id), duty)


def events_of(specs: Collection[WorkflowSpec]) -> set[str]:
    """`open` is the event of being opened."""
    return {each.event for spec in specs for each in spec.transitions} | {"open"}


def states_of(specs: Collection[WorkflowSpec]) -> set[str]:
    return {state for spec in specs for state in spec.states}


def fields_of(specs: Collection[WorkflowSpec]) -> dict[str, FieldSpec]:
    return {name: field for spec in specs for name, field in spec.fields.items()}


def known_workflows(context: Context, path: Path, names: Collection[str]) -> list[WorkflowSpec] | None:
    """The workflows named; None when one is unknown or not well formed, so that no more can be said."""
    context.check_all(path, "workflow", names, context.names("workflows"))
    specs = context.specs(names)
    return specs if len(specs) == len(names) else None


def _check_duty(context: Context, path: Path, duty: Duty) -> None:
    _check_owner(context, path, duty)
    specs = known_workflows(context, (*path, "opens"), (duty.opens,))
    if not specs:
        return
    spec = specs[0]
    if RULE not in spec.opened_by:
        zh = f"流程 {duty.opens} 不能由规则立项，请在 opened_by 加 rule"
        en = f"rules may not open a {duty.opens}: add rule to its opened_by"
        context.note((*path, "opens"), "not_opened_by_rules", zh=zh, en=en)
    check_values(context, (*path, "with"), duty.with_, spec.fields, of=duty.opens, plain=True, roles=False)
    check_needs(context, path, spec.needs, {*duty.with_, "due"}, of=duty.opens)


def _check_owner(context: Context, path: Path, duty: Duty) -> None:
    """The post that owes a duty for each unit: one, whatever the unit."""
    owner, data = duty.owner, context.data
    if owner is None or not context.check((*path, "owner"), "role", owner, context.names("roles")):
        return
    role, group = data.roles.get(owner), data.groups.get(duty.for_)
    of_posts = group.of == "posts" if group else duty.for_ in data.roles
    if of_posts and duty.for_ not in data.units:
        zh = "owner 只用于单位或单位分组：岗位承担的责任已有责任岗位"
        en = "`owner` is for a unit or a group of units: what posts owe has its owner already"
        context.note((*path, "owner"), "owner_of_posts", zh=zh, en=en, key=True)
    elif role is not None and len(role.posts) != 1 and not (role.is_ or "").startswith("unit."):
        zh = f"角色 {owner} 不能确定一个责任岗位：请写只有一个岗位的角色，或 is: unit.head 一类的角色"
        en = f"the role {owner} names no one post: take a role with one post, or one such as `is: unit.head`"
        context.note((*path, "owner"), "owner_unclear", zh=zh, en=en)
