"""What a postcard is painted with: the hue of the shop's brand from night to mist, warm paper, and the sun."""

import colorsys
from dataclasses import dataclass

from models.branding import contrast

PAPER, SUN, EMBER, GLOW = "#faf5ea", "#f3b34c", "#d9683f", "#fde7b8"
READABLE = 7.0  # contrast of what is written on a picture: it is read at arm's length, by old eyes too


@dataclass(frozen=True, slots=True)
class Colours:
    night: str
    deep: str
    mid: str
    soft: str
    mist: str
    ink: str  # of the brand, to write with on paper
    paper: str = PAPER
    sun: str = SUN
    ember: str = EMBER
    glow: str = GLOW

    @classmethod
    def of(cls, accent: str) -> "Colours":
        """``accent``: ``#rrggbb``."""
        red, green, blue = (int(accent[i : i + 2], 16) / 255 for i in (1, 3, 5))
        hue, _lightness, strength = colorsys.rgb_to_hls(red, green, blue)
        shades = {"night": (0.14, 0.6), "deep": (0.24, 0.62), "mid": (0.4, 0.5), "soft": (0.66, 0.4), "mist": (0.88, 0.45)}
        painted = {name: _shade(hue, lightness, min(strength, most)) for name, (lightness, most) in shades.items()}
        return cls(ink=_readable(hue, min(strength, 0.7)), **painted)


def _shade(hue: float, lightness: float, strength: float) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, lightness, strength))


def _readable(hue: float, strength: float) -> str:
    """The lightest of the hue that can be read well on paper."""
    shades = (_shade(hue, step / 100, strength) for step in range(34, 0, -2))
    return next((shade for shade in shades if contrast(shade, PAPER) >= READABLE), "#000000")


SEASONS = ("winter", "spring", "summer", "autumn")
CROWNS = {
    "winter": ("#eef3f6", "#dbe6ec", "#c6d5de"),
    "spring": ("#f6d3da", "#eab3bf", "#dd97a8"),
    "summer": ("#8fb573", "#6f9c5c", "#54824d"),
    "autumn": ("#f3b34c", "#e58a3c", "#cf5f38"),
}


def season(month: int) -> str:
    """North of the equator, where all our shops are."""
    return SEASONS[month % 12 // 3]
