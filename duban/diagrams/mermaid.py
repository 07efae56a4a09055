"""A workflow as Mermaid text, with who may do what on the arrows."""

from duban.views.phrases import Voice
from workflows.diagram import draw
from workflows.language import WorkflowSpec


def mermaid(voice: Voice, spec: WorkflowSpec) -> str:
    names = {role: voice.role(role) for each in spec.transitions for role in each.by}
    return draw(spec, voice.language, names)
