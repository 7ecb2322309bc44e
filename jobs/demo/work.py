"""What cars are brought in for: the usual jobs of a catalogue (``models/presets/jobs.csv``), and each shop's own mix of them."""

import csv
import random
from pathlib import Path
from typing import Any

import models

JOBS = Path(models.__file__).parent / "presets" / "jobs.csv"
COMMON = {"Scheduled": 8, "Inspection": 5, "Diagnosis": 4, "Brakes": 3, "Extras": 0}  # how often, against 1 for the other kinds
WITHOUT_ENGINE = {
    "Inspection",
    "Brakes",
    "Tyres",
    "Steering",
    "Suspension",
    "Climate",
    "Electronics",
    "Visibility",
}  # what electric cars need too
TYRES_AND_BRAKES = {"Tyres": 6, "Brakes": 5, "Steering": 3}
# bodywork is not in the table: every dent is another
BODYWORK = (
    "Front bumper repair and paint",
    "Rear bumper replacement",
    "Door dent repair, left side",
    "Hail damage, roof and hood",
    "Fender replacement and paint",
    "Insurance estimate, rear-end collision",
    "Quarter panel repair",
    "Windshield replacement and camera calibration",
    "Paintless dent repair",
    "Headlamp and grille replacement",
)
DUTCH = (
    "Kleine beurt",
    "Grote beurt",
    "APK-keuring",
    "APK-keuring met kleine beurt",
    "Remblokken voor vervangen",
    "Remschijven en -blokken achter",
    "Winterbanden wisselen",
    "Airco controleren en vullen",
    "Distributieriem vervangen",
    "Storing uitlezen",
    "Accu vervangen",
    "Uitlijnen",
    "Ruitenwissers en verlichting nazien",
)


class Work:
    def __init__(self, slug: str) -> None:
        self._rng = random.Random(f"work of {slug}")  # noqa: S311 (the demo shall be the same each time)
        self._mixes = {electric: mix(slug, electric) for electric in (False, True)}

    def next(self, car: dict[str, Any]) -> str:
        kinds = self._mixes[car.get("engine") == "Electric"]
        return self._rng.choices(list(kinds), list(kinds.values()))[0]


def mix(slug: str, electric: bool) -> dict[str, int]:
    """The types of work at that shop, and how often each comes up against the others."""
    if slug == "elm":
        return dict.fromkeys(BODYWORK, 1)
    if slug == "delinde":
        return dict.fromkeys(DUTCH, 1)
    jobs = [job for job in table() if job["category"] in WITHOUT_ENGINE or not electric]
    if slug == "northgate":
        return {job["name"]: TYRES_AND_BRAKES[job["category"]] for job in jobs if job["category"] in TYRES_AND_BRAKES}
    return {job["name"]: COMMON.get(job["category"], 1) for job in jobs}


def table() -> list[dict[str, str]]:
    with JOBS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
