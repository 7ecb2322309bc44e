"""How the fields of a transfer's records are written, checked and described: words, ids, numbers, addresses, days, amounts."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

from flask_babel import gettext as _
from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from models import clock, email_address, phone
from models.money import LARGEST, Money
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

# the zero character, and others that no keyboard types and no database takes; tabs and new lines are words
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
KEY = r"^[A-Za-z0-9{]([A-Za-z0-9 ._:@+~(){}=-]{0,98}[A-Za-z0-9._:@+~(){}=-])?$"
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
DAY = f"^{_DAY}$"
MOMENT = rf"^{_DAY}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{{1,6}})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$"


def _nothing(value: Any) -> Any:
    return "" if value is None else value


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _wrong(sentence: Any) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{sentence}", {"sentence": str(sentence)})


@dataclass(frozen=True)
class Words:
    """Text of at most so many characters, on one line or on several; null is none."""

    longest: int
    lines: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(max_length=self.longest, pattern=PRINTABLE)
        tidy = core_schema.no_info_after_validator_function(_lines if self.lines else _one_line, text)
        return core_schema.no_info_before_validator_function(_nothing, tidy)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": ["string", "null"], "maxLength": self.longest, "pattern": PRINTABLE}


Key = Annotated[str, Field(pattern=KEY, max_length=100, description="What the other system calls it.", examples=["C-1001"])]


def _context(info: ValidationInfo) -> "Shop | None":
    return (info.context or {}).get("shop")


def _number(text: str, info: ValidationInfo) -> str:
    shop = _context(info)
    try:
        return phone.normalised(text, shop.country if shop else "US")
    except Refused as refused:
        raise _wrong(refused) from None


def _address(text: str) -> str:
    try:
        return email_address.normalised(text)
    except Refused as refused:
        raise _wrong(refused) from None


Phone = Annotated[
    str,
    Field(max_length=40),
    AfterValidator(_number),
    WithJsonSchema({"type": "string", "format": "phone", "maxLength": 40, "examples": ["+1 312 555 0142"]}),
]
Email = Annotated[
    str,
    Field(max_length=254),
    AfterValidator(_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254, "examples": ["maria@mail.example"]}),
]


def _a_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise _wrong(_("There is no such day.")) from None
    return text


def _a_moment(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(_("There is no such time.")) from None
    return text


Day = Annotated[str, Field(pattern=DAY), AfterValidator(_a_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[str, Field(pattern=MOMENT, examples=["2026-11-24T09:00", "2026-11-24T15:00:00Z"]), AfterValidator(_a_moment)]


def instant(moment: str, shop: "Shop") -> datetime:
    """Without an offset it is the shop's own clock. Raises Refused: a time that the change of the clocks leaves out."""
    when = datetime.fromisoformat(moment)
    if when.tzinfo is not None:
        return when
    return clock.agreed_instant(when.date(), when.time(), shop.tz)


def drop_off(moment: str, shop: "Shop") -> tuple[date, time | None]:
    """The shop's day and time; a day alone has no time."""
    when = datetime.fromisoformat(moment)
    if len(moment) == len("2026-11-24"):
        return when.date(), None
    local = when.astimezone(shop.tz) if when.tzinfo else when
    return local.date(), local.time().replace(second=0, microsecond=0)


_AMOUNT = r"^\d{1,9}([.,]\d{1,3})?$"
_QUANTITY = r"^\d{1,4}([.,]\d{1,3})?$"


def _price(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _wrong(_("Give minor units as a whole number, or an amount in quotes, like “56.20”."))
    if isinstance(value, int) and not 0 <= value <= LARGEST:
        raise _wrong(_("Give minor units from 0 to %(most)s.", most=LARGEST))
    if isinstance(value, str) and not re.fullmatch(_AMOUNT, value, re.ASCII):
        raise _wrong(_("Write an amount like 56.20, without a currency."))
    return value


def _quantity(value: Any) -> Decimal:
    text = value if isinstance(value, str) else str(value) if isinstance(value, int | float | Decimal) else ""
    if isinstance(value, bool) or not re.fullmatch(_QUANTITY, text, re.ASCII):
        raise _wrong(_("Give a quantity like 1.5, with at most three decimals."))
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _wrong(_("Give a quantity like 1.5, with at most three decimals.")) from None


Price = Annotated[
    int | str,
    PlainValidator(_price),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": LARGEST, "description": "Minor units of the shop's currency: 5620 is 56.20."},
                {"type": "string", "pattern": _AMOUNT, "description": "An amount as people write it: “56.20”."},
            ]
        }
    ),
]
Quantity = Annotated[Decimal, PlainValidator(_quantity), WithJsonSchema({"type": "string", "pattern": _QUANTITY, "default": "1"})]


def minor(price: int | str, currency: str) -> int:
    """In minor units. Raises Refused: more decimals than the currency has, too large."""
    return price if isinstance(price, int) else Money.of(Decimal(price.replace(",", ".")), currency, field="price").minor
