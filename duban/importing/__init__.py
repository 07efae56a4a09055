"""What others recorded, read as a history: tables of events (CSV) and event logs (XES), by a mapping."""
