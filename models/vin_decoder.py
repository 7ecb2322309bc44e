"""What a VIN says of its vehicle, read on this machine: by ultravin where it is installed, else by vininfo, which knows few models."""

from dataclasses import dataclass, fields
from functools import cache
from importlib.util import find_spec
from typing import Any

from models.vin import Vin

# Makers of North American cars that vininfo does not know, or calls after the group, by the first three characters. Where one of them
# stands for several makes (5XY is Hyundai and Kia, 1C4 Chrysler, Dodge and Jeep) nothing is said: a wrong make is worse than none.
_MAKERS = {
    "Ford": "1FA 1FB 1FC 1FD 1FM 1FT 2FA 2FM 2FT 3FA 3FE 3FM 3FT MAJ NM0 WF0",
    "Honda": "1HG 2HG 2HK 2HJ 3CZ 3HG 5FN 5FP 5J6 7FA 19X JHL SHH SHS",
    "Toyota": "2T1 2T3 3TM 3TY 4T1 4T3 4T4 5TD 5TE 5TF 5YF 7MU JTD JTE JTM JTN SB1 VNK",
    "Nissan": "1N4 1N6 3N1 3N6 3N8 5N1 JN1 JN8 SJN VSK",
    "Hyundai": "KMH KM8 5NM 5NP TMA NLH",
    "Kia": "KNA KND KNE 3KP U5Y",
    "Mazda": "1YV 3MV 3MZ 7MM JM1 JM3 JMZ",
    "Subaru": "4S3 4S4 JF1 JF2",
    "Chevrolet": "1G1 1GC 1GN 2G1 2GN 3GC 3GN KL1 KL7",
    "GMC": "1GK 1GT 2GK 2GT 3GK 3GT",
    "Volkswagen": "1VW 3VW 3VV WVG WVW WV1 WV2",
    "BMW": "4US 5UX 5UJ WBA WBS WBX WBY",
    "Mercedes-Benz": "4JG 55S W1K W1N WDB WDC WDD",
    "Volvo": "7JR LYV YV1 YV4",
    "Tesla": "5YJ 7SA LRW XP7",
    "Opel": "W0L W0V",
    "": "1C3 1C4 1C8 2C3 2C4 3C3 3C4 5XY",
}
_MAKES = {wmi: make for make, wmis in _MAKERS.items() for wmi in wmis.split()}
_ADDED = (" USA", " Canada", " Mexico", " Cars", " Automobiles", " China", " Germany", " Brazil", " Motors")  # behind vininfo's makes
_GROUPS = {"General Motors", "FCA", "NUMMI", "CAMI", "Auto Alliance International", "Nissan Motor Company", "Genesis", "Replica/Kit Makes"}
_AS_WRITTEN = {"BMW", "GMC", "MINI", "BYD", "MG", "DS", "AC"}
_ODD = {"MCLAREN": "McLaren", "VINFAST": "VinFast", "DELOREAN": "DeLorean", "SMART": "smart"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What it says; nothing where it does not, or does not for sure. Fields are named as the vehicle's."""

    year: int | None = None
    make: str = ""
    model: str = ""
    submodel: str = ""
    engine: str = ""
    body: str = ""

    @property
    def for_the_card(self) -> dict[str, str]:
        """What a vehicle's card has a field for."""
        said = {field.name: str(getattr(self, field.name) or "") for field in fields(self) if field.name != "body"}
        return {name: words for name, words in said.items() if words}

    def __bool__(self) -> bool:
        return bool(self.for_the_card or self.body)


def decode(vin: Vin) -> Decoded:
    """Offline, and the same each time; within milliseconds once the tables are read."""
    return (knows_models() and _by_ultravin(vin)) or _by_vininfo(vin)


@cache
def knows_models() -> bool:
    """Whether ultravin is installed, the tables of the American authority with models and engines: an extra of 95 MB."""
    return find_spec("ultravin") is not None


def _by_ultravin(vin: Vin) -> Decoded | None:
    import ultravin

    return _as_the_authority_says(vin, ultravin.decode(vin.number))


def _as_the_authority_says(vin: Vin, said: dict[str, Any]) -> Decoded | None:
    """None where it knows no such maker."""
    facts: dict[str, str] = {name: value for name, value in said["attributes"].items() if isinstance(value, str)}
    make = facts.get("Make", "")
    if not make:
        return None
    if not vin.keeps_to_the_rules:  # the rest of it is not written for that authority, whose tables find something in it nevertheless
        return Decoded(make=_make_as_written(make))
    body = facts.get("Body Class", "").partition("/")[0]
    return Decoded(said["model_year"], _make_as_written(make), facts.get("Model", ""), facts.get("Trim", ""), _engine(facts), body)


def _engine(facts: dict[str, str]) -> str:
    """``2.0 L 4-cylinder``, ``5.3 L V8``, ``Electric``."""
    fuel, litres = facts.get("Fuel Type - Primary", ""), facts.get("Displacement (L)", "")
    if fuel == "Electric":
        return "Electric"
    cylinders = facts.get("Engine Number of Cylinders", "")
    shape = f"V{cylinders}" if facts.get("Engine Configuration") == "V-Shaped" else f"{cylinders}-cylinder"
    size = f"{float(litres):.1f} L" if litres.replace(".", "", 1).isdecimal() else ""
    return " ".join(part for part in (size, shape if cylinders else "", "diesel" if fuel == "Diesel" else "") if part)


def _by_vininfo(vin: Vin) -> Decoded:
    from vininfo import Vin as Read
    from vininfo.dicts import WMI

    read = Read(vin.number)
    wmi = vin.number[:3]  # its own table falls back on two characters, and then names somebody else as often as not
    known = WMI.get(wmi)
    make = _MAKES.get(wmi, _make_of(str(getattr(known, "manufacturer", known or ""))))
    model, engine, body = (str(_single(read.details, name)) for name in ("model", "engine", "body"))
    return Decoded(vin.year, make, model, "", engine, body)


def _make_of(maker: str) -> str:
    """A maker's name as a make; nothing for a group of them."""
    for added in _ADDED:
        maker = maker.removesuffix(added)
    return "" if maker in _GROUPS or not maker.replace("-", "").replace(" ", "").isalpha() else maker


def _single(details: Any, name: str) -> str:
    """Where it could be several things, none is said; nor of which years it was one."""
    said = getattr(getattr(details, name, None), "name", None)
    return said.partition(" (")[0] if isinstance(said, str) else ""


def _make_as_written(make: str) -> str:
    """The authority writes all in capitals."""
    return make if make in _AS_WRITTEN else _ODD.get(make, make.title())
