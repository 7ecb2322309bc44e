"""What a confirmation, a request, a cancellation and a no-show have in common: an appointment, as it then stood, who and when."""

from datetime import datetime
from typing import Any, Self

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.owned import ShopOwned


class AppointmentFact(ShopOwned):
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    revision: Mapped[int]  # of the appointment: what was said of an earlier date does not count for a later one
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(default=None)
    actor_name: Mapped[str]
    ip: Mapped[str] = mapped_column(default="")

    @classmethod
    def of(cls, appointment: Any, by: Actor, **more: Any) -> Self:
        return cls(  # type: ignore[call-arg] # the mapped classes made of this one take these
            shop_id=appointment.shop_id,
            appointment_id=appointment.id,
            revision=appointment.revision,
            at=clock.now(),
            actor_kind=by.kind,
            actor_id=by.id,
            actor_name=by.name,
            ip=by.ip,
            **more,
        )

    def carried_to(self, appointment: Any, **more: Any) -> Self:
        """The same, said at the same moment by the same person, of the date that stands again."""
        who = {"at": self.at, "actor_kind": self.actor_kind, "actor_id": self.actor_id, "actor_name": self.actor_name, "ip": self.ip}
        return type(self)(  # type: ignore[call-arg] # as above
            shop_id=self.shop_id, appointment_id=self.appointment_id, revision=appointment.revision, **who, **more
        )
