"""How a partner's file is written: its columns in their order, their headings, and the habits of its text. Data that a shop can edit.

None of these partners publishes what its file looks like, so the presets are sensible guesses that a shop sets right with what it is told.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.export_fields import ALLOWED
from models.export_partner import Partner
from models.refused import Refused

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252")
LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
DATES = {"%Y-%m-%d": "2026-11-22", "%m/%d/%Y": "11/22/2026", "%d/%m/%Y": "22/11/2026", "%Y%m%d": "20261122", "%m%d%Y": "11222026"}
EMPTY = ("skip", "file")  # a night without rows: nothing is handed over, or a file with the headings alone
LONGEST_HEADING, LONGEST_NAME = 60, 100  # characters
NAME_PARTS = ("partner", "shop", "code", "year", "month", "day")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PART = re.compile(r"{(\w+)}")

WORDS = {
    "comma": _l("Comma"),
    "semicolon": _l("Semicolon"),
    "tab": _l("Tab"),
    "pipe": _l("Vertical bar"),
    "crlf": _l("As on Windows (CR LF)"),
    "lf": _l("As on Unix (LF)"),
    "utf-8": _l("UTF-8"),
    "utf-8-sig": _l("UTF-8 with a mark for spreadsheets"),
    "windows-1252": _l("Windows-1252"),
    "skip": _l("Nothing is sent"),
    "file": _l("A file without rows is sent"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    columns: tuple[tuple[str, str], ...]  # field, heading
    file_name: str
    delimiter: str = "comma"
    encoding: str = "utf-8"
    line_end: str = "crlf"
    date_format: str = "%Y-%m-%d"
    header: bool = True
    empty: str = "skip"

    @classmethod
    def preset(cls, partner: Partner) -> "Profile":
        return _PRESETS[partner]

    @classmethod
    def read(cls, kept: Mapping[str, Any], partner: Partner) -> "Profile":
        """As it was kept; what the partner may not get (any more) is not in it, whatever was kept."""
        if not kept:
            return cls.preset(partner)
        columns = tuple((name, heading) for name, heading in kept["columns"] if name in ALLOWED[partner])
        return cls(**{**kept, "columns": columns})

    @property
    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def headings(self) -> list[str]:
        return [heading for _name, heading in self.columns]

    def check(self, partner: Partner) -> None:
        """Raises Refused with every fault at once."""
        errors: dict[str, Any] = {}
        if not self.columns:
            errors["columns"] = _("A file needs a column at least.")
        if stranger := next((name for name, _heading in self.columns if name not in ALLOWED[partner]), None):
            errors["columns"] = _("%(partner)s may not get %(field)s.", partner=partner.label, field=stranger)
        for name, heading in self.columns:
            if len(heading) > LONGEST_HEADING or not heading.isprintable():
                errors[f"heading_{name}"] = _("Please keep it under %(count)s characters, on one line.", count=LONGEST_HEADING)
            elif self.header and not heading.strip():
                errors[f"heading_{name}"] = _("Say what stands above this column.")
        chosen = (("delimiter", DELIMITERS), ("encoding", ENCODINGS), ("line_end", LINE_ENDS), ("date_format", DATES), ("empty", EMPTY))
        errors |= {name: _("Choose one of these.") for name, known in chosen if getattr(self, name) not in known}
        if fault := self._name_fault(partner):
            errors["file_name"] = fault
        if errors:
            raise Refused.at(**errors)

    def named(self, partner: Partner, shop: str, code: str, day: date) -> str:
        """The file's name for that night: letters, digits, dots and dashes, whatever the shop's number is."""
        parts = {"partner": partner.value, "shop": shop, "code": code, "year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}
        return _PART.sub(lambda part: re.sub(r"[^A-Za-z0-9._-]", "", parts[part[1]]), self.file_name)

    def _name_fault(self, partner: Partner) -> Any:
        try:
            name = self.named(partner, "shop", "1", date(2026, 11, 22))
        except KeyError:
            return _("Between braces you can use %(parts)s.", parts=", ".join(NAME_PARTS))
        if len(self.file_name) > LONGEST_NAME or not _NAME.fullmatch(name):
            return _("Use letters, digits, dots and dashes, and parts like {day}.")
        if not {"month", "day"} <= set(_PART.findall(self.file_name)):
            return _("The name needs {month} and {day}, or one night's file would take the place of another's.")
        return None


_VEHICLE = (
    ("vin", "VIN"),
    ("plate", "Plate"),
    ("plate_region", "PlateState"),
    ("year", "Year"),
    ("make", "Make"),
    ("model", "Model"),
    ("submodel", "Submodel"),
    ("engine", "Engine"),
    ("odometer", "Odometer"),
)
_CUSTOMER = (
    ("customer_number", "CustomerNumber"),
    ("first_name", "FirstName"),
    ("last_name", "LastName"),
    ("company", "Company"),
    ("street", "Street"),
    ("city", "City"),
    ("region", "State"),
    ("postal_code", "PostalCode"),
    ("phone", "Phone"),
    ("email", "Email"),
    ("no_letters", "DoNotMail"),
)
_SERVICE = (
    ("job_code", "ServiceCode"),
    ("service", "Service"),
    ("hours", "Hours"),
    ("labour", "Labor"),
    ("parts", "Parts"),
    ("tax", "Tax"),
    ("total", "Total"),
)
_PRESETS = {
    Partner.carfax: Profile(
        (
            ("ro_date", "RODate"),
            ("ro_number", "RONumber"),
            *_VEHICLE[:3],
            ("shop_name", "FacilityName"),
            ("shop_address", "FacilityAddress"),
            ("shop_phone", "FacilityPhone"),
            ("odometer", "Odometer"),
            *_VEHICLE[3:8],
            ("service", "Service"),
        ),
        "{shop}-carfax-{year}{month}{day}.csv",
    ),
    Partner.customerlink: Profile(
        (("shop_code", "Account"), ("ro_number", "Invoice"), ("ro_date", "InvoiceDate"), *_CUSTOMER, *_VEHICLE, *_SERVICE),
        "{code}{month}{day}.dat",
        date_format="%m/%d/%Y",
    ),
    Partner.mechanicnet: Profile(
        (
            ("shop_code", "ShopID"),
            ("shop_name", "ShopName"),
            ("ro_number", "RONumber"),
            ("ro_date", "RODate"),
            *_CUSTOMER,
            *_VEHICLE,
            *_SERVICE,
            ("next_visit_on", "NextVisit"),
            ("next_visit", "Recommended"),
        ),
        "{code}-{year}{month}{day}.csv",
    ),
}
