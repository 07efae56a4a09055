"""Whether an office is well: for a person who asks, for a probe, for a chart."""
