"""A small layered layout: nodes in rows from top to bottom, every arrow running from one row to the next.

The words on an arrow are a node of their own in a row between, and a long arrow has a place in each row
that it passes; so nothing is ever drawn over anything else. There is no chance in it: the same graph gives
the same picture.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from duban.diagrams.svg import Box

GAP = 22.0  # between neighbours of a row
SLIM = 10.0  # what an arrow that only passes by takes
ROW_GAP = 26.0
SWEEPS = 24
STRAIGHTENING = 120
Extent = tuple[float, float]  # width and height


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """From one node to another, with the extent of its words."""

    source: str
    target: str
    extent: Extent


@dataclass(kw_only=True)
class Place:
    """A node in a row: a box, the words of an arrow, or where an arrow only passes."""

    row: int
    extent: Extent
    x: float = 0.0  # of its middle
    up: list[int] = field(default_factory=list)
    down: list[int] = field(default_factory=list)

    @property
    def reach(self) -> float:
        return self.extent[0] / 2

    @property
    def passing(self) -> bool:
        return self.extent[1] == 0

    @property
    def on_the_way(self) -> bool:
        """The words of an arrow, or where it passes."""
        return self.row % 2 == 1 or self.passing


@dataclass(frozen=True, kw_only=True)
class Way:
    """An arrow on the picture: from the upper node through its places to the lower one. `words`: which of the
    places holds the words. `upwards`: it points to the upper one."""

    arrow: int
    upper: str
    lower: str
    through: tuple[Box, ...]
    words: int
    upwards: bool


@dataclass(frozen=True, kw_only=True)
class Layout:
    boxes: Mapping[str, Box]
    ways: tuple[Way, ...]
    width: float
    height: float


def lay_out(nodes: Mapping[str, Extent], arrows: Sequence[Arrow], first: str) -> Layout:
    rows = rows_of(nodes, arrows, first)
    graph = _Graph(nodes, arrows, rows)
    graph.order()
    graph.straighten()
    return graph.layout()


# ---------------------------------------------------------------- rows


def rows_of(nodes: Mapping[str, Extent], arrows: Sequence[Arrow], first: str) -> dict[str, int]:
    """How far each node lies below the first one, by the longest way that never turns back."""
    onward = _onward(nodes, arrows, first)
    rows = dict.fromkeys(nodes, 0)
    for node in onward.order:
        for target in onward.targets[node]:
            rows[target] = max(rows[target], rows[node] + 1)
    return rows


@dataclass(frozen=True, kw_only=True)
class _Onward:
    """Without the arrows that lead back to where one came from, the nodes in an order of going on."""

    order: Sequence[str]
    targets: Mapping[str, Sequence[str]]


def _onward(nodes: Mapping[str, Extent], arrows: Sequence[Arrow], first: str) -> _Onward:
    targets: dict[str, list[str]] = {node: [] for node in nodes}
    for arrow in arrows:
        targets[arrow.source].append(arrow.target)
    kept: dict[str, list[str]] = {node: [] for node in nodes}
    done: list[str] = []
    on_the_way: list[str] = []

    def visit(node: str) -> None:
        on_the_way.append(node)
        for target in targets[node]:
            if target in on_the_way:
                continue  # leads back
            kept[node].append(target)
            if target not in done:
                visit(target)
        on_the_way.remove(node)
        done.append(node)

    for node in (first, *nodes):
        if node not in done:
            visit(node)
    return _Onward(order=[*reversed(done)], targets=kept)


# ---------------------------------------------------------------- the graph of places


class _Graph:
    def __init__(self, nodes: Mapping[str, Extent], arrows: Sequence[Arrow], rows: Mapping[str, int]) -> None:
        """Nodes stand in even rows, words in odd ones."""
        self.places: list[Place] = []
        self.at: dict[str, int] = {}
        for node, extent in nodes.items():
            self.at[node] = self._add(Place(row=2 * rows[node], extent=extent))
        self.arrows = arrows
        self.chains: list[tuple[str, str, list[int], int, bool]] = []
        self._load: dict[int, float] = {}
        for arrow in arrows:
            self._chain(arrow, rows)
        depth = max(place.row for place in self.places) + 1
        self.rows: list[list[int]] = [[] for _ in range(depth)]
        for number, place in enumerate(self.places):
            self.rows[place.row].append(number)

    def _add(self, place: Place) -> int:
        self.places.append(place)
        return len(self.places) - 1

    def _chain(self, arrow: Arrow, rows: Mapping[str, int]) -> None:
        """Through every row between its ends; its words in the emptiest of the odd ones, near its source."""
        upwards = rows[arrow.source] >= rows[arrow.target]
        upper, lower = (arrow.target, arrow.source) if upwards else (arrow.source, arrow.target)
        between = [*range(2 * rows[upper] + 1, max(2 * rows[lower], 2 * rows[upper] + 2))]
        odd = [row for row in between if row % 2]
        near = [*reversed(odd)] if upwards else odd
        words = min(near, key=lambda row: self._load.get(row, 0.0))
        self._load[words] = self._load.get(words, 0.0) + arrow.extent[0] + GAP
        chain = [
            self._add(Place(row=row, extent=arrow.extent if row == words else (SLIM, 0.0))) for row in between
        ]
        for above, below in zip([self.at[upper], *chain], [*chain, self.at[lower]], strict=True):
            self.places[above].down.append(below)
            self.places[below].up.append(above)
        self.chains.append((upper, lower, chain, between.index(words), upwards))

    # ------------------------------------------------------------ order within rows

    def order(self) -> None:
        """By the middle of the neighbours, down and up, keeping the order with the fewest crossings."""
        best, fewest = [list(row) for row in self.rows], self._crossings()
        for sweep in range(SWEEPS):
            rows = range(1, len(self.rows)) if sweep % 2 == 0 else range(len(self.rows) - 2, -1, -1)
            for row in rows:
                self._sort(row, downwards=sweep % 2 == 0)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def _sort(self, row: int, *, downwards: bool) -> None:
        rank = {number: place for each in self.rows for place, number in enumerate(each)}

        def middle(number: int) -> float:
            place = self.places[number]
            near = place.up if downwards else place.down
            return sum(rank[each] for each in near) / len(near) if near else rank[number]

        self.rows[row].sort(key=middle)

    def _crossings(self) -> int:
        rank = {number: place for each in self.rows for place, number in enumerate(each)}
        total = 0
        for row in self.rows:
            links = [(rank[number], rank[below]) for number in row for below in self.places[number].down]
            total += sum((a - c) * (b - d) < 0 for at, (a, b) in enumerate(links) for c, d in links[at + 1 :])
        return total

    # ------------------------------------------------------------ places within rows

    def straighten(self) -> None:
        """Each towards the middle of its neighbours, as far as its row leaves room."""
        for row in self.rows:
            self._settle(row, [0.0] * len(row))
        for sweep in range(STRAIGHTENING):
            rows = self.rows if sweep % 2 == 0 else [*reversed(self.rows)]
            for row in rows:
                self._settle(row, [self._wanted(number) for number in row])
        left = min(place.x - place.reach for place in self.places)
        for place in self.places:
            place.x -= left

    def _wanted(self, number: int) -> float:
        """Where an arrow only passes, in line with its other places: it bends at its ends."""
        place = self.places[number]
        near = [self.places[each] for each in (*place.up, *place.down)]
        if place.passing:
            near = [each for each in near if each.on_the_way] or near
        return sum(each.x for each in near) / len(near) if near else place.x

    def _settle(self, row: Sequence[int], wanted: Sequence[float]) -> None:
        """As near to what is wanted as the distances allow (a regression that keeps the order)."""
        offsets = [*self._offsets(row)]
        blocks: list[tuple[float, int]] = []
        for want, offset in zip(wanted, offsets, strict=True):
            blocks.append((want - offset, 1))
            while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
                (a, m), (b, n) = blocks[-2], blocks[-1]
                blocks[-2:] = [((a * m + b * n) / (m + n), m + n)]
        found = [value for value, count in blocks for _ in range(count)]
        for number, value, offset in zip(row, found, offsets, strict=True):
            self.places[number].x = value + offset

    def _offsets(self, row: Sequence[int]) -> Iterator[float]:
        at, before = 0.0, None
        for number in row:
            place = self.places[number]
            if before is not None:
                at += before.reach + GAP + place.reach
            before = place
            yield at

    # ------------------------------------------------------------ the picture

    def layout(self) -> Layout:
        tops, y = [], 0.0
        heights = [max((self.places[number].extent[1] for number in row), default=0.0) for row in self.rows]
        for height in heights:
            tops.append(y)
            y += height + ROW_GAP
        boxes = {node: self._box(number, tops, heights) for node, number in self.at.items()}
        ways = tuple(
            Way(
                arrow=place,
                upper=upper,
                lower=lower,
                through=tuple(self._box(number, tops, heights) for number in chain),
                words=words,
                upwards=upwards,
            )
            for place, (upper, lower, chain, words, upwards) in enumerate(self.chains)
        )
        width = max(place.x + place.reach for place in self.places)
        return Layout(boxes=boxes, ways=ways, width=width, height=y - ROW_GAP)

    def _box(self, number: int, tops: Sequence[float], heights: Sequence[float]) -> Box:
        """In the middle of its row; what only passes takes the whole height of it."""
        place = self.places[number]
        width, height = place.extent
        height = height or heights[place.row]
        y = tops[place.row] + (heights[place.row] - height) / 2
        return Box(x=place.x - width / 2, y=y, width=width, height=height)
