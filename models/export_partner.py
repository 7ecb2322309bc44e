"""The companies that data is handed over to each night: siblings of one form, with their own terms and names for things."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class Partner(StrEnum):
    carfax = "carfax"
    customerlink = "customerlink"
    mechanicnet = "mechanicnet"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def code_label(self) -> str:
        """What the number is called that the partner knows the shop by; empty where it knows none."""
        return str(_CODES.get(self, ""))

    @property
    def purpose(self) -> str:
        """In one sentence, what the partner does with it."""
        return str(_PURPOSES[self])

    @property
    def terms(self) -> "Terms":
        return _TERMS[self]

    @property
    def is_anonymous(self) -> bool:
        """It gets the vehicle and what was done, and nothing of the customer or of money."""
        return self is Partner.carfax


@dataclass(frozen=True, slots=True)
class Terms:
    """What is shown before the switch; ``version`` changes with any of its words."""

    version: str
    paragraphs: tuple[Any, ...]
    assent: Any  # what is ticked

    @property
    def words(self) -> str:
        return "\n\n".join(str(part) for part in (*self.paragraphs, self.assent))


_LABELS = {Partner.carfax: "CARFAX", Partner.customerlink: "CustomerLink", Partner.mechanicnet: "MechanicNET"}
_CODES = {Partner.customerlink: _l("Account number"), Partner.mechanicnet: _l("Shop ID")}
_PURPOSES = {
    Partner.carfax: _l("Keeps the service history of vehicles. Gets the vehicle and the titles of what was done."),
    Partner.customerlink: _l("Writes to customers for the shop. Gets visits with the customer and the amounts."),
    Partner.mechanicnet: _l("Writes to customers for the shop. Gets visits with the customer and the amounts."),
}
_PERSONAL = _l(
    "Sent are names, addresses, phone numbers and e-mail addresses of customers, their vehicles, the services of each visit and what they "
    "cost. Customers who want no letters are marked so in the file; it is for the partner to heed it."
)
_NIGHTLY = _l("Once it is on, the visits of each day are sent in the following night without anybody asking, until it is switched off.")
_TERMS = {
    Partner.carfax: Terms(
        "2026-11",
        (
            _l(
                "For each service of a closed work order CARFAX gets: date and number of the repair order, VIN, plate and plate state, the "
                "shop's name, address and phone, odometer, year, make, model, submodel, engine, and the title of the service."
            ),
            _l(
                "Never sent: labour lines, part lines, any amount of money, and the customer's name, address or anything else personal. "
                "CARFAX may show what it gets to others who ask about the vehicle."
            ),
            _NIGHTLY,
            _l("Vehicles can be left out one by one. What was sent can't be called back from here: ask CARFAX."),
        ),
        _l("I agree, for the shop, that this data is sent to CARFAX"),
    ),
    Partner.customerlink: Terms(
        "2026-11",
        (_l("Data of the shop's customers will be sent to CustomerLink, at the shop's own request."), _PERSONAL, _NIGHTLY),
        _l("I confirm that data is sent to CustomerLink at my request"),
    ),
    Partner.mechanicnet: Terms(
        "2026-11",
        (_l("Data of the shop's customers will be sent to MechanicNET, at the shop's own request."), _PERSONAL, _NIGHTLY),
        _l("I confirm that data is sent to MechanicNET at my request"),
    ),
}
