"""The settings of a location (spec: Settings, per location)."""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from flask_babel import gettext as _
from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models import email_address
from models.base import Base
from models.money import Exact
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST_OWNER, LONGEST_SUBJECT = 80, 120  # characters


class Policy(StrEnum):
    """What happens to a booking that a rule objects to."""

    refuse = "refuse"
    warn = "warn"


class Location(ShopOwned, Base):
    __tablename__ = "locations"

    reschedule_allowed: Mapped[bool] = mapped_column(default=True)
    booking_message: Mapped[bool] = mapped_column(default=True)
    days_before: Mapped[int] = mapped_column(default=1)  # business days before the drop-off; 0 turns the follow-up off
    remind_confirmed: Mapped[bool] = mapped_column(default=True)
    morning_time: Mapped[time] = mapped_column(default=time(9))
    quiet_from: Mapped[time] = mapped_column(default=time(21))
    quiet_until: Mapped[time] = mapped_column(default=time(8))
    capacity: Mapped[int | None] = mapped_column(default=None)  # drop-offs a day; None: no limit
    past_policy: Mapped[Policy] = mapped_column(default=Policy.refuse)
    closed_policy: Mapped[Policy] = mapped_column(default=Policy.refuse)
    hours_policy: Mapped[Policy] = mapped_column(default=Policy.warn)
    capacity_policy: Mapped[Policy] = mapped_column(default=Policy.warn)
    segment_price: Mapped[Decimal | None] = mapped_column(Exact(4), default=None)  # of a text, in the shop's currency; None: not known
    spoken_consent: Mapped[bool] = mapped_column(default=True)  # off: a text needs consent in writing
    cancel_message: Mapped[bool] = mapped_column(default=True)
    no_show_automatic: Mapped[bool] = mapped_column(default=False)
    holiday_calendar: Mapped[str] = mapped_column(default="")
    answers_after_hours: Mapped[bool] = mapped_column(default=True)
    provider_answers_keywords: Mapped[bool] = mapped_column(default=True)  # Twilio answers STOP, HELP and START itself by default
    consent_keyword: Mapped[str] = mapped_column(default="TEXTME")
    orange_percent: Mapped[int] = mapped_column(default=20)  # of an estimate, how much is little
    orange_minutes: Mapped[int] = mapped_column(default=10)
    board_seconds: Mapped[int] = mapped_column(default=60)  # the board fetches itself so often besides

    registration: Mapped[str] = mapped_column(default="", server_default="")  # of the texting number, see ``TextingSetup``
    registered_on: Mapped[date | None] = mapped_column(default=None)
    dkim_selector: Mapped[str] = mapped_column(default="", server_default="")

    owner_name: Mapped[str] = mapped_column(default="", server_default="")  # whom letters are signed by
    feedback: Mapped[str] = mapped_column(default="", server_default="")  # a web address, or mailto: and an address

    postcard_size: Mapped[str] = mapped_column(default="", server_default="")  # see ``PostcardSize``; empty: by the country
    tells_exports: Mapped[bool] = mapped_column(default=False, server_default=false())  # customers may see what was handed over

    shop: Mapped["Shop"] = relationship(back_populates="location")

    @validates("days_before")
    def _within_a_week(self, key: str, days: int) -> int:
        if not 0 <= days <= 7:
            raise Refused("Give a number of business days from 0 to 7. 0 sends no reminder.", field=key)
        return days

    @validates("capacity")
    def _at_least_one(self, key: str, capacity: int | None) -> int | None:
        if capacity is not None and not 1 <= capacity <= 500:
            raise Refused("Give a number of drop-offs a day from 1 to 500, or leave it empty for no limit.", field=key)
        return capacity

    @validates("owner_name")
    def _one_line(self, key: str, name: str) -> str:
        name = " ".join(name.split())
        if len(name) > LONGEST_OWNER or not name.isprintable():
            raise Refused(_("Please keep it under %(count)s characters, on one line.", count=LONGEST_OWNER), field=key)
        return name

    @validates("postcard_size")
    def _a_size(self, key: str, size: str) -> str:
        from models.postcard_size import PostcardSize

        if size and size not in set(PostcardSize):
            raise Refused(_("Choose one of these."), field=key)
        return size

    @validates("feedback")
    def _a_place(self, key: str, place: str) -> str:
        """``https://…``, or ``mailto:address`` and perhaps a subject; what else a mailto: could fill in is dropped. Raises Refused."""
        place = place.strip()
        if place.lower().startswith("mailto:"):
            address, _mark, more = place[len("mailto:") :].partition("?")
            subject = " ".join("".join(parse_qs(more).get("subject", [])[:1]).split())[:LONGEST_SUBJECT]
            subject = "".join(letter for letter in subject if letter.isprintable())
            return "mailto:" + email_address.normalised(unquote(address), field=key) + (f"?subject={quote(subject)}" if subject else "")
        try:
            parts = urlsplit(place)
        except ValueError:  # a bracket too many
            parts = urlsplit("")
        if place and (parts.scheme not in {"http", "https"} or not parts.hostname or not place.isprintable() or " " in place):
            raise Refused(_("Give a web address like https://example.com/feedback, or mailto: and an e-mail address."), field=key)
        return place

    @validates("consent_keyword")
    def _own_word(self, key: str, word: str) -> str:
        from models.keyword import RESERVED

        word = word.strip().upper()
        if not word.isalnum() or word in RESERVED:
            raise Refused("Use one word of letters and digits that does not mean stop, help or start already.", field=key)
        return word

    @validates("orange_percent")
    def _a_share(self, key: str, percent: int) -> int:
        if not 0 <= percent <= 50:
            raise Refused("Give a percentage from 0 to 50.", field=key)
        return percent

    @validates("orange_minutes")
    def _minutes(self, key: str, minutes: int) -> int:
        if not 0 <= minutes <= 120:
            raise Refused("Give minutes from 0 to 120.", field=key)
        return minutes

    @validates("board_seconds")
    def _interval(self, key: str, seconds: int) -> int:
        if not 10 <= seconds <= 600:
            raise Refused("Give seconds from 10 to 600.", field=key)
        return seconds
