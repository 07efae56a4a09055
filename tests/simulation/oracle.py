"""What must hold, whatever happened: each check has the name that reliability.md gives it.

Reads tables and log with SQL and json; what should have fired it works out from moments.py and clocks.py and
from what the people did. It imports nothing of the engine, the rules or the store.
"""

from collections.abc import Callable, Iterator

from tests.simulation import oracle_items, oracle_log, oracle_outbox, oracle_regime
from tests.simulation.evidence import Evidence
from tests.simulation.records import Ask, Records, Violation

Check = Callable[[Records, Evidence], Iterator[Violation]]
SAFETY: tuple[Check, ...] = (
    oracle_log.chain,
    oracle_log.times,
    oracle_log.kept,
    oracle_log.firings,
    oracle_log.images,
    oracle_items.replay,
    oracle_items.series,
    oracle_items.instants,
    oracle_regime.moments,
    oracle_regime.after_end,
    oracle_regime.order,
    oracle_regime.counts,
    oracle_regime.consequences,
    oracle_outbox.called_for,
    oracle_outbox.words,
    oracle_outbox.formal_once,
    oracle_outbox.patience,
    oracle_outbox.sequence,
    oracle_outbox.once,
    oracle_outbox.moot,
)
# Only where nothing goes wrong any more.
LIVENESS: tuple[Check, ...] = (
    oracle_items.resolved,
    oracle_items.parked,
    oracle_regime.fired,
    oracle_regime.dues,
    oracle_regime.periods,
    oracle_outbox.settled,
)


def judge(ask: Ask, evidence: Evidence, checks: tuple[Check, ...]) -> list[Violation]:
    records = Records.read(ask, evidence.editions)
    return [violation for check in checks for violation in check(records, evidence)]
