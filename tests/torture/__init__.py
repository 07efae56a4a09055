"""Duban in real processes, which are killed, stopped and cut off (docs/adr/0021-simulation.md)."""
