"""Placeholders in titles that no rule fills in."""

from engine.book.context import Context
from engine.book.placeholders import ABOUT_DUTY, check_label


def check_words(context: Context) -> None:
    for id, duty in context.data.duties.items():
        check_label(context, ("duties", id, "title"), duty.title, ABOUT_DUTY)
    for id, entry in context.data.items.items():
        check_label(context, ("items", id, "title"), entry.title, ())
