"""A customer: a person or a company, with phones, e-mail and postal addresses in their order of preference."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from models import email_address, phone
from models.actor import Actor
from models.base import Base, db
from models.customer_contact import CustomerAddress, CustomerEmail, CustomerPhone
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import NotFound, Refused

if TYPE_CHECKING:
    from models.consent import ConsentFact
    from models.shop import Shop
    from models.vehicle import Vehicle

LANGUAGES = ("en", "es", "nl")


class Customer(ShopOwned, Base):
    __tablename__ = "customers"

    kind: Mapped[str] = mapped_column(default="person")
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="", index=True)
    company_name: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None] = mapped_column(default=None)
    zone: Mapped[str | None] = mapped_column(default=None)  # where they live, if not in the shop's zone
    search_words: Mapped[str] = mapped_column(default="")  # names in small letters, for finding as one types

    shop: Mapped["Shop"] = relationship()
    phones: Mapped[list[CustomerPhone]] = relationship(
        cascade="all, delete-orphan", order_by=CustomerPhone.position, collection_class=ordering_list("position")
    )
    emails: Mapped[list[CustomerEmail]] = relationship(
        cascade="all, delete-orphan", order_by=CustomerEmail.position, collection_class=ordering_list("position")
    )
    addresses: Mapped[list[CustomerAddress]] = relationship(
        cascade="all, delete-orphan", order_by=CustomerAddress.position, collection_class=ordering_list("position")
    )
    vehicles: Mapped[list["Vehicle"]] = relationship(back_populates="customer", order_by="Vehicle.id")

    @property
    def name(self) -> str:
        return self.company_name or " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def mailing_name(self) -> str:
        return self.name or "Customer"

    @property
    def greeting(self) -> str:
        """The first name; empty where none is stored (the first name is not required)."""
        return self.first_name

    @property
    def phone(self) -> CustomerPhone | None:
        """The first one: texts go there."""
        return self.phones[0] if self.phones else None

    def number(self, e164: str) -> str:
        """One of their numbers. Raises NotFound for another's."""
        for row in self.phones:
            if row.number == e164:
                return e164
        raise NotFound("CustomerPhone")

    @property
    def email(self) -> str | None:
        return self.emails[0].address if self.emails else None

    @property
    def consent(self) -> "ConsentFact | None":
        """What was last said about service texts to the first number; None if nobody ever asked."""
        from models.consent import Consent

        return Consent.of(self.shop, self.phone.number) if self.phone else None

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone) if self.zone else self.shop.tz

    @classmethod
    def add(
        cls,
        shop: "Shop",
        *,
        by: Actor,
        first_name: str = "",
        last_name: str = "",
        company_name: str = "",
        phones: Sequence[str] = (),
        emails: Sequence[str] = (),
        language: str | None = None,
    ) -> "Customer":
        """A new customer of the shop. Raises Refused: no name at all, a phone or an address that is none."""
        customer = cls(shop_id=shop.id, shop=shop)
        customer._call(first_name, last_name, company_name, language)
        customer._reach(phones, emails)
        db.session.add(customer)
        db.session.flush()
        record(customer, "customer.added", by)
        touch(shop.id, "customers")
        return customer

    def change(
        self,
        *,
        by: Actor,
        first_name: str,
        last_name: str,
        company_name: str,
        language: str | None,
        phones: Sequence[str],
        emails: Sequence[str],
        addresses: Sequence[dict[str, str]] | None = None,
    ) -> None:
        """``addresses`` are dicts of street, city, region, postal_code, country; None leaves them. Raises Refused: as ``add``."""
        self._call(first_name, last_name, company_name, language)
        self._reach(phones, emails)
        if addresses is not None:
            self.addresses[:] = [CustomerAddress(**address) for address in addresses if address.get("street", "").strip()]
        record(self, "customer.changed", by)
        touch(self.shop_id, "customers")

    def put_first(self, number: str, *, by: Actor) -> None:
        """Texts go to this number of theirs from now on. Raises NotFound for another's."""
        row = next((row for row in self.phones if row.number == number), None)
        if row is None:
            raise NotFound("CustomerPhone")
        if row is not self.phone:
            self.phones.remove(row)
            self.phones.insert(0, row)
            record(self, "customer.changed", by)
            touch(self.shop_id, "customers")

    def _call(self, first_name: str, last_name: str, company_name: str, language: str | None) -> None:
        first, last, company = first_name.strip(), last_name.strip(), company_name.strip()
        if not (last or company or first):
            raise Refused("Give at least a last name or a company name.", field="last_name")
        if language and language not in LANGUAGES:
            raise Refused("Choose English, Spanish or Dutch.", field="language")
        self.first_name, self.last_name, self.company_name, self.language = first, last, company, language or None
        self.kind = "company" if company else "person"
        self.search_words = f"{last} {first} {company}".lower()

    def _reach(self, phones: Sequence[str], emails: Sequence[str]) -> None:
        numbers = list(dict.fromkeys(phone.normalised(text, self.shop.country) for text in phones if text.strip()))
        addresses = list(dict.fromkeys(email_address.normalised(text) for text in emails if text.strip()))
        known = {row.number: row for row in self.phones}
        self.phones[:] = [known.get(number) or CustomerPhone(number=number) for number in numbers]
        kept = {row.address: row for row in self.emails}
        self.emails[:] = [kept.get(address) or CustomerEmail(address=address) for address in addresses]

    @classmethod
    def newest(cls, shop: "Shop", limit: int = 50) -> list["Customer"]:
        loaded = selectinload(cls.phones), selectinload(cls.emails), selectinload(cls.vehicles)
        return list(db.session.scalars(select(cls).where(cls.shop_id == shop.id).options(*loaded).order_by(cls.id.desc()).limit(limit)))

    @classmethod
    def search(cls, shop: "Shop", words: str, limit: int = 12) -> list["Customer"]:
        """By phone number (any part of four digits or more), last, first or company name, or plate; at most ``limit``."""
        from models.vehicle import Vehicle

        text, number = words.strip().lower(), phone.digits(words)
        if len(text) < 2:
            return []
        query = select(cls).where(cls.shop_id == shop.id)
        if len(number) >= 4 and number == "".join(c for c in text if c not in " +-().").strip():
            query = query.where(cls.phones.any(CustomerPhone.number.contains(number, autoescape=True)))
        else:
            plate = text.upper().replace(" ", "").replace("-", "")
            query = query.where(
                *(
                    or_(
                        cls.search_words.contains(word, autoescape=True),
                        cls.vehicles.any(Vehicle.plate_key.startswith(plate, autoescape=True)),
                    )
                    for word in text.split()
                )
            )
        loaded = selectinload(cls.phones), selectinload(cls.emails), selectinload(cls.vehicles)
        return list(db.session.scalars(query.options(*loaded).order_by(cls.last_name, cls.first_name, cls.id).limit(limit)))
