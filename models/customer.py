"""A customer: a person or a company, with phones, e-mail and postal addresses in their order of preference."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from models.actor import Actor
from models.ahead import UNKNOWN, answered, is_gathered, learn, settle
from models.base import Base, db
from models.contact_person import ContactPerson
from models.customer_contact import CustomerAddress, CustomerEmail, CustomerPhone
from models.customer_key import CustomerKey, fold
from models.customer_reach import CustomerReach
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.consent import ConsentFact
    from models.shop import Shop
    from models.vehicle import Vehicle

LANGUAGES = ("en", "es", "nl")


class Customer(CustomerReach, ShopOwned, Base):
    __tablename__ = "customers"

    kind: Mapped[str] = mapped_column(default="person")
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="", index=True)
    company_name: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None] = mapped_column(default=None)
    zone: Mapped[str | None] = mapped_column(default=None)  # where they live, if not in the shop's zone
    search_words: Mapped[str] = mapped_column(default="")  # names in small letters, with accents and without
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True, default=None)  # was found to be that one
    erased_at: Mapped[datetime | None] = mapped_column(default=None)  # on request, see ``Erasure``: nothing is known of them any more

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
    contacts: Mapped[list[ContactPerson]] = relationship(
        cascade="all, delete-orphan", order_by=ContactPerson.position, collection_class=ordering_list("position")
    )
    vehicles: Mapped[list["Vehicle"]] = relationship(back_populates="customer", order_by="Vehicle.id")
    merged_into: Mapped["Customer | None"] = relationship(remote_side="Customer.id")

    @property
    def name(self) -> str:
        return self.company_name or " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def current(self) -> "Customer":
        """Who this one is on file as now: itself, or whom it was merged into."""
        found = self
        while found.merged_into is not None:
            found = found.merged_into
        return found

    @classmethod
    def whole(cls) -> "tuple[ExecutableOption, ...]":
        """Loader options for where a customer can be reached, in one question: there are few of each, so that their product is small."""
        return tuple(joinedload(part) for part in (cls.phones, cls.emails, cls.addresses, cls.contacts))

    def load_whole(self) -> "Customer":
        """Read what ``whole`` names of one who is at hand."""
        query = select(Customer).where(Customer.id == self.id).options(*Customer.whole()).execution_options(populate_existing=True)
        return db.session.scalars(query).unique().one()

    @property
    def vehicles_in_use(self) -> "list[Vehicle]":
        """Those that may come: without the retired ones."""
        return [vehicle for vehicle in self.vehicles if vehicle.retired_at is None]

    @property
    def mailing_name(self) -> str:
        return self.name or "Customer"

    @property
    def greeting(self) -> str:
        """The first name; empty where none is stored (the first name is not required)."""
        return self.first_name

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
        addresses: Sequence[Mapping[str, str]] = (),
        contacts: Sequence[Mapping[str, str]] = (),
    ) -> "Customer":
        """A new customer of the shop. Raises Refused: no name at all, a phone or an address that is none. For the rest see ``change``."""
        customer = cls(shop_id=shop.id, shop=shop, vehicles=[], contacts=[], addresses=[])
        customer._call(first_name, last_name, company_name, language)
        customer._reach(phones, emails, addresses, contacts)
        db.session.add(customer)
        settle(customer)
        learn(cls.asking_state(customer.id), (None, None))  # nobody else knows this one yet
        CustomerKey.keep(customer)
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
        addresses: Sequence[Mapping[str, str]] | None = None,
        contacts: Sequence[Mapping[str, str]] | None = None,
    ) -> None:
        """Write down what is so now; of what is None, nothing changes.

        ``addresses`` have street, city, region, postal_code, country; ``contacts`` name, phone, email, role, approves, and the id of
        one that stays. Raises Refused: as ``add``, or it was merged into another meanwhile.
        """
        self.hold()
        self._call(first_name, last_name, company_name, language)
        self._reach(phones, emails, addresses, contacts)
        db.session.flush()
        CustomerKey.keep(self)
        record(self, "customer.changed", by)
        touch(self.shop_id, "customers")
        self._send_held_cards()

    def _call(self, first_name: str, last_name: str, company_name: str, language: str | None) -> None:
        first, last, company = first_name.strip(), last_name.strip(), company_name.strip()
        if not (last or company or first):
            raise Refused("Give at least a last name or a company name.", field="last_name")
        if language and language not in LANGUAGES:
            raise Refused("Choose English, Spanish or Dutch.", field="language")
        self.first_name, self.last_name, self.company_name, self.language = first, last, company, language or None
        self.rename()

    def rename(self) -> None:
        """What follows from the names."""
        self.kind = "company" if self.company_name else "person"
        names = f"{self.last_name} {self.first_name} {self.company_name}".lower()
        self.search_words = " ".join(dict.fromkeys((names, fold(names))))

    # beside others who work at the same time

    def hold(self) -> None:
        """Until this transaction ends nobody else changes, merges or erases this customer. Raises Refused: it was merged or erased."""
        if (known := answered(Customer.asking_state(self.id))) is UNKNOWN:
            if not is_gathered():
                db.session.flush()
            known = lock_customers(self.id)[0]
        merged_into, erased_at = known
        if merged_into is not None:
            raise Refused(_("This customer was merged with another one meanwhile. Open the page again."))
        if erased_at is not None:
            raise Refused(_("This customer was erased on request. Add a new one."))

    @staticmethod
    def asking_state(id: int) -> tuple[object, ...]:
        """The question of ``hold``, as it is asked ahead: into whom it was merged, when it was erased."""
        return Customer, "state", id

    @classmethod
    def newest(cls, shop: "Shop", limit: int = 50) -> list["Customer"]:
        loaded = selectinload(cls.phones), selectinload(cls.emails), selectinload(cls.vehicles), selectinload(cls.contacts)
        query = select(cls).where(cls.shop_id == shop.id, cls.merged_into_id.is_(None), cls.erased_at.is_(None)).options(*loaded)
        return list(db.session.scalars(query.order_by(cls.id.desc()).limit(limit)))

    @classmethod
    def search(cls, shop: "Shop", words: str, limit: int = 12) -> list["Customer"]:
        """Who is found by these words (``customer_search``), the likeliest first."""
        from models.customer_search import find

        return [hit.customer for hit in find(shop, words, limit)]


def lock_customers(*ids: int) -> list[tuple[int | None, datetime | None]]:
    """Lock the rows, always in one order; says whom each was merged into, and when it was erased. Messages may be written meanwhile: they
    need only the key."""
    rows = select(Customer.merged_into_id, Customer.erased_at).where(Customer.id.in_(ids)).order_by(Customer.id)
    return [(row[0], row[1]) for row in db.session.execute(rows.with_for_update(key_share=True))]
