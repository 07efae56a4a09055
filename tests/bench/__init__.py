"""The numbers of the design, measured as ratios on one machine in one run; no test asserts a time."""
