"""Cross-checks of a book: every name, every fit of one part with another, all findings at once."""

from collections.abc import Mapping

from engine.book.check.absorption import check_absorption
from engine.book.check.asked import check_asked
from engine.book.check.border import check_border
from engine.book.check.classes import check_classes
from engine.book.check.clocks import check_clocks
from engine.book.check.conflicts import check_conflicts
from engine.book.check.contents import check_contents
from engine.book.check.cycles import check_cycles
from engine.book.check.dates import check_dates
from engine.book.check.flow import check_workflows
from engine.book.check.languages import check_languages
from engine.book.check.measures import check_measures
from engine.book.check.nobody import check_nobody
from engine.book.check.office import check_office
from engine.book.check.pauses import check_pauses
from engine.book.check.persons import check_persons
from engine.book.check.rules import check_rules
from engine.book.check.spans import check_spans
from engine.book.check.steps import check_steps
from engine.book.check.stories import check_stories
from engine.book.check.thresholds import check_thresholds
from engine.book.check.timing import check_timing
from engine.book.check.unused import check_unused
from engine.book.check.verdicts import check_verdicts
from engine.book.check.words import check_words
from engine.book.compiled import CompiledClass, CompiledClock, CompiledDuty, CompiledRule
from engine.book.context import Context


def check(
    context: Context,
    rules: Mapping[str, CompiledRule],
    clocks: Mapping[str, CompiledClock],
    duties: Mapping[str, CompiledDuty],
    classes: Mapping[str, CompiledClass],
) -> None:
    """Adds what it finds to the context. Rules, clocks, duties and classes are those that were compiled."""
    check_office(context)
    check_workflows(context)
    check_timing(context)
    check_clocks(context, rules, clocks)
    check_pauses(context, rules)
    check_classes(context)
    check_asked(context, clocks, classes)
    check_measures(context)
    check_rules(context, rules)
    check_absorption(context, rules)
    check_dates(context, rules)
    check_verdicts(context, rules, clocks)
    check_conflicts(context, rules)
    check_thresholds(context, rules)
    check_steps(context, rules)
    check_spans(context, rules, clocks, duties)
    check_words(context)
    check_languages(context)
    check_nobody(context)
    check_persons(context, rules)
    check_border(context)
    check_cycles(context)
    check_contents(context)
    check_stories(context)
    check_unused(context, rules, clocks)
