"""Where a customer can be reached: numbers, addresses and people, of which the first of each counts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from models import email_address, phone
from models.actor import Actor
from models.base import db
from models.contact_person import ContactPerson
from models.customer_contact import CustomerAddress, CustomerEmail, CustomerPhone
from models.customer_key import CustomerKey
from models.entry import record
from models.handover import touch
from models.refused import NotFound

if TYPE_CHECKING:
    from models.customer import Customer


class CustomerReach:
    @property
    def phone(self: "Customer") -> CustomerPhone | None:
        """The first one: texts go there."""
        return self.phones[0] if self.phones else None

    def number(self: "Customer", e164: str) -> str:
        """One of their numbers. Raises NotFound for another's."""
        for row in self.phones:
            if row.number == e164:
                return e164
        raise NotFound("CustomerPhone")

    @property
    def email(self: "Customer") -> str | None:
        return self.emails[0].address if self.emails else None

    def put_first(self: "Customer", number: str, *, by: Actor) -> None:
        """Texts go to this number of theirs from now on. Raises NotFound for another's."""
        row = next((row for row in self.phones if row.number == number), None)
        if row is None:
            raise NotFound("CustomerPhone")
        if row is not self.phone:
            self.phones.remove(row)
            self.phones.insert(0, row)
            record(self, "customer.changed", by)
            touch(self.shop_id, "customers")

    def add_phone(self: "Customer", number: str, *, by: Actor) -> bool:
        """One more number of theirs, after the others; false where they have it. Raises Refused: it was merged meanwhile."""
        self.hold()
        if any(row.number == number for row in self.phones):
            return False
        self.phones.append(CustomerPhone(number=number))
        db.session.flush()
        CustomerKey.keep(self)
        record(self, "customer.changed", by)
        touch(self.shop_id, "customers")
        return True

    def _reach(
        self: "Customer",
        phones: Sequence[str],
        emails: Sequence[str],
        addresses: Sequence[Mapping[str, str]] | None,
        contacts: Sequence[Mapping[str, str]] | None,
    ) -> None:
        numbers = list(dict.fromkeys(phone.normalised(text, self.shop.country) for text in phones if text.strip()))
        mails = list(dict.fromkeys(email_address.normalised(text) for text in emails if text.strip()))
        known = {row.number: row for row in self.phones}
        self.phones[:] = [known.get(number) or CustomerPhone(number=number) for number in numbers]
        kept = {row.address: row for row in self.emails}
        self.emails[:] = [kept.get(address) or CustomerEmail(address=address) for address in mails]
        if addresses is not None:
            self.addresses[:] = [CustomerAddress(**address) for address in addresses if address.get("street", "").strip()]
        if contacts is not None:
            staying = {str(person.id): person for person in self.contacts}
            typed = [details for details in contacts if any(details.get(key, "").strip() for key in ("name", "phone", "email"))]
            people = [staying.get(details.get("id", "")) or ContactPerson() for details in typed]
            for person, details in zip(people, typed, strict=True):
                person.describe(details, self.shop.country)
            self.contacts[:] = people

    def _send_held_cards(self: "Customer") -> None:
        """A postcard may have waited for an address that is whole now."""
        from models.postcard_held import reconsider_cards

        reconsider_cards(self)
