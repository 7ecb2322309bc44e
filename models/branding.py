"""How a shop looks and signs: white label for pages and messages."""

import hashlib
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import later
from models.owned import ShopOwned
from models.picture import Picture
from models.refused import Refused
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

LIGHT, DARK = "#ffffff", "#000000"  # one of the two can be read on any colour
LONGEST = {"sender_name": 60, "welcome": 160}  # characters
ENOUGH = 4.5  # contrast of normal text, WCAG 2.2 success criterion 1.4.3


class Branding(ShopOwned, Base):
    __tablename__ = "brandings"

    accent: Mapped[str] = mapped_column(default="#1f5f8b")
    sender_name: Mapped[str] = mapped_column(default="")  # the From name of mails; empty: the shop's name
    welcome: Mapped[str] = mapped_column(default="")  # a line of the shop's own above the appointment
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)

    logo: Mapped[StoredFile | None] = relationship(lazy="joined")
    shop: Mapped["Shop"] = relationship(back_populates="branding")

    @validates("accent")
    def _colour(self, key: str, value: str) -> str:
        value = value.strip().lower()
        if len(value) != 7 or value[0] != "#" or any(digit not in "0123456789abcdef" for digit in value[1:]):
            raise Refused(_("Give the colour as # and six digits, like #1f5f8b."), field=key)
        return value

    @validates("sender_name", "welcome")
    def _one_line(self, key: str, value: str) -> str:
        """On one line: a sender's name stands in the head of a mail."""
        value = " ".join(value.split())
        if len(value) > LONGEST[key] or not value.isprintable():
            raise Refused(_("Please keep it under %(count)s characters, on one line.", count=LONGEST[key]), field=key)
        return value

    def change(self, *, accent: str, sender_name: str, welcome: str, by: Actor) -> None:
        """Colour and words. Raises Refused with every fault at once; nothing is changed then."""
        errors = {}
        with db.session.no_autoflush:
            for name, value in {"accent": accent, "sender_name": sender_name, "welcome": welcome}.items():
                try:
                    setattr(self, name, value)
                except Refused as refused:
                    errors.update({str(field): words for field, words in refused.errors.items()})
            if errors:
                db.session.refresh(self)
                raise Refused.at(**errors)
        record(self, "branding.changed", by)

    def show_logo(self, picture: Picture, *, by: Actor) -> None:
        """Show this one from now on; the one before is thrown away once that is certain."""
        self.logo = StoredFile.keep(self.shop_id, picture.content, picture.content_type, picture.width, picture.height)
        record(self, "branding.changed", by)
        later("jobs.files.tidy")

    def hide_logo(self, *, by: Actor) -> None:
        """Back to the first letter of the name; doing it twice does it once."""
        if self.logo:
            self.logo = None
            record(self, "branding.changed", by)
            later("jobs.files.tidy")

    @property
    def accent_text(self) -> str:
        """The colour to write with on the accent: light or dark, whichever contrasts more."""
        return max((LIGHT, DARK), key=lambda text: contrast(text, self.accent))

    @property
    def accent_on_light(self) -> str:
        """The accent, darkened until it can be read on a white page."""
        return _readable(self.accent, on=LIGHT, towards="#000000")

    @property
    def accent_on_dark(self) -> str:
        """The accent, lightened until it can be read on a dark page."""
        return _readable(self.accent, on="#16181b", towards="#ffffff")

    @property
    def version(self) -> str:
        """Changes whenever the look does, so that browsers may keep the stylesheet for ever."""
        return hashlib.sha256(f"{self.accent}|{self.logo_id}".encode()).hexdigest()[:10]


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), of ``#rrggbb`` (WCAG 2.2, definition of relative luminance)."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _readable(colour: str, *, on: str, towards: str) -> str:
    for step in range(21):
        mixed = _mix(colour, towards, step / 20)
        if contrast(mixed, on) >= ENOUGH:
            return mixed
    return towards


def _mix(colour: str, other: str, share: float) -> str:
    channels = (round(int(colour[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in channels)
