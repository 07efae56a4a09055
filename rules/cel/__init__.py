"""The condition language: a strict subset of CEL, checked against declared facts when a book is loaded.

Whatever is accepted here, Google's CEL accepts with the same verdict; `Condition.portable` is the text to
give it. Two differences are intended: numbers are exact decimals, where CEL rounds doubles, and a
number divided by zero has no verdict, where CEL goes on with infinity.
"""

from rules.cel.condition import Condition, Line, Term, compile_condition
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
    "Term",
    "Value",
    "compile_condition",
]
