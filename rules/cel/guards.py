"""Which optional facts are known for sure once a guard has been decided."""

from rules.cel.tree import Choice, Conjunction, Constant, Disjunction, Expression, Negation, Presence

NOTHING: frozenset[str] = frozenset()


def known_if(node: Expression, verdict: bool) -> frozenset[str]:
    """Names of the facts that must be present whenever `node` came out as `verdict`."""
    match node:
        case Presence():
            return frozenset({node.fact.name}) if verdict else NOTHING
        case Negation():
            return known_if(node.inner, not verdict)
        case Conjunction() | Disjunction():
            each = [known_if(part, verdict) for part in node.parts]
            # All true, or none true, tells something of every part; one of them true only what they share.
            every_part = isinstance(node, Conjunction) == verdict
            return NOTHING.union(*each) if every_part else each[0].intersection(*each[1:])
        case Choice():
            yes = known_if(node.condition, True) | known_if(node.yes, verdict)
            no = known_if(node.condition, False) | known_if(node.no, verdict)
            if is_never(node.no, verdict):
                return yes
            return no if is_never(node.yes, verdict) else yes & no
        case _:
            return NOTHING


def is_never(node: Expression, verdict: bool) -> bool:
    return isinstance(node, Constant) and node.value is not verdict
