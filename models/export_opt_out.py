"""A vehicle that is left out of everything that is handed over to other companies."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.vehicle import Vehicle

TOPIC = "exports"


class ExportOptOut(ShopOwned, Base):
    __tablename__ = "export_opt_outs"

    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), unique=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[str]

    @classmethod
    def of(cls, vehicle: "Vehicle") -> "ExportOptOut | None":
        return db.session.scalars(select(cls).where(cls.vehicle_id == vehicle.id)).first()

    @classmethod
    def among(cls, vehicle_ids: Collection[int]) -> set[int]:
        return set(db.session.scalars(select(cls.vehicle_id).where(cls.vehicle_id.in_(vehicle_ids))))

    @classmethod
    def set(cls, vehicle: "Vehicle", *, by: Actor) -> None:
        """In no file from now on; what waits to go is made anew without it. Doing it twice does it once."""
        if cls.of(vehicle) is None and kept(cls(shop_id=vehicle.shop_id, vehicle_id=vehicle.id, at=clock.now(), by=by.name)):
            record(vehicle, "vehicle.export_opted_out", by)
            touch(vehicle.shop_id, TOPIC)
            touch(vehicle.shop_id, "customers")

    @classmethod
    def lift(cls, vehicle: "Vehicle", *, by: Actor) -> None:
        """Undo ``set``: in the files of the visits to come."""
        if standing := cls.of(vehicle):
            db.session.delete(standing)
            db.session.flush()
            record(vehicle, "vehicle.export_opted_in", by)
            touch(vehicle.shop_id, TOPIC)
            touch(vehicle.shop_id, "customers")
