"""A workflow as Mermaid text (stateDiagram-v2), for documents and pages."""

from typing import Literal

from workflows.language import WorkflowSpec

# These end a label or open an entity in Mermaid; their full-width forms read the same.
_SAFE = str.maketrans({'"': "”", ":": "：", ";": "；", "#": "＃", "\n": " "})


def draw(spec: WorkflowSpec, lang: Literal["zh", "en"] = "zh") -> str:
    """States are prefixed, because `end` or `note` as a state's name would be read as a keyword."""
    lines = ["stateDiagram-v2"]
    for name, state in spec.states.items():
        lines.append(f'    state "{_plain(state.zh if lang == "zh" else state.en)}" as s_{name}')
    lines.append(f"    [*] --> s_{spec.initial}")
    for each in spec.transitions:
        label = spec.label_of(each.event)
        text = _plain(label.zh if lang == "zh" else label.en)
        lines += [f"    s_{state} --> s_{each.to or state}: {text}" for state in each.from_]
    lines += [f"    s_{name} --> [*]" for name, state in spec.states.items() if state.final]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.translate(_SAFE)
