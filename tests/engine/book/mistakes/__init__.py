"""Slips of authors, each in a book that was good before: what was written, and what must be said."""
