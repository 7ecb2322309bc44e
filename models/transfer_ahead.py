"""What taking many records will ask, asked in a few questions: who of them is known, whose they are, who is on file already."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.ahead import Ahead
from models.base import chunks, db
from models.customer import Customer
from models.customer_key import CustomerKey
from models.customer_record import CustomerRecord
from models.external_id import ExternalId
from models.transfer_record import Record
from models.transfer_source import Source
from models.vehicle import Vehicle

if TYPE_CHECKING:
    from models.shop import Shop


def look_ahead(shop: "Shop", system: str, records: Sequence[Record]) -> Ahead:
    """Locked for this transaction is what it finds of them under the other system's ids, and the customers that it leads to."""
    looking = _Looking(shop, system)
    looking.find_names(records)
    looking.find_matches(records)
    looking.load_customers()
    looking.load_vehicles(records)
    return looking.ahead


class _Looking:
    def __init__(self, shop: "Shop", system: str) -> None:
        self.shop, self.system, self.ahead = shop, system, Ahead()
        self.ours: dict[str, set[int]] = {"customers": set(), "vehicles": set()}

    def find_names(self, records: Iterable[Record]) -> None:
        """What the other system calls so."""
        wanted: dict[str, set[str]] = {}
        for one in records:
            wanted.setdefault(one.noun, set()).add(one.external_id)
            for noun, external_id, _field in one.references:
                wanted.setdefault(noun, set()).add(external_id)
        for noun, external_ids in wanted.items():
            found = {row.external_id: row for row in ExternalId.held(self.shop, self.system, noun, external_ids)}
            for external_id in external_ids:
                self.ahead.learn(ExternalId.asking(self.shop, self.system, noun, external_id), found.get(external_id))
            self.ours.setdefault(noun, set()).update(row.our_id for row in found.values() if row.our_id)

    def find_matches(self, records: Iterable[Record]) -> None:
        """Customers whom a new one may be."""
        keys: dict[str, set[str]] = {}
        for kind, key in (key for one in records if isinstance(one, CustomerRecord) and not self._is_known(one) for key in one.keys):
            keys.setdefault(kind, set()).add(key)
        for kind, wanted in keys.items():
            found = CustomerKey.all_known_by(self.shop.id, kind, wanted)
            for key in wanted:
                self.ahead.learn(CustomerKey.asking(self.shop.id, kind, key), found.get(key, ()))
                self.ours["customers"].update(one.id for one in found.get(key, ()))

    def load_customers(self) -> None:
        """With all that is on their cards, and held."""
        parts = (selectinload(part) for part in (Customer.phones, Customer.emails, Customer.addresses, Customer.contacts))
        query = select(Customer).where(Customer.shop_id == self.shop.id).options(*parts).order_by(Customer.id)
        query = query.with_for_update(key_share=True, of=Customer).execution_options(populate_existing=True)
        for part in chunks(self.ours["customers"]):
            for row in db.session.scalars(query.where(Customer.id.in_(part))):
                if row.merged_into_id is None:  # of two that were merged the other is asked for by himself
                    self.ahead.learn(Source.asking("customers", row.id), row)
                    self.ahead.learn(Customer.asking_state(row.id), (None, row.erased_at))
        self._name("customers")

    def load_vehicles(self, records: Sequence[Record]) -> None:
        """Those that are known, and all that the owners have."""
        owners = self.ours["customers"] if any(one.noun == "vehicles" for one in records) else set()
        known: dict[int, list[Vehicle]] = {owner: [] for owner in owners}
        for part in chunks(owners):
            for row in db.session.scalars(select(Vehicle).where(Vehicle.customer_id.in_(part)).order_by(Vehicle.id)):
                known[row.customer_id].append(row)
                self.ours["vehicles"].add(row.id)
        for owner, theirs in known.items():
            self.ahead.learn(Vehicle.asking_owner(owner), theirs)
        for part in chunks(self.ours["vehicles"]):
            mine = select(Vehicle).where(Vehicle.shop_id == self.shop.id, Vehicle.id.in_(part))
            for row in db.session.scalars(mine):
                self.ahead.learn(Source.asking("vehicles", row.id), row)
        self._name("vehicles")

    def _name(self, noun: str) -> None:
        """What it calls these."""
        names: dict[int, str] = {}
        for part in chunks(self.ours[noun]):
            names |= ExternalId.names(self.shop, self.system, noun, part)
        for our_id in self.ours[noun]:
            self.ahead.learn(ExternalId.asking_name(self.shop, self.system, noun, our_id), names.get(our_id))

    def _is_known(self, one: Record) -> bool:
        known = self.ahead.answer(ExternalId.asking(self.shop, self.system, one.noun, one.external_id))
        return bool(known and known.our_id)
