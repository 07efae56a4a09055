"""Bugs planted in the running engine, each with the invariant that must find it.

A bug is a patch that lasts as long as a context; nothing of the engine is copied but what the bug needs.
"""

from tests.simulation import planted_notices, planted_rules, planted_turns
from tests.simulation.planting import PLANTED, Bug

__all__ = ["PLANTED", "Bug"]
SOURCES = (planted_turns, planted_rules, planted_notices)
