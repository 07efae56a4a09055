"""A workflow as Mermaid text (stateDiagram-v2), for documents and pages."""

from collections.abc import Mapping
from typing import Literal

from workflows.language import Transition, WorkflowSpec

# These end a label or open an entity in Mermaid; their full-width forms read the same.
_SAFE = str.maketrans({'"': "”", ":": "：", ";": "；", "#": "＃", "\n": " "})


def draw(spec: WorkflowSpec, lang: Literal["zh", "en"] = "zh", names: Mapping[str, str] | None = None) -> str:
    """States are prefixed, because `end` or `note` as a state's name would be read as a keyword.

    `names`: roles as people call them; with them, who may do it stands on the arrow.
    """
    lines = ["stateDiagram-v2"]
    for name, state in spec.states.items():
        lines.append(f'    state "{_plain(state.zh if lang == "zh" else state.en)}" as s_{name}')
    lines.append(f"    [*] --> s_{spec.initial}")
    for each in spec.transitions:
        text = _plain(_said(spec, each, lang, names))
        lines += [f"    s_{state} --> s_{each.to or state}: {text}" for state in each.from_]
    lines += [f"    s_{name} --> [*]" for name, state in spec.states.items() if state.final]
    return "\n".join(lines) + "\n"


def _said(spec: WorkflowSpec, each: Transition, lang: str, names: Mapping[str, str] | None) -> str:
    label = spec.label_of(each.event)
    event = label.zh if lang == "zh" else label.en
    if names is None:
        return event
    who = ("、" if lang == "zh" else ", ").join(names.get(role, role) for role in each.by)
    return f"{event}（{who}）" if lang == "zh" else f"{event} ({who})"


def _plain(text: str) -> str:
    return text.translate(_SAFE)
