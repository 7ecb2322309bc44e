"""The other system while its records are taken: what it calls ours, in whose name things are done, what is to be said besides."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from models import clock
from models.actor import Actor
from models.ahead import UNKNOWN, answered
from models.external_id import ExternalId
from models.follow_up import QuietHours
from models.owned import load
from models.refused import Refused
from models.transfer_record import Fault

if TYPE_CHECKING:
    from models.customer import Customer
    from models.shop import Shop


@dataclass
class Source:
    shop: "Shop"
    system: str
    by: Actor
    warnings: list[Fault] = field(default_factory=list)  # about the record that is being taken

    def find(self, noun: str, external_id: str) -> Any:
        """Ours that it calls so; None: it has not pushed it yet. Of customers that were merged, the one that was kept."""
        known = ExternalId.find(self.shop, self.system, noun, external_id)
        return self.load(noun, known.our_id) if known and known.our_id else None

    def need(self, noun: str, external_id: str, at: str) -> Any:
        """Raises Refused: it has not pushed it yet."""
        found = self.find(noun, external_id)
        if found is None:
            raise Refused(_("There is no “%(id)s” here yet. Push that one first.", id=external_id), field=at)
        return found

    def load(self, noun: str, our_id: int) -> Any:
        """Ours, and only this shop's. Raises NotFound."""
        known = answered(self.asking(noun, our_id))
        return _loaders()[noun](self.shop, our_id) if known is UNKNOWN else known

    @staticmethod
    def asking(noun: str, our_id: int) -> tuple[object, ...]:
        """The question of ``load``, as it is asked ahead."""
        return Source, noun, our_id

    def name_of(self, noun: str, our_id: int) -> str | None:
        """What it calls ours; None: it never pushed it. Of several names the first."""
        return ExternalId.name_of(self.shop, self.system, noun, our_id)

    def calls(self, noun: str, our_id: int) -> bool:
        """Whether it has a name for ours already."""
        return self.name_of(noun, our_id) is not None

    @staticmethod
    def by_day(customer: "Customer") -> datetime:
        """Now, or when the recipient's night is over: no person has just done this."""
        location = customer.shop.location
        return QuietHours(location.quiet_from, location.quiet_until, customer.tz).next_allowed(clock.now())

    def warn(self, name: str, detail: Any) -> None:
        self.warnings.append(Fault(f"/{name}", str(detail)))


def _loaders() -> dict[str, Callable[["Shop", int], Any]]:
    from models.work_item import WorkItem
    from models.work_order import WorkOrder

    return {
        "customers": lambda shop, our_id: shop.customer(our_id),
        "vehicles": lambda shop, our_id: shop.vehicle(our_id),
        "appointments": lambda shop, our_id: shop.appointment(our_id),
        "work_orders": lambda shop, our_id: load(WorkOrder, shop.id, our_id, *WorkOrder.loaded()),
        "work_items": lambda shop, our_id: load(WorkItem, shop.id, our_id),
    }
