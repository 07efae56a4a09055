"""What can be asked of a store. One Reader is one snapshot."""

from store.read_audit import AuditQueries
from store.read_holds import HoldQueries
from store.read_items import ItemQueries
from store.read_outbox import OutboxQueries
from store.read_registers import RegisterQueries
from store.tally import TallyQueries


class Reader(ItemQueries, TallyQueries, OutboxQueries, RegisterQueries, HoldQueries, AuditQueries):
    """All questions, answered from the same moment."""
