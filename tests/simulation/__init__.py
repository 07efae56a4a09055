"""The whole engine on a virtual clock, broken in every way from one seed (docs/adr/0021-simulation.md)."""
