"""Opening a business with its first shop and its main administrator: one verb for the operator's command and for the set-up link."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count
from typing import Any
from unicodedata import normalize

from babel.numbers import get_territory_currencies
from flask_babel import gettext as _

from models import password
from models.actor import Actor
from models.base import db
from models.business import Business
from models.refused import Refused
from models.role import Role
from models.shop import Shop
from models.shop_details import change_shop, checked
from models.staff_member import StaffMember

LONGEST_NAME = 80  # characters of a business's


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody typed who opens a business; ``slug`` may be left out."""

    business: str
    shop: str
    zone: str
    country: str
    name: str
    email: str
    secret: str
    language: str = "en"
    slug: str = ""

    def carry_out(self) -> StaffMember:
        """Open it all; the main administrator comes back. Raises Refused with every objection at once, and nothing is opened then."""
        self._check()
        owner = Business.open(self.business)
        country = self.country.strip().upper()
        details = {"country": country, "language": self.language, "currency": _currency(country), "email": self.email.strip()}
        shop = Shop.open(owner, " ".join(self.shop.split()), self.slug or free_slug(self.shop), self.zone.strip(), **details)
        member = StaffMember.add(self.email, self.name, Role.administrator, shop)
        member.activate(self.secret)
        db.session.flush()
        owner.main_administrator_id = member.id
        return member

    def _check(self) -> None:
        shop = {"name": self.shop, "zone": self.zone, "country": self.country, "language": self.language}
        errors: dict[Any, Any] = {}
        checks: tuple[tuple[dict[str, str], Callable[[], object]], ...] = (
            ({}, lambda: _business_name(self.business)),
            ({"name": "shop"}, lambda: checked(shop)),
            ({}, lambda: StaffMember.check(self.email, self.name)),
            ({}, lambda: password.hashed(self.secret)),
        )
        for called, check in checks:
            try:
                check()
            except Refused as refused:
                errors |= {called.get(str(field), field): words for field, words in refused.errors.items()}
        if errors:
            raise Refused.at(**errors)


def change_business(shop: Shop, business: str, values: dict[str, str], *, by: Actor) -> None:
    """The business's name and the shop's name, country, zone and language, as they were typed; of the shop's name the fault is at ``shop``.

    Raises Refused with every objection at once; nothing is changed then.
    """
    errors: dict[Any, Any] = {}
    try:
        name = _business_name(business)
    except Refused as refused:
        errors |= refused.errors
    try:
        checked(values) if errors else change_shop(shop, values, by=by)
    except Refused as refused:
        errors |= {"shop" if field == "name" else field: words for field, words in refused.errors.items()}
    if errors:
        raise Refused.at(**errors)
    shop.business.name = name


def free_slug(name: str) -> str:
    """A short name for addresses that no shop has yet: ``cafe-garage`` for Café Garage."""
    plain = normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    slug = "-".join("".join(sign if sign.isalnum() else " " for sign in plain).split())[:40].strip("-") or "shop"
    candidates = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(candidate for candidate in candidates if Shop.with_slug(candidate) is None)


def _business_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Refused(_("A business needs a name."), field="business")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(_("Please keep it under %(count)s characters, on one line.", count=LONGEST_NAME), field="business")
    return name


def _currency(country: str) -> str:
    """What is paid with there; dollars where it is not known."""
    return next(iter(get_territory_currencies(country)), "USD")
