"""How many segments a text takes: 160 (153) characters of the GSM alphabet, or 70 (67) of any other (3GPP TS 23.038)."""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # each takes the place of two
# what typographers prefer and phones don't need: without it a text stays in the cheap alphabet
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True, slots=True)
class Segments:
    count: int
    characters: int
    left: int  # characters until the next segment begins
    encoding: str  # GSM-7 or UCS-2


def plain(text: str) -> str:
    """The text with typographic quotes, dashes and spaces as every phone has them."""
    return text.translate(_PLAIN)


def segments(text: str) -> Segments:
    if all(character in _BASIC or character in _EXTENDED for character in text):
        length, single, several, encoding = sum(2 if character in _EXTENDED else 1 for character in text), 160, 153, "GSM-7"
    else:
        length, single, several, encoding = len(text.encode("utf-16-le")) // 2, 70, 67, "UCS-2"
    count = 1 if length <= single else -(-length // several)
    room = single if count == 1 else several * count
    return Segments(count, length, room - length, encoding)
