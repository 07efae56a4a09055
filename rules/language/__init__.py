"""What an author may write about time, measures and rules, and nothing else.

Plain data in, validated models out. Expressions inside strings (conditions, durations, moments,
periods, windows) are parsed by their own modules; names are cross-checked by the book reader.
"""

from rules.language.measure import Measure
from rules.language.rule import (
    Actions,
    Count,
    CountRung,
    Document,
    Extend,
    Move,
    Opening,
    Rule,
    Template,
    TimeRung,
    When,
)
from rules.language.time import Clock, During, Duty, Starts

__all__ = [
    "Actions",
    "Clock",
    "Count",
    "CountRung",
    "Document",
    "During",
    "Duty",
    "Extend",
    "Measure",
    "Move",
    "Opening",
    "Rule",
    "Starts",
    "Template",
    "TimeRung",
    "When",
]
