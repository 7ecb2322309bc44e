"""The demo's four shops: where they are, when they are open, how they look, what they set differently."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from jobs.demo import logos
from models import Actor, Business, Shop, StoredFile
from models.closing_day import suggested
from models.shop_settings import change_hours, change_location, close_on
from models.texting_setup import change_facts

HARBOUR, NORTHGATE, ELM, DELINDE = "harbour", "northgate", "elm", "delinde"
OWNER = Actor("operator", "Set-up")
# of the days that the calendars of the states suggest, those on which a garage is really closed
AMERICAN = ("New Year", "Memorial Day", "Independence Day", "Labor Day", "Thanksgiving", "Christmas")
DUTCH = ("",)  # all of them
BEFORE, AHEAD = timedelta(days=30), timedelta(days=400)
REGISTERED = timedelta(days=500)  # ago, before the demo's story begins
# how the texting number is registered and what a segment costs with what carriers add; illustrative
TEXTING = {"USD": ("10dlc", Decimal("0.0119")), "EUR": ("eu", Decimal("0.0947"))}


@dataclass(frozen=True)
class Opening:
    business: str
    slug: str
    name: str
    zone: str
    week: range  # weekdays, 0 is Monday
    hours: tuple[time, time]
    details: dict[str, str]
    settings: dict[str, Any]
    accent: str
    welcome: str
    closed_on: tuple[str, ...] = field(default=AMERICAN)


OPENINGS = (
    Opening(
        "Lakefront Auto Group",
        HARBOUR,
        "Harbour Street Garage",
        "America/Chicago",
        range(5),
        (time(7, 30), time(17, 30)),
        {
            "texting_number": "+13125550100",
            "voice_phone": "+13125550101",
            "email": "desk@harbour.example",
            "street": "418 Harbour Street",
            "city": "Chicago",
            "region": "IL",
            "postal_code": "60611",
        },
        {"reschedule_allowed": True, "days_before": 1, "capacity": 16, "holiday_calendar": "US-IL"},
        "#0f5c72",
        "Honest repairs by the lake since 1987",
    ),
    Opening(
        "Lakefront Auto Group",
        NORTHGATE,
        "Northgate Tyre & Brake",
        "America/New_York",
        range(6),
        (time(8), time(18)),
        {
            "texting_number": "+12125550110",
            "voice_phone": "+12125550111",
            "email": "counter@northgate.example",
            "street": "77 Northgate Plaza",
            "city": "New York",
            "region": "NY",
            "postal_code": "10034",
        },
        {"reschedule_allowed": False, "days_before": 3, "capacity": 12, "holiday_calendar": "US-NY"},
        "#b3261e",
        "Tyres, brakes, alignment. In and out the same day",
    ),
    Opening(
        "Elm Collision",
        ELM,
        "Elm Collision",
        "America/Phoenix",
        range(5),
        (time(8), time(17)),
        {
            "texting_number": "+16025550120",
            "voice_phone": "+16025550121",
            "email": "office@elm.example",
            "street": "2150 East Elm Street",
            "city": "Phoenix",
            "region": "AZ",
            "postal_code": "85016",
        },
        {"reschedule_allowed": True, "days_before": 7, "capacity": 8, "holiday_calendar": "US-AZ"},
        "#2f6b3a",
        "We put it back the way it was",
    ),
    Opening(
        "Werkplaats De Linde",
        DELINDE,
        "Werkplaats De Linde",
        "Europe/Amsterdam",
        range(5),
        (time(8), time(17, 30)),
        {
            "country": "NL",
            "language": "nl",
            "currency": "EUR",
            "texting_number": "+31970102040",
            "voice_phone": "+31970102041",
            "email": "balie@delinde.example",
            "street": "Lindelaan 14",
            "city": "Utrecht",
            "postal_code": "3511 AB",
        },
        {"reschedule_allowed": True, "days_before": 2, "capacity": 10, "holiday_calendar": "NL"},
        "#d98a00",
        "Vakwerk onder de lindeboom",
        DUTCH,
    ),
)


def open_all(today: date) -> list[Shop]:
    """Open the four, with the closing days of the weeks that the demo tells of and of the year ahead."""
    businesses: dict[str, Business] = {}
    shops = []
    for opening in OPENINGS:
        business = businesses.get(opening.business) or businesses.setdefault(opening.business, Business.open(opening.business))
        shop = Shop.open(business, opening.name, opening.slug, opening.zone, **opening.details)
        change_hours(shop, {weekday: opening.hours if weekday in opening.week else None for weekday in range(7)}, by=OWNER)
        change_location(shop, opening.settings, by=OWNER)
        registration, price = TEXTING[shop.currency]
        change_facts(shop, registration, today - REGISTERED, price, by=OWNER)
        close_on(shop, holidays(opening, today), by=OWNER)
        _brand(shop, opening)
        shops.append(shop)
    return shops


def holidays(opening: Opening, today: date) -> dict[date, str]:
    """Those that the shop accepted of what its calendar suggests, on days on which it would be open."""
    first, last = today - BEFORE, today + AHEAD
    days = {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in suggested(opening.settings["holiday_calendar"], year).items()
    }
    return {
        day: name
        for day, name in days.items()
        if first <= day <= last and day.weekday() in opening.week and name.startswith(opening.closed_on)
    }


def _brand(shop: Shop, opening: Opening) -> None:
    logo = logos.drawn(opening.slug, opening.accent)
    shop.branding.accent, shop.branding.welcome, shop.branding.sender_name = opening.accent, opening.welcome, opening.name
    shop.branding.logo = StoredFile.keep(shop.id, logo, "image/png", logos.SIZE, logos.SIZE)
