"""Where a customer can be reached, in their order of preference: phones, e-mail and postal addresses."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models import phone
from models.base import Base
from models.postal_address import one_line


class CustomerPhone(Base):
    __tablename__ = "customer_phones"
    __table_args__ = (UniqueConstraint("customer_id", "number"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    position: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = mapped_column(index=True)  # E.164; two customers may share one
    label: Mapped[str] = mapped_column(default="")

    @property
    def textable(self) -> bool:
        return phone.textable(self.number)


class CustomerEmail(Base):
    __tablename__ = "customer_emails"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    address: Mapped[str]


class CustomerAddress(Base):
    __tablename__ = "customer_addresses"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    street: Mapped[str]
    city: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")

    @property
    def parts(self) -> tuple[str, str, str, str, str]:
        """Street, city, region, postal code and country."""
        return self.street, self.city, self.region, self.postal_code, self.country

    def line(self, home: str) -> str:
        """On one line; an address that names no country is in ``home``."""
        return one_line(self.street, self.city, self.region, self.postal_code, self.country or home)
