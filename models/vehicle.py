"""A vehicle of a customer: added, changed, sold to another, retired."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock, vin
from models.actor import Actor
from models.ahead import UNKNOWN, answered, settle
from models.base import Base, db
from models.customer_key import CustomerKey
from models.entry import record
from models.handover import touch
from models.odometer_reading import MOST, OdometerReading
from models.owned import ShopOwned
from models.refused import Refused
from models.vehicle_odometer import WithOdometer

if TYPE_CHECKING:
    from models.customer import Customer
    from models.shop import Shop
    from models.visit import Visit


class Vehicle(WithOdometer, ShopOwned, Base):
    __tablename__ = "vehicles"
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 (as the library declares it); nothing to ask back: many are written in one statement

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    year: Mapped[int | None]
    make: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    submodel: Mapped[str] = mapped_column(default="")
    engine: Mapped[str] = mapped_column(default="")
    plate: Mapped[str] = mapped_column(default="")
    plate_region: Mapped[str] = mapped_column(default="")
    plate_key: Mapped[str] = mapped_column(default="", index=True)  # the plate as it is searched: capitals, no spaces or hyphens
    vin: Mapped[str] = mapped_column(default="", index=True)
    vin_sure_at: Mapped[datetime | None] = mapped_column(default=None)  # when a person said that it is on the vehicle like this
    vin_sure_by: Mapped[str] = mapped_column(default="", server_default="")
    odometer: Mapped[int | None]  # in the shop's unit, miles or kilometres
    unit_number: Mapped[str] = mapped_column(default="")  # how a fleet calls it

    retired_at: Mapped[datetime | None] = mapped_column(default=None)  # scrapped or gone for good: kept, and no longer offered

    shop: Mapped["Shop"] = relationship()
    customer: Mapped["Customer"] = relationship(back_populates="vehicles")
    readings: Mapped[list[OdometerReading]] = relationship(order_by=(OdometerReading.read_on, OdometerReading.id))

    @property
    def vin_is_doubtful(self) -> bool:
        """Whether its VIN's check digit does not fit: somebody should look at the plate again."""
        return vin.is_doubtful(self.vin)

    @property
    def description(self) -> str:
        return " ".join(str(part) for part in (self.year, self.make, self.model, self.submodel) if part) or "Vehicle"

    @property
    def model_name(self) -> str:
        """What short texts call it: the model, else the make, else nothing; a model that is a number says nothing alone ("your 3")."""
        return f"{self.make} {self.model}".strip() if self.model.isdecimal() else self.model or self.make

    @classmethod
    def with_vin(cls, shop: "Shop", number: str, *, besides: int | None = None) -> "list[Vehicle]":
        """The shop's vehicles that have it: more than one is a vehicle on file twice, or a slip of the pen."""
        query = select(cls).where(cls.shop_id == shop.id, cls.vin == number, cls.id != (besides or 0)).options(joinedload(cls.customer))
        return list(db.session.scalars(query.order_by(cls.id.desc()).limit(3))) if number else []

    @classmethod
    def add(cls, customer: "Customer", *, by: Actor, **details: Any) -> "Vehicle":
        """A vehicle for the customer. ``details`` as in ``describe``. Raises Refused: as that does."""
        vehicle = cls(shop_id=customer.shop_id, shop=customer.shop, year=None, odometer=None, vin="", readings=[])
        vehicle.describe(**details)
        customer.hold()
        vehicle.customer, vehicle.customer_id = customer, customer.id
        db.session.add(vehicle)
        settle(vehicle)
        vehicle._note_odometer(by)
        CustomerKey.keep_vehicle(vehicle)
        record(vehicle, "vehicle.added", by)
        vehicle._vouch(details.get("sure_of"), by)
        touch(customer.shop_id, "customers")
        return vehicle

    @classmethod
    def of_owner(cls, customer_id: int) -> "Sequence[Vehicle]":
        """The oldest first; of who is asked about ahead, those that were there then."""
        if (known := answered(cls.asking_owner(customer_id))) is not UNKNOWN:
            return known
        return db.session.scalars(select(cls).where(cls.customer_id == customer_id).order_by(cls.id)).all()

    @staticmethod
    def asking_owner(customer_id: int) -> tuple[object, ...]:
        """The question of ``of_owner``."""
        return Vehicle, "of", customer_id

    @classmethod
    def search(cls, shop: "Shop", words: str, limit: int = 50) -> list["Vehicle"]:
        """By plate, VIN's end, make, model, year or unit (``customer_search``); without words the newest."""
        from models.customer import Customer
        from models.customer_search import vehicle_ids

        query = select(cls).where(cls.shop_id == shop.id).options(joinedload(cls.customer).selectinload(Customer.phones))
        if words.strip():
            query = query.where(cls.id.in_(vehicle_ids(shop, words, limit)))
        return list(db.session.scalars(query.order_by(cls.id.desc()).limit(limit)))

    @property
    def history(self) -> "list[Visit]":
        """Its visits, newest first, each with the customer whose it was then."""
        from models.visit import Visit

        query = select(Visit).where(Visit.vehicle_id == self.id)
        query = query.options(joinedload(Visit.customer), joinedload(Visit.work_order), joinedload(Visit.appointment))
        return list(db.session.scalars(query.order_by(Visit.id.desc()).limit(50)))

    def change(self, *, by: Actor, **details: Any) -> None:
        """Raises Refused: as ``add``; its customer was erased."""
        if self.customer.erased_at:
            raise Refused(_("This customer was erased on request. Add a new one."))
        self.describe(**details)
        db.session.flush()
        self._note_odometer(by)
        CustomerKey.keep_vehicle(self)
        record(self, "vehicle.changed", by)
        self._vouch(details.get("sure_of"), by)
        touch(self.shop_id, "customers")

    def sell(self, to: "Customer", *, by: Actor) -> None:
        """It belongs to another customer from now on; its past visits stay with whom they were. Raises Refused: that one was merged."""
        if to.id == self.customer_id:
            return
        to.hold()
        was = self.customer
        self.customer = to
        db.session.flush()
        CustomerKey.keep_vehicle(self)
        record(self, "vehicle.sold", by, was=was.name, now=to.name, was_id=was.id, now_id=to.id)
        touch(self.shop_id, "customers")

    def retire(self, *, by: Actor) -> None:
        """It will not come again; doing it twice does it once."""
        if self.retired_at is None:
            self.retired_at = clock.now()
            record(self, "vehicle.retired", by)
            touch(self.shop_id, "customers")

    def return_to_use(self, *, by: Actor) -> None:
        """Undo ``retire``."""
        if self.retired_at is not None:
            self.retired_at = None
            record(self, "vehicle.returned", by)
            touch(self.shop_id, "customers")

    def describe(
        self,
        *,
        year: int | None = None,
        make: str = "",
        model: str = "",
        submodel: str = "",
        engine: str = "",
        plate: str = "",
        plate_region: str = "",
        vin: str = "",
        odometer: int | None = None,
        unit_number: str = "",
        sure_of: Collection[str] | None = None,
    ) -> None:
        """``sure_of`` names what a person has looked at again and keeps (vin, odometer); None asks nobody, as for what another system says.

        Raises Refused: nothing to know it by, what can't be, or what is doubtful and nobody is sure of.
        """
        if not (make.strip() or model.strip() or plate.strip() or vin.strip()):
            raise Refused("Give at least a make and model, a plate or a VIN.", field="make")
        if year is not None and not 1886 <= year <= clock.now().year + 2:
            raise Refused("Give the model year with four digits, like 2018.", field="year")
        if odometer is not None and not 0 <= odometer < MOST:
            raise Refused("Give the odometer as a whole number.", field="odometer")
        vin = _checked(vin, year)
        if sure_of is not None:
            self._doubt({"vin": vin, "odometer": odometer}, sure_of)
        if vin != self.vin:
            self.vin, self.vin_sure_at, self.vin_sure_by = vin, None, ""
        self.year, self.make, self.model, self.submodel, self.engine = year, make.strip(), model.strip(), submodel.strip(), engine.strip()
        self.plate, self.plate_region = plate.strip().upper(), plate_region.strip().upper()
        self.plate_key = self.plate.replace(" ", "").replace("-", "")
        self.odometer, self.unit_number = odometer, unit_number.strip()

    def _doubt(self, typed: dict[str, Any], sure_of: Collection[str]) -> None:
        """Raises Refused: what is new and can hardly be, where nobody said that it is so."""
        doubts = {}
        if typed["vin"] != self.vin and vin.is_doubtful(typed["vin"]):
            doubts["vin"] = _("Look at the VIN again, or tick that it is on the vehicle like this.")
        if typed["odometer"] != self.odometer and self.readings and self.odometer_doubt(typed["odometer"]):
            doubts["odometer"] = _("Look at the odometer again, or tick that it is so.")
        if doubts := {name: words for name, words in doubts.items() if name not in sure_of}:
            raise Refused(warnings=frozenset(doubts), **doubts)

    def _vouch(self, sure_of: Collection[str] | None, by: Actor) -> None:
        """Keep who said that the VIN is right though its check digit is not."""
        if sure_of and "vin" in sure_of and self.vin_is_doubtful and self.vin_sure_at is None:
            self.vin_sure_at, self.vin_sure_by = clock.now(), by.name
            record(self, "vehicle.vin_sure", by, vin=self.vin)


def _checked(text: str, year: int | None) -> str:
    """The VIN in one form. Before model year 1981 every maker had his own, of any length."""
    number = vin.normalised(text)
    old = year is not None and year < vin.FIRST_YEAR and number.isascii() and number.isalnum()
    return number if old or not number else vin.Vin.parse(number).number
