"""Time for rules: work calendars, durations, moments, periods and clocks. Nothing here reads a clock."""
