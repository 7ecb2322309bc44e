"""A customer as another system describes them. Nothing in it gives permission to text: that is asked of the customer, by a person."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.ahead import learn
from models.customer import Customer
from models.customer_key import EMAIL, PHONE_END, CustomerKey, compact, fold
from models.transfer_fields import Email, Phone, Words
from models.transfer_mark import mark
from models.transfer_record import Record
from models.transfer_source import Source
from models.vehicle import Vehicle

NAMES = ("first_name", "last_name", "company_name", "language")


class AddressRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")

    street: Annotated[str, Words(200)] = Field(description="With the house number.", examples=["12 Harbour Street"])
    city: Annotated[str, Words(100)] = ""
    region: Annotated[str, Words(100)] = Field("", description="State or province.", examples=["IL"])
    postal_code: Annotated[str, Words(20)] = ""
    country: Annotated[str, Words(2)] = Field("", description="Two letters; empty for the shop's own.", examples=["US"])


class ContactRecord(BaseModel):
    """Somebody one deals with at a company. Whether they may approve work is for the shop to say."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
    phone: Phone | None = None
    email: Email | None = None
    role: Annotated[str, Words(60)] = Field("", description="As the company calls it.", examples=["Driver"])


class CustomerRecord(Record):
    """A person or a company. A new one needs a last name, a first name or a company name."""

    noun: ClassVar[str] = "customers"
    gathers: ClassVar[bool] = True
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "external_id": "C-1001",
                    "first_name": "Maria",
                    "last_name": "Lopez",
                    "phones": ["312 555 0142"],
                    "emails": ["maria@mail.example"],
                }
            ]
        },
    )

    first_name: Annotated[str, Words(80)] = ""
    last_name: Annotated[str, Words(80)] = ""
    company_name: Annotated[str, Words(120)] = ""
    language: Literal["en", "es", "nl"] | None = Field(None, description="In which the customer is written to; null for the shop's.")
    phones: list[Phone] = Field(
        [],
        max_length=10,
        description="The first one is where texts go, once the customer has allowed them. Written as in the shop's country, or with + and "
        "the country's code. Numbers that the shop has added itself stay.",
    )
    emails: list[Email] = Field([], max_length=10, description="The first one is written to. Addresses that the shop has added stay.")
    addresses: list[AddressRecord] = Field([], max_length=5, description="Postal ones, instead of those on file.")
    contacts: list[ContactRecord] = Field([], max_length=20, description="Known by their names. One that is left out stays.")

    @property
    def name(self) -> str:
        return self.company_name or " ".join(part for part in (self.first_name, self.last_name) if part)

    def match(self, source: Source) -> Customer | None:
        """The same name, and a number or an e-mail address in common: anything less would be a guess."""
        if not self.keys or not self.name:
            return None
        found = {one.id: one for key in self.keys for one in CustomerKey.known_by(source.shop.id, *key)}
        same = (one for _id, one in sorted(found.items()) if fold(one.name) == fold(self.name))
        return next((one for one in same if not source.calls(self.noun, one.id)), None)

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """By which it may be on file already."""
        return [(PHONE_END, compact(number)[::-1]) for number in self.phones] + [(EMAIL, fold(address)) for address in self.emails]

    def create(self, source: Source) -> Customer:
        row = Customer.add(
            source.shop,
            by=source.by,
            **{name: getattr(self, name) for name in (*NAMES, "phones", "emails")},
            addresses=[address.model_dump() for address in self.addresses],
            contacts=_contacts((), self.contacts),
        )
        learn(Vehicle.asking_owner(row.id), ())
        return row

    def update(self, row: Customer, changed: set[str], marks: Mapping[str, Any], source: Source) -> bool:
        now = {name: getattr(row, name) for name in NAMES}
        now |= {"phones": [one.number for one in row.phones], "emails": [one.address for one in row.emails]}
        wanted = {**now, **{name: getattr(self, name) for name in NAMES if name in changed}}
        for name in {"phones", "emails"} & changed:
            wanted[name] = _beside(now[name], getattr(self, name), marks.get(name, ()))
        more: dict[str, Any] = {}
        addresses = [address.model_dump() for address in self.addresses]
        if "addresses" in changed and addresses != [_plain(one, AddressRecord) for one in row.addresses]:
            more["addresses"] = addresses
        contacts = _contacts(row.contacts, self.contacts)
        if "contacts" in changed and contacts != _contacts(row.contacts, ()):
            more["contacts"] = contacts
        if wanted == now and not more:
            return False
        row.change(by=source.by, **wanted, **more)
        return True

    @classmethod
    def held(cls, row: Customer, source: Source) -> dict[str, Any]:
        contacts = [{**_plain(one, ContactRecord), "phone": one.phone or None, "email": one.email or None} for one in row.contacts]
        return {
            **{name: getattr(row, name) for name in NAMES},
            "phones": [one.number for one in row.phones],
            "emails": [one.address for one in row.emails],
            "addresses": [_plain(one, AddressRecord) for one in row.addresses],
            "contacts": contacts,
        }


def _beside(on_file: Iterable[str], pushed: list[str], before: Iterable[Any]) -> list[str]:
    """What is pushed now, and after it what the shop has added itself; what was pushed before and is not any more, goes."""
    said, gone = list(dict.fromkeys(pushed)), set(before)
    return [*said, *(value for value in on_file if value not in said and mark(value) not in gone)]


def _contacts(on_file: Iterable[Any], pushed: Iterable[ContactRecord]) -> list[dict[str, str]]:
    """Those on file with what is said of them now, and the new ones."""
    people = {
        fold(person.name): {
            **{name: str(getattr(person, name)) for name in ("id", "name", "phone", "email", "role")},
            "approves": "1" if person.approves else "",
        }
        for person in on_file
    }
    for one in pushed:
        said = {"name": one.name, "phone": one.phone or "", "email": one.email or "", "role": one.role}
        people[fold(one.name)] = {"id": "", "approves": "", **people.get(fold(one.name), {}), **said}
    return list(people.values())


def _plain(row: Any, record: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in record.model_fields}
