"""The condition language: a strict subset of CEL, checked against declared facts when a book is loaded."""

from rules.cel.condition import Condition, Line, compile_condition
from rules.cel.facts import Fact, Facts, Kind, Value
from rules.cel.faults import ConditionError, ConditionFailed, FactMissing, FactMistyped, Language

__all__ = [
    "Condition",
    "ConditionError",
    "ConditionFailed",
    "Fact",
    "FactMissing",
    "FactMistyped",
    "Facts",
    "Kind",
    "Language",
    "Line",
    "Value",
    "compile_condition",
]
