"""The people who drive to the demo's shops: invented, each met once, with a number and an address that nobody has."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from jobs.demo import cars, names

MAIL = ("mail.example", "post.example", "inbox.example", "home.example")
STREETS = ("Millrace Lane", "Lantern Court", "Old Ferry Road", "Quarry Hill Drive", "Tern Street", "Orchard Gate")
TAKEN = frozenset(  # by the shops and the people with a story of their own
    {*(f"+1312555{n:04}" for n in (100, 101, *range(140, 160))), "+12125550110", "+12125550111", "+16025550120", "+16025550121"}
)


@dataclass
class Person:
    """What the shop's desk learns of somebody who calls."""

    first: str
    last: str
    cars: list[dict[str, Any]]
    phone: str = ""
    email: str = ""
    preference: str = "text"
    consent: str | None = "spoken"  # how they agreed to texts; None: nobody has asked, or they would rather not
    company: str = ""
    language: str | None = None
    address: dict[str, str] | None = None  # of those without e-mail, who get cards


@dataclass(frozen=True)
class Town:
    """Where a shop's people come from."""

    area_codes: tuple[str, ...]  # 555-01xx of each belongs to nobody
    region: str  # on plates
    plates: int  # of the demo's plates, the first one here
    american: bool = True
    texting: float = 0.72  # share of those who want a text, of those with a phone
    calling: float = 0.08
    city: str = ""  # empty: nobody is asked where they live
    codes: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[str]:
        if not self.american:
            return [f"+31970{102042 + n}" for n in range(18)]
        return [number for code in self.area_codes for n in range(100, 200) if (number := f"+1{code}555{n:04}") not in TAKEN]

    def home(self, name: str) -> dict[str, str]:
        """Where somebody lives, in streets that the town does not have; one in five left the postal code out."""
        rng = random.Random(f"home of {name}")  # noqa: S311 (the demo shall be the same each time)
        place = {"street": f"{rng.randint(12, 988)} {rng.choice(STREETS)}", "city": self.city, "region": self.region}
        return place | {"postal_code": rng.choice(self.codes) if rng.random() < 0.8 else ""}


TOWNS = {
    "harbour": Town(("312", "773", "872", "708"), "IL", 1001, city="Chicago", codes=("60607", "60611", "60614", "60654")),
    "northgate": Town(("212", "917", "718"), "NY", 2001),
    "elm": Town(("602", "480", "623"), "AZ", 3001),
    "delinde": Town((), "NL", 4001, american=False),
}


class Crowd:
    def __init__(self, slug: str) -> None:
        self.town = TOWNS[slug]
        self._rng = random.Random(f"crowd of {slug}")  # noqa: S311 (the demo shall be the same each time)
        self._numbers = self.town.numbers
        self._rng.shuffle(self._numbers)
        self._plates = count(self.town.plates)
        self._people = self._all()

    def next(self) -> Person:
        """Somebody who was not met before."""
        first, last = next(self._people)
        rng = self._rng
        # of the few numbers at De Linde's disposal every third customer gets one
        phone = self._numbers.pop() if self._numbers and (self.town.american or rng.random() < 0.34) else ""
        email = f"{plain(first)}.{plain(last)}@{rng.choice(MAIL)}" if not phone or rng.random() < 0.85 else ""
        wish = rng.random()
        preference = "text" if wish < self.town.texting else "phone" if wish < self.town.texting + self.town.calling else "email"
        if not phone or (preference == "email" and not email):
            preference = "text" if phone else "email"
        consent = rng.choices(("spoken", "written", "web"), (8, 3, 1))[0] if preference == "text" else None
        address = self.town.home(f"{first} {last}") if self.town.city and not email else None
        return Person(first, last, [self.car()], phone, email, preference, consent, address=address)

    def car(self) -> dict[str, Any]:
        make, model, submodel, engine, oldest, newest = self._rng.choice(cars.AMERICAN if self.town.american else cars.DUTCH)
        year = self._rng.randint(oldest, newest)
        yearly = self._rng.randint(7_000, 16_000)
        return {
            "year": year,
            "make": make,
            "model": model,
            "submodel": submodel,
            "engine": engine,
            "plate": self.plate(),
            "plate_region": self.town.region,
            "odometer": (2026 - year) * yearly + self._rng.randint(500, 6_000),
        }

    def plate(self) -> str:
        return f"DEMO {next(self._plates)}"

    def _all(self) -> Iterator[tuple[str, str]]:
        groups = names.AMERICAN if self.town.american else names.DUTCH
        pairs = [[(first, last) for first in given.split() for last in family.split()] for given, family in groups]
        for group in pairs:
            self._rng.shuffle(group)
        while any(pairs):
            if group := self._rng.choice(pairs):
                yield group.pop()


def plain(name: str) -> str:
    """As it stands in e-mail addresses."""
    flat = unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ł", "l"))
    return "".join(letter for letter in flat.lower() if letter.isascii() and letter.isalpha())
