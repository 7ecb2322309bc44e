"""What customers and vehicles are found by as one types, in one form and in one index: words, numbers, and numbers from their end.

Every search is a range of this index (``key`` from what was typed on), so that a million customers are searched like a hundred, and every
database compares alike: keys are folded to small letters without accents and compared byte by byte.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import phonenumbers
from sqlalchemy import ColumnElement, ForeignKey, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.ahead import UNKNOWN, answered, is_gathered, put_down
from models.base import Base, db

if TYPE_CHECKING:
    from models.customer import Customer
    from models.vehicle import Vehicle

NAME, PHONE, PHONE_END, EMAIL, PLATE, VIN_END, CAR = "name", "phone", "phone_end", "email", "plate", "vin_end", "car"
# letters that Unicode does not take apart into a letter and its accent
_WHOLE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_LAST = "\U0010ffff"
SOME = 20  # customers who share a key are looked at
ByteByByte = String().with_variant(String(collation="C"), "postgresql")


def fold(text: str) -> str:
    """Small letters without accents: Muñoz and MUNOZ are one."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE))
    return "".join(character for character in apart if not unicodedata.combining(character))


def compact(text: str) -> str:
    """Folded letters and digits alone, as plates, VINs and numbers are compared."""
    folded = fold(text)
    return folded if folded.isalnum() else "".join(character for character in folded if character.isalnum())


def words(text: str) -> set[str]:
    """The words of a name; a double name by its parts and as one word."""
    found = {part for part in re.split(r"[\W_]+", fold(text)) if part}
    return found | {whole for piece in text.split() if (whole := compact(piece))}


def numbers(e164: str) -> tuple[str, ...]:
    """A number's digits as they are typed: with the country's code, and as at home."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return (compact(e164),)
    home = compact(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    if e164.startswith("+3197") and not home.startswith("0"):
        home = f"0{home}"  # phonenumbers does not list Dutch 097 numbers, and so leaves away the 0 that people dial
    return tuple(dict.fromkeys((compact(e164), home)))


class CustomerKey(Base):
    __tablename__ = "customer_keys"
    __table_args__ = (
        Index("ix_customer_keys_find", "shop_id", "kind", "key", "customer_id"),
        Index("ix_customer_keys_customer_id", "customer_id", "kind", "key"),
        Index("ix_customer_keys_vehicle_id", "vehicle_id"),
    )

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"))
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(ByteByByte)

    @classmethod
    def begins(cls, kind: str, start: str) -> ColumnElement[bool]:
        """A range and no LIKE: each database finds it by the index, whatever its settings."""
        return (cls.kind == kind) & (cls.key >= start) & (cls.key < start + _LAST)

    @classmethod
    def known_by(cls, shop_id: int, kind: str, key: str) -> "Sequence[Customer]":
        """Customers on file by that key, some if there are many; of what is asked ahead, those that were there then."""
        if (known := answered(cls.asking(shop_id, kind, key))) is not UNKNOWN:
            return known
        return cls.all_known_by(shop_id, kind, [key]).get(key, [])

    @staticmethod
    def asking(shop_id: int, kind: str, key: str) -> tuple[object, ...]:
        """The question of ``known_by``."""
        return CustomerKey, shop_id, kind, key

    @classmethod
    def all_known_by(cls, shop_id: int, kind: str, keys: Collection[str]) -> "dict[str, list[Customer]]":
        """The same for many keys in one question, by key."""
        from models.customer import Customer

        place = func.row_number().over(partition_by=cls.key, order_by=cls.customer_id)
        mine = cls.shop_id == shop_id, cls.kind == kind, cls.key.in_(keys), cls.vehicle_id.is_(None)
        own = select(cls.key, cls.customer_id, place.label("place")).where(*mine).subquery()
        query = select(own.c.key, Customer).join(Customer, Customer.id == own.c.customer_id)
        found: dict[str, list[Customer]] = {}
        for key, customer in db.session.execute(query.where(own.c.place <= SOME, Customer.merged_into_id.is_(None))):
            found.setdefault(key, []).append(customer)
        return found

    @classmethod
    def of_customer(cls, customer: "Customer") -> set[tuple[str, str]]:
        people = customer.contacts
        names = (customer.first_name, customer.last_name, customer.company_name, *(person.name for person in people))
        reached = {row.number for row in customer.phones} | {person.phone for person in people if person.phone}
        mails = {row.address for row in customer.emails} | {person.email for person in people if person.email}
        keys = {(NAME, word) for name in names for word in words(name)} | {(EMAIL, fold(mail)) for mail in mails}
        for number in reached:
            keys |= {(PHONE, digits) for digits in numbers(number)} | {(PHONE_END, compact(number)[::-1])}
        return keys

    @classmethod
    def of_vehicle(cls, vehicle: "Vehicle") -> set[tuple[str, str]]:
        said = (vehicle.make, vehicle.model, vehicle.submodel, str(vehicle.year or ""), vehicle.unit_number)
        keys = {(CAR, word) for text in said for word in words(text)}
        keys |= {(PLATE, compact(vehicle.plate)), (VIN_END, compact(vehicle.vin)[::-1])}
        return {(kind, key) for kind, key in keys if key}

    @classmethod
    def keep(cls, customer: "Customer") -> None:
        """Let the customer be found by what is on file now; their vehicles have keys of their own. After a flush."""
        cls._replace(customer.id, None, customer.shop_id, set() if customer.merged_into_id else cls.of_customer(customer))

    @classmethod
    def keep_vehicle(cls, vehicle: "Vehicle") -> None:
        cls._replace(vehicle.customer_id, vehicle.id, vehicle.shop_id, cls.of_vehicle(vehicle))

    @classmethod
    def _replace(cls, customer_id: int, vehicle_id: int | None, shop_id: int, wanted: Iterable[tuple[str, str]]) -> None:
        its = cls.vehicle_id == vehicle_id if vehicle_id else (cls.customer_id == customer_id) & cls.vehicle_id.is_(None)
        # only what is new is gathered, and nobody knows it yet
        rows = () if is_gathered() else db.session.execute(select(cls.kind, cls.key, cls.customer_id, cls.id).where(its)).all()
        there = {(row.kind, row.key, row.customer_id): row.id for row in rows}
        due = {(kind, key, customer_id) for kind, key in wanted}
        if gone := [there[what] for what in there.keys() - due]:
            db.session.execute(delete(cls).where(cls.id.in_(gone)))
        if new := sorted(due - there.keys()):
            same = {"shop_id": shop_id, "vehicle_id": vehicle_id}
            put_down(cls, [{**same, "kind": kind, "key": key, "customer_id": owner} for kind, key, owner in new])
