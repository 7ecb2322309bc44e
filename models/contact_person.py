"""Somebody one deals with at a company: the driver who brings the van, the delegate who approves the work."""

from collections.abc import Mapping

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models import email_address, phone
from models.base import Base
from models.refused import Refused


class ContactPerson(Base):
    __tablename__ = "contact_persons"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")  # E.164, or nothing
    email: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")  # as the company calls it
    approves: Mapped[bool] = mapped_column(default=False)  # may approve work in the company's name

    def describe(self, details: Mapping[str, str], country: str) -> None:
        """``details``: name, phone, email, role, approves ("1" or nothing). Raises Refused: no name, a phone or an address that is none."""
        text = {key: details.get(key, "").strip() for key in ("name", "phone", "email", "role")}
        if not text["name"]:
            raise Refused("Give the contact's name.", field="contact")
        self.name, self.role, self.approves = text["name"], text["role"], bool(details.get("approves"))
        self.phone = phone.normalised(text["phone"], country, field="contact") if text["phone"] else ""
        self.email = email_address.normalised(text["email"], field="contact") if text["email"] else ""
