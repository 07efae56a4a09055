"""What the models complain of is said in Chinese too."""

import ast
from pathlib import Path

import engine.language.doings
import engine.language.expect
import engine.language.scenario
import engine.language.story
import rules.language.classes
import rules.language.dates
import rules.language.measure
import rules.language.rule
import rules.language.time
import rules.office
import rules.shape
import workflows.language
from engine.book.sentences import SENTENCES

MODELS = (
    engine.language.doings,
    engine.language.expect,
    engine.language.scenario,
    engine.language.story,
    rules.language.classes,
    rules.language.dates,
    rules.language.measure,
    rules.language.rule,
    rules.language.time,
    rules.office,
    rules.shape,
    workflows.language,
)


def complaints() -> set[str]:
    """The text of every `raise ValueError("…")` in the models."""
    found = set()
    for module in MODELS:
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                found |= {each.value for each in node.exc.args if isinstance(each, ast.Constant)}
    return {text for text in found if isinstance(text, str)}


def test_every_complaint_has_its_chinese_sentence_and_none_is_left_over() -> None:
    assert complaints() == set(SENTENCES)
