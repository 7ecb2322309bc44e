"""How a customer stands with letters: whether they want none, and from which of their addresses mail came back; asked in one question."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from models.base import db
from models.bounced_address import BouncedAddress
from models.customer import Customer
from models.do_not_mail import DoNotMail


@dataclass(frozen=True, slots=True)
class MailStanding:
    wish: DoNotMail | None
    bounced: dict[str, BouncedAddress]  # by the address as it is on file

    @classmethod
    def of(cls, customer: Customer) -> "MailStanding":
        addresses = [row.address for row in customer.emails]
        theirs = and_(BouncedAddress.shop_id == Customer.shop_id, BouncedAddress.address.in_([one.lower() for one in addresses]))
        query = select(DoNotMail, BouncedAddress).select_from(Customer).where(Customer.id == customer.id)
        query = query.outerjoin(DoNotMail, DoNotMail.customer_id == Customer.id).outerjoin(BouncedAddress, theirs)
        rows = db.session.execute(query).all()
        known = {row.address: row for _wish, row in rows if row}
        wish = next((wish for wish, _row in rows if wish), None)
        return cls(wish, {one: known[one.lower()] for one in addresses if one.lower() in known})
