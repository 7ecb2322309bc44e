"""Words in a letter that lead somewhere: where customers say how we did, the shop's phone and its mailbox. Nothing else is made a link."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models import phone

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST = 48  # characters of an address that is shown


@dataclass(frozen=True, slots=True)
class Place:
    words: str  # as they stand in the letter
    href: str
    label: str  # as they are read where the address is behind them

    @property
    def in_text(self) -> str:
        """As it stands where nothing can be behind words."""
        return self.href if self.href.startswith("http") else self.words


def places(shop: "Shop", link: str = "", target: str = "") -> list[Place]:
    """``link``: ours, that leads to the feedback page ``target``, which is the shop's present one where nothing is said."""
    found = [Place(shop.email, f"mailto:{shop.email}", shop.email)] if shop.email else []
    if shop.voice_phone:
        shown = phone.shown(shop.voice_phone, shop.country)
        found.append(Place(shown, f"tel:{shop.voice_phone}", shown))
    feedback = target or shop.location.feedback
    if feedback.startswith("mailto:"):
        address = mailbox(feedback)
        found = [place for place in found if place.words != address]
        found.append(Place(address, feedback, address))
    elif feedback:
        found.append(Place(feedback, link or feedback, _short(feedback)))
    return sorted(found, key=lambda place: len(place.words), reverse=True)


def mailbox(feedback: str) -> str:
    """The bare address of a ``mailto:``."""
    return feedback.removeprefix("mailto:").partition("?")[0]


def linked(line: str, places: Sequence[Place]) -> Iterator[tuple[str, str]]:
    """The line in pieces: words, and where they lead (or nothing)."""
    known = {place.words: place for place in places}
    if not known:
        yield line, ""
        return
    for piece in re.split("(" + "|".join(map(re.escape, known)) + ")", line):
        if place := known.get(piece):
            yield place.label, place.href
        elif piece:
            yield piece, ""


def in_text(body: str, places: Sequence[Place]) -> str:
    """The whole with addresses where words lead to one."""
    return "\n".join("".join(_plain(line, places)) for line in body.splitlines())


def _plain(line: str, places: Sequence[Place]) -> Iterator[str]:
    plain = {place.label: place.in_text for place in places}
    for words, href in linked(line, places):
        yield plain[words] if href else words


def _short(address: str) -> str:
    """Without what nobody reads: ``reviews.example/harbour``."""
    parts = urlsplit(address)
    short = f"{parts.hostname or ''}{parts.path.rstrip('/')}".removeprefix("www.")
    return short if len(short) <= LONGEST else f"{short[: LONGEST - 1]}…"
