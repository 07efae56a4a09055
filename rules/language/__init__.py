"""What an author may write about time, measures and rules, and nothing else.

Plain data in, validated models out. Expressions inside strings (conditions, durations, moments,
periods, windows) are parsed by their own modules; names are cross-checked by the book reader.
"""

from rules.language.classes import Class, While
from rules.language.dates import Formula, Law, NamedDates
from rules.language.measure import Measure, Periods, Rank, Sample
from rules.language.rule import (
    Actions,
    Cases,
    Count,
    CountRung,
    Document,
    Move,
    Opening,
    Rule,
    Tell,
    Template,
    TimeRung,
    When,
)
from rules.language.time import (
    Admitted,
    BudgetCase,
    Clock,
    During,
    Duty,
    Extend,
    Extensions,
    Pause,
    Relay,
    Starts,
)

__all__ = [
    "Actions",
    "Admitted",
    "BudgetCase",
    "Cases",
    "Class",
    "Clock",
    "Count",
    "CountRung",
    "Document",
    "During",
    "Duty",
    "Extend",
    "Extensions",
    "Formula",
    "Law",
    "Measure",
    "Move",
    "NamedDates",
    "Opening",
    "Pause",
    "Periods",
    "Rank",
    "Relay",
    "Rule",
    "Sample",
    "Starts",
    "Tell",
    "Template",
    "TimeRung",
    "When",
    "While",
]
