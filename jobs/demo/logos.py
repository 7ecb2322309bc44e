"""The shops' logos, drawn here: a white emblem on a disc of the shop's colour."""

import io
import math

from PIL import Image, ImageDraw

SIZE = 256  # pixels
FINE = 4  # drawn larger, then made smaller: smooth edges

Point = tuple[float, float]


class Emblem:
    """A drawing in coordinates from -1 to 1, y down, within the disc."""

    def __init__(self, colour: str) -> None:
        self.side = SIZE * FINE
        self.picture = Image.new("RGBA", (self.side, self.side), (0, 0, 0, 0))
        self.pen = ImageDraw.Draw(self.picture)
        self.colour = colour
        self.disc(0, 0, 1, colour)

    def _at(self, *points: Point) -> list[Point]:
        half = self.side / 2
        return [(half + x * half * 0.98, half + y * half * 0.98) for x, y in points]

    def disc(self, x: float, y: float, radius: float, fill: str = "white") -> None:
        self.pen.ellipse(self._at((x - radius, y - radius), (x + radius, y + radius)), fill=fill)

    def line(self, *points: Point, width: float = 0.12, fill: str = "white") -> None:
        thick = round(width * self.side / 2)
        self.pen.line(self._at(*points), fill=fill, width=thick, joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def shape(self, *points: Point, fill: str = "white") -> None:
        self.pen.polygon(self._at(*points), fill=fill)

    def png(self) -> bytes:
        small = self.picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        target = io.BytesIO()
        small.save(target, "PNG", optimize=True)
        return target.getvalue()


def drawn(slug: str, accent: str) -> bytes:
    """The PNG of that shop's logo."""
    emblem = Emblem(accent)
    _EMBLEMS[slug](emblem)
    return emblem.png()


def _circle(radius: float, start: float = 0, end: float = 360, x: float = 0, y: float = 0, steps: int = 60) -> list[Point]:
    turns = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


def _anchor(emblem: Emblem) -> None:
    emblem.disc(0, -0.52, 0.2)
    emblem.disc(0, -0.52, 0.09, emblem.colour)
    emblem.line((0, -0.34), (0, 0.62), width=0.14)
    emblem.line((-0.3, -0.16), (0.3, -0.16), width=0.13)
    emblem.line(*_circle(0.56, 15, 165, y=0.05), width=0.14)
    for side in (-1, 1):
        emblem.shape((side * 0.72, 0.04), (side * 0.37, 0.16), (side * 0.62, 0.42))


def _tyre(emblem: Emblem) -> None:
    for spoke in range(0, 360, 20):
        emblem.line(
            *((radius * math.cos(math.radians(spoke)), radius * math.sin(math.radians(spoke))) for radius in (0.6, 0.74)), width=0.11
        )
    emblem.disc(0, 0, 0.68)
    emblem.disc(0, 0, 0.46, emblem.colour)
    for spoke in range(-90, 270, 72):
        emblem.line((0, 0), (0.42 * math.cos(math.radians(spoke)), 0.42 * math.sin(math.radians(spoke))), width=0.1)
    emblem.disc(0, 0, 0.15)


def _leaf(emblem: Emblem) -> None:
    half = [(0.0, -0.72), (0.2, -0.56), (0.36, -0.34), (0.44, -0.1), (0.42, 0.14), (0.3, 0.34), (0.12, 0.46), (0.0, 0.48)]
    emblem.shape(*half, *((-x, y) for x, y in reversed(half)))
    emblem.line((0, -0.46), (0, 0.76), width=0.07, fill=emblem.colour)
    emblem.line((0, 0.5), (0, 0.76), width=0.1)
    for y in (-0.2, 0.02, 0.24):
        for side in (-1, 1):
            emblem.line((0, y + 0.1), (side * 0.26, y - 0.1), width=0.045, fill=emblem.colour)


def _linden(emblem: Emblem) -> None:
    for x, y, radius in ((0, -0.4, 0.3), (-0.3, -0.2, 0.28), (0.3, -0.2, 0.28), (-0.16, 0.02, 0.26), (0.16, 0.02, 0.26)):
        emblem.disc(x, y, radius)
    emblem.line((0, 0.1), (0, 0.66), width=0.15)
    emblem.line((-0.34, 0.68), (0.34, 0.68), width=0.1)
    emblem.line((0, 0.16), (0, -0.24), width=0.07, fill=emblem.colour)
    for side in (-1, 1):
        emblem.line((0, 0.06), (side * 0.2, -0.14), width=0.06, fill=emblem.colour)


_EMBLEMS = {"harbour": _anchor, "northgate": _tyre, "elm": _leaf, "delinde": _linden}
