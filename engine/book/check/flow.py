"""Workflows: what the machine needs, the roles they name, and words that facts cannot have."""

from engine.book.check.roles import check_role
from engine.book.context import RULE, Context
from engine.book.facts import reserved
from engine.book.finding import Path
from workflows.check import check, roles_used
from workflows.language import Transition


def check_workflows(context: Context) -> None:
    for id, spec in context.data.workflows.items():
        for problem in check(id, spec):
            path = ("workflows", id, *problem.path)
            key = isinstance(problem.path[-1], str) if problem.path else True
            context.note(
                path,
                problem.code,
                zh=problem.zh,
                en=problem.en,
                near=problem.suggestion,
                key=key and problem.code in KEYED,
            )
        for role, paths in roles_used(spec).items():
            for path in paths:
                if role != RULE:
                    check_role(context, ("workflows", id, *path), role)
        for at, transition in enumerate(spec.transitions):
            _check_approvers(context, ("workflows", id, "transitions", at, "approvers"), transition)
        for field in filter(reserved, spec.fields):
            _note_reserved(context, ("workflows", id, "fields", field), field)
    for section in ("params", "measures"):
        for id in filter(reserved, context.names(section)):
            _note_reserved(context, (section, id), id)


# Problems with the thing itself, not with a word in it: shown at its key.
KEYED = frozenset({"unreachable", "no_way_out", "no_final", "choices_of_no_text", "success_of_open_state"})


def _check_approvers(context: Context, path: Path, transition: Transition) -> None:
    """So many different persons need at least so many posts."""
    roles = [context.data.roles[name] for name in transition.by if name in context.data.roles]
    posts = {post for role in roles for post in role.posts}
    relative = sum(not role.posts for role in roles)
    if len(roles) == len(transition.by) and len(posts) + relative < transition.persons:
        most = len(posts) + relative
        zh = f"事件 {transition.event} 要 {transition.persons} 人同意，可以提出的岗位最多只有 {most} 个"
        en = f"{transition.event} takes {transition.persons} persons, and only {most} may ask"
        context.note(path, "too_few_approvers", zh=zh, en=en)


def _note_reserved(context: Context, path: tuple[str, ...], word: str) -> None:
    zh = f"{word} 是条件语言的保留字，请换一个标识"
    en = f"{word} is a word of the condition language: choose another id"
    context.note(path, "reserved_word", zh=zh, en=en, key=True)
