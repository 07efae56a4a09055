"""The shape of an author's tests and of a made-up scenario: what only the engine can run.

Times are written in the book's own time zone: `2020-10-09 09:00`.
"""

from engine.language.doings import Do, LocalTime, Open, Pick, Values
from engine.language.expect import (
    Expect,
    ExpectClock,
    ExpectDocuments,
    ExpectFacts,
    ExpectItems,
    ExpectNotices,
    ExpectPossible,
    ExpectRules,
    Quiet,
)
from engine.language.scenario import Act, Character, Happening, Scenario, TurningPoint
from engine.language.story import People, Step, TestCase

__all__ = [
    "Act",
    "Character",
    "Do",
    "Expect",
    "ExpectClock",
    "ExpectDocuments",
    "ExpectFacts",
    "ExpectItems",
    "ExpectNotices",
    "ExpectPossible",
    "ExpectRules",
    "Happening",
    "LocalTime",
    "Open",
    "People",
    "Pick",
    "Quiet",
    "Scenario",
    "Step",
    "TestCase",
    "TurningPoint",
    "Values",
]
