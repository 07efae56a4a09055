"""Measures made ready: their windows parsed."""

from engine.book.clockwork import parse
from engine.book.compiled import CompiledMeasure
from engine.book.context import Context
from rules.time.window import Window, parse_window


def compile_measures(context: Context) -> dict[str, CompiledMeasure]:
    found = {}
    for id, spec in context.data.measures.items():
        window: Window | None = parse(context, ("measures", id, "within"), parse_window, spec.within)
        if window is not None:
            found[id] = CompiledMeasure(id=id, spec=spec, window=window)
    return found
