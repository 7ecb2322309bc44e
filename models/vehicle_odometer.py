"""What a vehicle's odometer showed: noted with its day, and doubted where it runs backwards."""

from datetime import date as Date
from itertools import pairwise
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy.orm import Mapped

from models.actor import Actor
from models.ahead import settle
from models.base import db
from models.entry import record
from models.handover import touch
from models.odometer_reading import MOST, OdometerReading
from models.refused import Refused

if TYPE_CHECKING:
    from models.vehicle import Vehicle


class WithOdometer:
    if TYPE_CHECKING:
        odometer: Mapped[int | None]
        readings: Mapped[list[OdometerReading]]

    @property
    def odometer_went_down(self: "Vehicle") -> bool:
        """Between its two newest readings: a slip of the pen, another instrument, or worse."""
        return any(later.value < earlier.value for earlier, later in pairwise(self.readings[-2:]))

    def odometer_doubt(self: "Vehicle", value: int | None, on: Date | None = None) -> str:
        """Why that can hardly be what it showed on that day (today), as a sentence; nothing where it may well be."""
        if value is None or not 0 <= value < MOST:
            return ""
        day = on or self.shop.today()
        before = next((one for one in reversed(self.readings) if one.read_on <= day), None)
        after = next((one for one in self.readings if one.read_on > day), None)
        if before and value < before.value:
            return _("It showed %(figure)s on %(day)s already.", **before.shown)
        if after and value > after.value:
            return _("It showed only %(figure)s later, on %(day)s.", **after.shown)
        return ""

    def read_odometer(self: "Vehicle", value: int | None, *, by: Actor, on: Date | None = None, sure: bool = True) -> None:
        """Keep what it showed on that day of the shop's (today); the same again keeps nothing.

        Raises Refused: no such number or day; or, unless somebody is ``sure`` (another instrument, a slip of an earlier day), it runs
        backwards.
        """
        if value is None or not 0 <= value < MOST:
            raise Refused(_("Give the odometer as a whole number."), field="odometer")
        day = on or self.shop.today()
        if day > self.shop.today():
            raise Refused(_("That day is still to come."), field="read_on")
        if any((reading.value, reading.read_on) == (value, day) for reading in self.readings):
            return
        if not sure and self.odometer_doubt(value, day):
            raise Refused(_("Look at the odometer again, or tick that it is so."), field="odometer", warnings=frozenset({"odometer"}))
        self.readings.append(OdometerReading(value=value, read_on=day, actor_name=by.name))
        db.session.flush()
        db.session.refresh(self, ["readings"])
        self.odometer = self.readings[-1].value
        record(self, "vehicle.odometer_read", by, value=value, day=day.isoformat())
        touch(self.shop_id, "customers")

    def _note_odometer(self: "Vehicle", by: Actor) -> None:
        """What the vehicle's card says now."""
        if self.odometer is not None and (not self.readings or self.readings[-1].value != self.odometer):
            self.readings.append(OdometerReading(value=self.odometer, read_on=self.shop.today(), actor_name=by.name))
            settle(self)
