"""Calendars of other makers, read one form a file, frozen into our own; and what `duban calendar` shows."""
