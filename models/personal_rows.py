"""Which rows are a person's: found from the customer's own along the keys, and by the numbers and addresses that are theirs alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, or_, select

from models.base import Base, chunks, db
from models.personal_tables import HELD

if TYPE_CHECKING:
    from models.customer import Customer


@dataclass
class Person:
    """A customer with whoever was merged into them. ``ids`` are those of the rows, by table."""

    customer: "Customer"
    ids: dict[str, list[int]] = field(default_factory=dict)
    reached_at: frozenset[str] = frozenset()  # numbers and e-mail addresses that are nobody else's of the shop
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, customer: "Customer") -> "Person":
        person = cls(customer)
        person.ids["customers"] = with_merged(customer.id)
        person.names = person._names()
        for name, held in HELD.items():
            if name == "customer_phones":
                person.ids[name] = person._led_to(name)
                person.reached_at = person._own_addresses()
            elif name not in person.ids:
                person.ids[name] = sorted({*person._led_to(name), *(person._holding(name) if held.holds else ())})
        person._texts_as_they_came()
        person._known_elsewhere()
        person.ids["entries"] = person._entries()
        return person

    @property
    def shop_id(self) -> int:
        return self.customer.shop_id

    @property
    def shared_vehicles(self) -> list[int]:
        """Theirs, which others have brought as well: what is on the plate is in their records too."""
        visits = Base.metadata.tables["visits"]
        theirs = chunks(self.ids["vehicles"])
        others = (
            select(visits.c.vehicle_id).where(visits.c.vehicle_id.in_(part), visits.c.customer_id.not_in(self.mine)) for part in theirs
        )
        return sorted({vehicle for query in others for vehicle in db.session.scalars(query)})

    @property
    def lent_vehicles(self) -> list[int]:
        """What they came with and is another's by now."""
        visits = Base.metadata.tables["visits"]
        came = select(visits.c.vehicle_id).where(visits.c.customer_id.in_(self.mine))
        return sorted(set(db.session.scalars(came)) - set(self.ids["vehicles"]))

    @property
    def mine(self) -> list[int]:
        return self.ids["customers"]

    def rows(self, name: str, ids: Sequence[int] | None = None) -> Iterator[Any]:
        """The rows of one table, oldest first."""
        table = Base.metadata.tables[name]
        for part in chunks(self.ids[name] if ids is None else ids):
            yield from db.session.execute(select(table).where(table.c.id.in_(part)).order_by(table.c.id))

    # finding

    def _led_to(self, name: str) -> list[int]:
        table, found = Base.metadata.tables[name], set()
        for column in (table.c[key] for key in HELD[name].via):
            parent = next(iter(column.foreign_keys)).column.table.name
            for part in chunks(self.ids[parent]):
                found |= set(db.session.scalars(select(table.c.id).where(column.in_(part))))
        return sorted(found)

    def _holding(self, name: str) -> set[int]:
        """Rows with a number or address of theirs; of messages those that are nobody's in particular."""
        table, found = Base.metadata.tables[name], set()
        nobodys = [table.c.customer_id.is_(None)] if "customer_id" in table.c else []
        for part in chunks(self.reached_at):
            holding = or_(*(table.c[column].in_(part) for column in HELD[name].holds))
            found |= set(db.session.scalars(select(table.c.id).where(table.c.shop_id == self.shop_id, holding, *nobodys)))
        return found

    def _own_addresses(self) -> frozenset[str]:
        """What is on their card, and what messages of theirs went to, without what is on somebody else's card."""
        found = {*self._values("customer_phones", "number", "customer_id"), *self._values("customer_emails", "address", "customer_id")}
        found |= {*self._values("contact_persons", "phone", "customer_id"), *self._values("contact_persons", "email", "customer_id")}
        found |= self._values("messages", "address", "customer_id")
        found |= {address.lower() for address in found}  # as mail that came back is kept
        return frozenset(found - {""} - self._others(found))

    def _values(self, name: str, column: str, key: str) -> set[str]:
        table = Base.metadata.tables[name]
        return set(db.session.scalars(select(table.c[column]).where(table.c[key].in_(self.mine)).distinct()))

    def _others(self, addresses: Iterable[str]) -> set[str]:
        customers, found = Base.metadata.tables["customers"], set()
        for name, column in (("customer_phones", "number"), ("customer_emails", "address"), ("messages", "address")):
            table = Base.metadata.tables[name]
            of_others = select(table.c[column]).join(customers, customers.c.id == table.c.customer_id).distinct()
            of_others = of_others.where(customers.c.shop_id == self.shop_id, customers.c.id.not_in(self.mine))
            if name == "messages":
                of_others = of_others.where(table.c.shop_id == self.shop_id)  # as its index has it
            for part in chunks(addresses):
                found |= set(db.session.scalars(of_others.where(table.c[column].in_(part))))
        return found

    def _names(self) -> frozenset[str]:
        from models.customer import Customer

        return frozenset(one.name for one in db.session.scalars(select(Customer).where(Customer.id.in_(self.mine)))) - {""}

    def _texts_as_they_came(self) -> None:
        """What the provider handed in, of the texts that are known to be theirs."""
        messages, came = Base.metadata.tables["messages"], Base.metadata.tables["incoming_texts"]
        found = set(self.ids["incoming_texts"])
        for part in chunks(self.ids["messages"]):
            same = came.c.provider_id.in_(select(messages.c.provider_id).where(messages.c.id.in_(part), messages.c.direction == "in"))
            found |= set(db.session.scalars(select(came.c.id).where(same)))
        self.ids["incoming_texts"] = sorted(found)

    def _known_elsewhere(self) -> None:
        """How another system calls what is theirs, and what was asked about their plates."""
        names, asked = Base.metadata.tables["external_ids"], Base.metadata.tables["plate_lookups"]
        of_shop, found = names.c.shop_id == self.shop_id, set()
        for noun, ids in self.ids.items():
            for part in chunks(ids):
                found |= set(db.session.scalars(select(names.c.id).where(of_shop, names.c.noun == noun, names.c.our_id.in_(part))))
        self.ids["external_ids"] = sorted(found)
        shared = set(self.shared_vehicles)
        cars = [row for row in self.rows("vehicles") if row.id not in shared]
        plates, vins = {row.plate_key for row in cars} - {""}, {row.vin for row in cars} - {""}
        same = asked.c.plate.in_(plates) | asked.c.vin.in_(vins)
        self.ids["plate_lookups"] = sorted(db.session.scalars(select(asked.c.id).where(asked.c.shop_id == self.shop_id, same)))

    def _entries(self) -> list[int]:
        """The log's entries about anything of theirs, and those of what they did."""
        entries, found = Base.metadata.tables["entries"], set()
        acted = (entries.c.actor_kind == "customer") & entries.c.actor_id.in_(self.mine)
        conditions: list[ColumnElement[bool]] = [(entries.c.shop_id == self.shop_id) & acted]
        conditions += [
            (entries.c.subject == name) & entries.c.subject_id.in_(part) for name, ids in self.ids.items() for part in chunks(ids)
        ]
        for condition in conditions:
            found |= set(db.session.scalars(select(entries.c.id).where(condition)))
        return sorted(found)


def with_merged(customer_id: int) -> list[int]:
    """The customer's id, and those of whoever was merged into them, and into those."""
    from models.customer import Customer

    found, ids = list[int](), [customer_id]
    while ids:
        found += ids
        ids = list(db.session.scalars(select(Customer.id).where(Customer.merged_into_id.in_(ids)).order_by(Customer.id)))
    return found


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]
