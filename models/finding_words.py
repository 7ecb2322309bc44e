"""The library: what a bad point means in plain words, in the languages of our customers. What it is, what if it waits, how soon."""

import csv
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es", "nl")


def sentence(point: str, result: str, language: str) -> str:
    """For the point of that name; empty where the library has none for it, or not in that language."""
    return _library().get((point.casefold(), result), {}).get(language[:2], "")


@cache
def _library() -> dict[tuple[str, str], dict[str, str]]:
    with (Path(__file__).parent / "presets" / "finding_words.csv").open(encoding="utf-8", newline="") as file:
        return {
            (point.strip().casefold(), row["result"]): {language: row[language] for language in LANGUAGES}
            for row in csv.DictReader(file)
            for point in row["points"].split("|")
        }
