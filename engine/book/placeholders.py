"""Placeholders in texts: `{unit}`, `{due}`, `{item.progress}`; which there are, and where they stand."""

import re
from collections.abc import Collection

from engine.book.context import Context
from engine.book.finding import Path, hint
from rules.cel import Facts
from rules.shape import Label
from workflows.language import Label as WorkflowLabel

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ABOUT_UNIT = frozenset({"unit", "owner"})
ABOUT_ITEM = ABOUT_UNIT | {"id", "title", "state", "due", "period", "workflow"}
ABOUT_DUTY = ABOUT_UNIT | {"period"}
# What a rule knows when it speaks.
ABOUT_DECISION = frozenset({"because", "basis", "nth", "now", "document", "period"})
NO_FACTS = Facts(())


def check_label(
    context: Context,
    path: Path,
    label: Label | WorkflowLabel,
    words: Collection[str],
    facts: Facts = NO_FACTS,
) -> frozenset[str]:
    """The facts that the text reads, by canonical name; what is neither word nor fact is found wanting."""
    zh = check_text(context, (*path, "zh"), label.zh, words, facts)
    if label.en == label.zh:  # it is written once
        return zh
    return zh | check_text(context, (*path, "en"), label.en, words, facts)


def check_text(
    context: Context, path: Path, text: str, words: Collection[str], facts: Facts = NO_FACTS
) -> frozenset[str]:
    read = set()
    for found in PLACEHOLDER.finditer(text):
        name = found[1]
        fact = facts.find(name)
        if name in words:
            continue
        if fact is not None and fact.name == name:
            read.add(name)
            continue
        zh, en, near = hint(name, {*words, *(each.name for each in facts)})
        context.note(
            path,
            "unknown_placeholder",
            zh=f"没有占位符 {{{name}}}{zh}",
            en=f"unknown placeholder {{{name}}}{en}",
            near=near,
        )
    return frozenset(read)
