"""Cross-checks of a book: every name, every fit of one part with another, all findings at once."""

from engine.book.context import Context


def check(context: Context) -> None:
    """Adds what it finds to the context."""
