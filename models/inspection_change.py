"""What a device said about an inspection, once: taps and pictures wait in it through a dead spot, and may be sent again."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.owned import ShopOwned


class InspectionChange(ShopOwned, Base):
    __tablename__ = "inspection_changes"
    __table_args__ = (UniqueConstraint("inspection_id", "device", "number"),)

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    device: Mapped[str]  # the browser that said it
    number: Mapped[int]  # its changes are counted
    said_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    actor_name: Mapped[str]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
