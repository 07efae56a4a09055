"""A workflow as a picture: states in boxes, final ones doubled, who may do what on the arrows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from duban.diagrams.layers import Arrow, Layout, Way, lay_out
from duban.diagrams.svg import Box, document, line, path, rectangle, words
from duban.diagrams.text import width_of, wrap
from duban.views.phrases import Voice
from workflows.language import Transition, WorkflowSpec

SIZE, SMALL = 15, 12
LEADING, SMALL_LEADING = 20, 16
PADDING = 10
MARGIN = 24
HEAD = 34  # above the picture, for its title
WIDEST = 1000
STATE_WIDTH = 190
# The words on arrows are broken ever narrower until the picture fits its width.
WORD_WIDTHS = (150, 126, 108, 92, 80)
FINAL_GAP = 4


@dataclass(frozen=True, kw_only=True)
class Words:
    """Lines of text, each small or not."""

    lines: tuple[tuple[str, bool], ...]

    @property
    def width(self) -> float:
        return max((width_of(text, SMALL) for text, _ in self.lines), default=0) + 6

    @property
    def height(self) -> float:
        return SMALL_LEADING * len(self.lines) + 4


@dataclass(frozen=True, kw_only=True)
class StateBox:
    """What stands in the box of a state: its name, and under a line what may be done without leaving it."""

    name: tuple[str, ...]
    inner: tuple[tuple[str, bool], ...]

    @property
    def extent(self) -> tuple[float, float]:
        width = max(
            *(width_of(each, SIZE) for each in self.name),
            *(width_of(text, SMALL) for text, _ in self.inner),
            60,
        )
        height = LEADING * len(self.name) + (SMALL_LEADING * len(self.inner) + 8 if self.inner else 0)
        return width + 2 * PADDING + 2 * FINAL_GAP, height + 2 * PADDING


def draw_workflow(voice: Voice, spec: WorkflowSpec) -> str:
    return _Picture(voice, spec).svg()


class _Picture:
    def __init__(self, voice: Voice, spec: WorkflowSpec) -> None:
        self.voice, self.spec = voice, spec
        for width in WORD_WIDTHS:
            self.word_width = width
            self.states = {id: self._state(id) for id in spec.states}
            self.words = self._words()
            self.layout = self._lay_out()
            if self.layout.width + 2 * MARGIN <= WIDEST:
                break

    def _lay_out(self) -> Layout:
        arrows = [
            Arrow(source=source, target=target, extent=(words.width, words.height))
            for (source, target), words in self.words.items()
        ]
        return lay_out({id: box.extent for id, box in self.states.items()}, arrows, self.spec.initial)

    # ------------------------------------------------------------ words

    def _state(self, id: str) -> StateBox:
        name = wrap(self.voice.label(self.spec.states[id]), STATE_WIDTH, SIZE)
        stay = [each for each in self.spec.transitions if id in each.from_ and (each.to or id) == id]
        inner = [pair for each in stay for pair in self._said(each, STATE_WIDTH)]
        return StateBox(name=tuple(name), inner=tuple(inner))

    def _words(self) -> Mapping[tuple[str, str], Words]:
        """What leads from one state to another: several events may."""
        found: dict[tuple[str, str], list[tuple[str, bool]]] = {}
        for each in self.spec.transitions:
            for source in each.from_:
                target = each.to or source
                if target != source:
                    found.setdefault((source, target), []).extend(self._said(each, self.word_width))
        return {ends: Words(lines=tuple(lines)) for ends, lines in found.items()}

    def _said(self, each: Transition, width: int) -> Iterator[tuple[str, bool]]:
        """The event, and small under it who may."""
        for text in wrap(self.voice.label(self.spec.label_of(each.event)), width, SMALL):
            yield text, False
        who = self.voice.pick("、", ", ").join(self.voice.role(role) for role in each.by)
        for text in wrap(self.voice.pick(f"（{who}）", f"({who})"), width, SMALL):
            yield text, True

    # ------------------------------------------------------------ shapes

    def svg(self) -> str:
        title = self.voice.label(self.spec.label)
        width = max(self.layout.width, width_of(title, SIZE)) + 2 * MARGIN
        height = self.layout.height + 2 * MARGIN + HEAD
        return document(width, height, title, self._parts(title))

    def _parts(self, title: str) -> Iterator[str]:
        yield words(title, MARGIN, MARGIN + SIZE, size=SIZE + 1, anchor="start", kind="title")
        yield f'<g transform="translate({MARGIN} {MARGIN + HEAD})">'
        ports = _ports(self.layout)
        lettering = [*self.words.values()]
        for way in self.layout.ways:
            yield from _drawn_way(way, ports)
        for way in self.layout.ways:
            yield from _lettered(lettering[way.arrow], way.through[way.words])
        for id, box in self.layout.boxes.items():
            yield from self._drawn_state(id, box)
        yield "</g>"

    def _drawn_state(self, id: str, box: Box) -> Iterator[str]:
        state, content = self.spec.states[id], self.states[id]
        kind = "state" if not state.final else "final" if state.success else "undone"
        yield rectangle(box, kind)
        if state.final:
            inside = Box(
                x=box.x + FINAL_GAP,
                y=box.y + FINAL_GAP,
                width=box.width - 2 * FINAL_GAP,
                height=box.height - 2 * FINAL_GAP,
            )
            yield rectangle(inside, f"{kind} inner", 4)
        if id == self.spec.initial:
            yield line(box.middle, box.y - 16, box.middle, box.y - 6, "way")
            yield _head(box.middle, box.y, "head", upwards=False)
            yield f'<circle class="head" cx="{box.middle:.1f}" cy="{box.y - 18:.1f}" r="4"/>'
        y = box.y + PADDING
        for text in content.name:
            yield words(text, box.middle, y + SIZE, size=SIZE)
            y += LEADING
        if content.inner:
            yield line(box.x + PADDING, y + 4, box.right - PADDING, y + 4, "rule")
            yield from _small_lines(content.inner, box.middle, y + 8)


def _small_lines(lines: Sequence[tuple[str, bool]], x: float, top: float) -> Iterator[str]:
    for place, (text, who) in enumerate(lines):
        y = top + SMALL_LEADING * place + SMALL
        yield words(text, x, y, size=SMALL, kind="who" if who else "")


def _lettered(content: Words, box: Box) -> Iterator[str]:
    yield rectangle(box, "paper", 0)
    yield from _small_lines(content.lines, box.middle, box.y + 1)


# ---------------------------------------------------------------- ways


Ports = Mapping[tuple[int, str], float]  # by way and "upper" or "lower": where it meets the box


def _ports(layout: Layout) -> Ports:
    """Ways leave a box side by side, in the order of where they go."""
    found: dict[tuple[int, str], float] = {}
    for id, box in layout.boxes.items():
        below = [way for way in layout.ways if way.upper == id]
        above = [way for way in layout.ways if way.lower == id]
        for ways, side, end in ((below, "upper", 0), (above, "lower", -1)):
            ordered = sorted(ways, key=lambda way: way.through[end].middle)
            for place, way in enumerate(ordered, 1):
                found[way.arrow, side] = box.x + box.width * place / (len(ordered) + 1)
    return {**found, **{(-1, id): box.bottom for id, box in layout.boxes.items()}} | {
        (-2, id): box.y for id, box in layout.boxes.items()
    }


def _drawn_way(way: Way, ports: Ports) -> Iterator[str]:
    begin = (ports[way.arrow, "upper"], ports[-1, way.upper])
    end = (ports[way.arrow, "lower"], ports[-2, way.lower])
    points = [begin]
    for box in way.through:
        points += [(box.middle, box.y), (box.middle, box.bottom)]
    points.append(end)
    drawn = f"M{begin[0]:.1f} {begin[1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        half = (y1 + y2) / 2
        drawn += f" C{x1:.1f} {half:.1f} {x2:.1f} {half:.1f} {x2:.1f} {y2:.1f}" if x1 != x2 else f" V{y2:.1f}"
    yield path(drawn, "back" if way.upwards else "way")
    if way.upwards:
        yield _head(*begin, "headback", upwards=True)
    else:
        yield _head(*end, "head", upwards=False)


def _head(x: float, y: float, kind: str, *, upwards: bool) -> str:
    """The point of an arrow that ends there."""
    back = y + 9 if upwards else y - 9
    return path(f"M{x:.1f} {y:.1f} L{x - 4.5:.1f} {back:.1f} L{x + 4.5:.1f} {back:.1f} Z", kind)
