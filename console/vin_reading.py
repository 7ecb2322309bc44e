"""What is said about a VIN while it is typed: what is wrong with it, what it says of the vehicle, and where that differs from the form."""

from collections.abc import Mapping
from functools import cached_property

from flask_babel import gettext as _

from console.typed import is_kept
from models import Refused, Shop, Vehicle, vin_decoder
from models.vin import FIRST_YEAR, LENGTH, Vin, normalised
from models.vin_decoder import Decoded

FIELDS = ("year", "make", "model", "submodel", "engine")


class VinReading:
    """``form`` holds the words as typed; ``vehicle`` is the id of the one whose card it is, if it is on file; ``typing``: whether somebody
    just typed the VIN, so that empty fields are filled in. Else all of it is only offered."""

    def __init__(self, shop: Shop, form: Mapping[str, object], vehicle: int | None = None, *, typing: bool = False) -> None:
        self.shop, self.vehicle, self.typing = shop, vehicle, typing
        self.form = {name: str(form.get(name) or "") for name in (*FIELDS, "vin", "vin_as_is")}
        self.number = normalised(self.form["vin"])
        self.vin: Vin | None = None
        self.fault = ""
        try:
            self.vin = Vin.parse(self.number) if self.number and not self._is_old else None
        except Refused as refused:
            self.fault = str(refused)

    @property
    def _is_old(self) -> bool:
        """Before that year every maker had VINs of his own."""
        year = self.form["year"].strip()
        return year.isdecimal() and len(year) < 10 and int(year) < FIRST_YEAR and len(self.number) != LENGTH

    @property
    def missing(self) -> int:
        """How many characters, of one that has nothing else wrong so far."""
        return LENGTH - len(self.number) if self.fault and len(self.number) < LENGTH and self._is_only_short else 0

    @property
    def _is_only_short(self) -> bool:
        try:
            return bool(Vin.parse(self.number.ljust(LENGTH, "0")))
        except Refused:
            return False

    @cached_property
    def decoded(self) -> Decoded:
        return vin_decoder.decode(self.vin) if self.vin else Decoded()

    @property
    def words(self) -> str:
        """The vehicle in a line."""
        said = self.decoded
        name = " ".join(str(part) for part in (said.year, said.make, said.model, said.submodel) if part)
        return " · ".join(part for part in (name, said.engine, said.body) if part)

    @property
    def is_doubtful(self) -> bool:
        """Its check digit is wrong where the law demands it: a person has to look, and may keep it."""
        return self.vin is not None and self.vin.is_north_american and not self.vin.fits

    @property
    def may_be_wrong(self) -> bool:
        """It does not fit, which elsewhere in the world says little."""
        return self.vin is not None and not self.vin.is_north_american and not self.vin.fits

    @property
    def is_kept(self) -> bool:
        return is_kept(self.form, "vin")

    @property
    def years(self) -> list[int]:
        """What the tenth character would mean, where the VIN need not keep to it."""
        return self.vin.years if self.vin and not self.decoded.year else []

    @property
    def fills(self) -> dict[str, str]:
        """What it says where nothing is typed."""
        return {name: said for name, said in self._said.items() if self.typing and not self.form[name].strip()}

    @property
    def differs(self) -> dict[str, str]:
        """What it says where something else is typed. "Civic EX" is no other model than "Civic"."""
        found = {name: words for name, words in self._said.items() if not _agree(words, self.form[name])}
        return {name: words for name, words in found.items() if name not in self.fills}

    @property
    def _said(self) -> dict[str, str]:
        """Nothing of one that is doubtful: the wrong character may be the one that says it."""
        return {} if self.is_doubtful and not self.is_kept else self.decoded.for_the_card

    @cached_property
    def others(self) -> list[Vehicle]:
        """Of the shop's vehicles with the same VIN."""
        return Vehicle.with_vin(self.shop, self.number, besides=self.vehicle) if self.vin else []


def labels() -> dict[str, str]:
    return {"year": _("Year"), "make": _("Make"), "model": _("Model"), "submodel": _("Submodel"), "engine": _("Engine")}


def _agree(one: str, other: str) -> bool:
    one, other = " ".join(one.casefold().split()), " ".join(other.casefold().split())
    return bool(other) and (one in other or other in one)
