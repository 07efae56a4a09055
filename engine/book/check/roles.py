"""Roles that are named. Often a post, a unit or a group is named instead: a sentence says so."""

from collections.abc import Collection

from engine.book.context import Context
from engine.book.finding import Path


def check_roles(context: Context, path: Path, names: Collection[str]) -> None:
    for at, name in enumerate(names):
        check_role(context, (*path, at), name)


def check_role(context: Context, path: Path, name: str) -> None:
    if name in context.names("roles"):
        return
    zh, en = _what(context, name)
    if not en:
        context.unknown(path, "role", name, context.names("roles"))
        return
    context.note(path, "unknown_role", zh=f"{name} 是{zh}", en=f"{name} is {en}")


def _what(context: Context, name: str) -> tuple[str, str]:
    """What else is called so, with the way out; nothing where nothing is."""
    if name in context.post_names:
        holding = [id for id, role in context.data.roles.items() if name in role.posts]
        if holding:
            return f"岗位，这里写角色：{'、'.join(holding)}", f"a post; name a role: {', '.join(holding)}"
        return (
            f"岗位，这里写角色：请在 roles 中声明一个 posts: {name} 的角色",
            f"a post; name a role: declare one under roles with posts: {name}",
        )
    if name in context.names("units"):
        return (
            "单位，这里写角色，例如 is: unit.head 的角色，或 posts 写它的岗位的角色",
            "a unit; name a role, such as one with is: unit.head, or with posts of this unit",
        )
    if name in context.names("groups"):
        return (
            f"分组，这里写角色：逐个单位告知，写 tell 并加 for_each: {name}",
            f"a group; name a role: to tell each unit of it, write tell with for_each: {name}",
        )
    return "", ""
