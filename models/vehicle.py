"""A vehicle of a customer."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.customer import Customer
    from models.shop import Shop


class Vehicle(ShopOwned, Base):
    __tablename__ = "vehicles"

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
    odometer: Mapped[int | None]  # in the shop's unit, miles or kilometres
    unit_number: Mapped[str] = mapped_column(default="")  # how a fleet calls it

    customer: Mapped["Customer"] = relationship(back_populates="vehicles")

    @property
    def description(self) -> str:
        return " ".join(str(part) for part in (self.year, self.make, self.model, self.submodel) if part) or "Vehicle"

    @property
    def model_name(self) -> str:
        """What short texts call it: the model, else the make, else nothing."""
        return self.model or self.make

    @classmethod
    def add(cls, customer: "Customer", *, by: Actor, **details: Any) -> "Vehicle":
        """A vehicle for the customer. ``details`` as in ``describe``. Raises Refused: nothing to know it by, a year that can't be."""
        vehicle = cls(shop_id=customer.shop_id, year=None, odometer=None)
        vehicle.describe(**details)
        vehicle.customer = customer
        db.session.add(vehicle)
        db.session.flush()
        record(vehicle, "vehicle.added", by)
        touch(customer.shop_id, "customers")
        return vehicle

    @classmethod
    def search(cls, shop: "Shop", words: str, limit: int = 50) -> list["Vehicle"]:
        """By plate, VIN, make, model or year, each word; without words the newest."""
        from models.customer import Customer

        query = select(cls).where(cls.shop_id == shop.id).options(joinedload(cls.customer).selectinload(Customer.phones))
        for word in words.upper().split():
            plate, year = word.replace("-", ""), int(word) if word.isascii() and word.isdecimal() and len(word) == 4 else 0
            like = cls.plate_key.startswith(plate, autoescape=True) | (cls.vin == word) | (cls.year == year)
            query = query.where(like | cls.make.icontains(word, autoescape=True) | cls.model.icontains(word, autoescape=True))
        return list(db.session.scalars(query.order_by(cls.id.desc()).limit(limit)))

    def change(self, *, by: Actor, **details: Any) -> None:
        """Raises Refused: as ``add``."""
        self.describe(**details)
        record(self, "vehicle.changed", by)
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
    ) -> None:
        if not (make.strip() or model.strip() or plate.strip() or vin.strip()):
            raise Refused("Give at least a make and model, a plate or a VIN.", field="make")
        if year is not None and not 1886 <= year <= clock.now().year + 2:
            raise Refused("Give the model year with four digits, like 2018.", field="year")
        if odometer is not None and not 0 <= odometer < 10_000_000:
            raise Refused("Give the odometer as a whole number.", field="odometer")
        if vin.strip() and (len(vin.strip()) != 17 or not vin.strip().isalnum()):
            raise Refused("A VIN has 17 letters and digits.", field="vin")
        self.year, self.make, self.model, self.submodel, self.engine = year, make.strip(), model.strip(), submodel.strip(), engine.strip()
        self.plate, self.plate_region, self.vin = plate.strip().upper(), plate_region.strip().upper(), vin.strip().upper()
        self.plate_key = self.plate.replace(" ", "").replace("-", "")
        self.odometer, self.unit_number = odometer, unit_number.strip()
