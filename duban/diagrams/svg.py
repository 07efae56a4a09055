"""The few shapes that pictures are made of, as SVG text. The same picture is always the same text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

FONT = (
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif"
)
STYLE = f"""
text{{font-family:{FONT};fill:#1b2733}}
.state{{fill:#eef4fb;stroke:#2f5f98;stroke-width:1.5}}
.final{{fill:#e9f6ec;stroke:#2c7a43;stroke-width:1.5}}
.undone{{fill:#f4f1ee;stroke:#8a7a6a;stroke-width:1.5}}
.paper{{fill:#fff}}
.inner{{fill:none}}
.rule{{stroke:#c3ccd6;stroke-width:1}}
.way{{fill:none;stroke:#5b6b7b;stroke-width:1.3}}
.back{{fill:none;stroke:#b0622a;stroke-width:1.3;stroke-dasharray:5 3}}
.head{{fill:#5b6b7b}}
.headback{{fill:#b0622a}}
.who{{fill:#51606f}}
.due{{stroke:#b3261e;stroke-width:2}}
.duetext{{fill:#b3261e;font-weight:bold}}
.axis{{stroke:#5b6b7b;stroke-width:2}}
.dot{{fill:#2f5f98}}
.title{{font-weight:bold}}
"""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place on the picture: its upper left corner and its extent."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def overlaps(self, other: "Box") -> bool:
        apart = (
            self.right <= other.x or other.right <= self.x or self.bottom <= other.y or other.bottom <= self.y
        )
        return not apart


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def rectangle(box: Box, kind: str, corner: int = 6) -> str:
    x, y, width, height = (number(each) for each in (box.x, box.y, box.width, box.height))
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{corner}"/>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    first, second = f'x1="{number(x1)}" y1="{number(y1)}"', f'x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line class="{kind}" {first} {second}/>'


def circle(x: float, y: float, radius: float, kind: str) -> str:
    return f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'


def path(points: str, kind: str) -> str:
    return f'<path class="{kind}" d="{points}"/>'


def words(text: str, x: float, y: float, *, size: int, anchor: str = "middle", kind: str = "") -> str:
    """`y` is the line the letters stand on."""
    named = f' class="{kind}"' if kind else ""
    place = f'x="{number(x)}" y="{number(y)}"'
    return f'<text{named} {place} font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'


def document(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """The picture; a title is read to those who cannot see it."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(title)}>'
    body: Sequence[str] = [f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>"]
    white = f'<rect width="{number(width)}" height="{number(height)}" fill="#fff"/>'
    return "\n".join([head, *body, white, *parts, "</svg>"]) + "\n"
