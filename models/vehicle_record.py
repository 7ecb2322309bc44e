"""A vehicle as another system describes it."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from models import vin
from models.odometer_reading import MOST
from models.refused import Refused
from models.transfer_fields import Key, Words
from models.transfer_record import Record
from models.transfer_source import Source
from models.vehicle import Vehicle

DETAILS = ("year", "make", "model", "submodel", "engine", "plate", "plate_region", "vin", "odometer", "unit_number")


class VehicleRecord(Record):
    """A vehicle of a customer. A new one needs an owner, and a make and model, a plate or a VIN."""

    noun: ClassVar[str] = "vehicles"
    gathers: ClassVar[bool] = True
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"external_id": "V-2001", "customer": "C-1001", "year": 2018, "make": "Honda", "model": "Civic", "plate": "DEMO 101"}
            ]
        },
    )

    customer: Key | None = Field(None, description="External id of the owner. Another one: it was sold.")
    year: int | None = Field(None, ge=1886, le=2100, description="Model year.")
    make: Annotated[str, Words(60)] = ""
    model: Annotated[str, Words(60)] = ""
    submodel: Annotated[str, Words(60)] = ""
    engine: Annotated[str, Words(60)] = ""
    plate: Annotated[str, Words(20)] = ""
    plate_region: Annotated[str, Words(20)] = Field("", description="State or province of the plate.", examples=["IL"])
    vin: Annotated[str, Words(30)] = Field("", description="17 letters and digits; of vehicles before 1981 whatever stands on them.")
    odometer: int | None = Field(None, ge=0, lt=MOST, description="The newest reading, in the shop's unit.")
    unit_number: Annotated[str, Words(30)] = Field("", description="How a fleet calls it.")
    retired: bool = Field(False, description="It will not come again, and is no longer offered.")

    @property
    def references(self) -> list[tuple[str, str, str]]:
        return [("customers", self.customer, "customer")] if self.customer else []

    def match(self, source: Source) -> Vehicle | None:
        """Of the same owner, the same VIN; or the same plate, where not both have a VIN."""
        owner = source.find("customers", self.customer) if self.customer else None
        number, plate = vin.normalised(self.vin), self.plate.upper().replace(" ", "").replace("-", "")
        if owner is None or not (number or plate):
            return None
        for one in Vehicle.of_owner(owner.id):
            same = one.vin == number if one.vin and number else bool(plate) and one.plate_key == plate
            if same and not source.calls(self.noun, one.id):
                return one
        return None

    def create(self, source: Source) -> Vehicle:
        if self.customer is None:
            raise Refused("Say whose it is.", field="customer")
        owner = source.need("customers", self.customer, "customer")
        row = Vehicle.add(owner, by=source.by, **{name: getattr(self, name) for name in DETAILS})
        if self.retired:
            row.retire(by=source.by)
        return row

    def update(self, row: Vehicle, changed: set[str], marks: Mapping[str, Any], source: Source) -> bool:
        now = {name: getattr(row, name) for name in DETAILS}
        wanted: dict[str, Any] = {**now, **{name: self._as_kept(name) for name in DETAILS if name in changed}}
        other = wanted != now
        if other:
            row.change(by=source.by, **wanted)
        if "customer" in changed and self.customer:
            owner = source.need("customers", self.customer, "customer")
            other = other or owner.id != row.customer_id
            row.sell(owner, by=source.by)
        if "retired" in changed and self.retired is not (row.retired_at is not None):
            other = True
            (row.retire if self.retired else row.return_to_use)(by=source.by)
        return other

    def _as_kept(self, name: str) -> Any:
        value = getattr(self, name)
        return value.upper() if name in {"plate", "plate_region"} else vin.normalised(value) if name == "vin" else value

    @classmethod
    def held(cls, row: Vehicle, source: Source) -> dict[str, Any]:
        owner = source.name_of("customers", row.customer_id)
        return {"customer": owner, **{name: getattr(row, name) for name in DETAILS}, "retired": row.retired_at is not None}
