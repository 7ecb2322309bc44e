"""An estimate as it is typed: who asks, for which vehicle and what; taken in one transaction or not at all."""

from functools import partial

from console import typed
from console.booking import Booking
from models import Actor, Estimate, Refused, Vehicle


class Asking(Booking):
    """Who and which vehicle are chosen as in a booking, without a day and a message."""

    def ask(self, by: Actor) -> Estimate:
        """Keep it. Raises Refused with every objection that can be known at once."""
        work, note = self.form.get("type_of_work", ""), self.form.get("note", "")
        customer = self.customer or self._try(lambda: self._new_customer(by))
        vehicle = self.vehicle or (
            self._try(lambda: typed.with_vehicle(self.form, partial(Vehicle.add, customer, by=by))) if customer else None
        )
        if customer and vehicle:
            estimate = self._try(lambda: Estimate.ask(customer, vehicle, work, note, by=by))
            if estimate:
                return estimate
        else:
            self._try(lambda: Estimate.check(work, note))
        raise Refused.at(**self.errors) if None not in self.errors else Refused(self.errors[None])
