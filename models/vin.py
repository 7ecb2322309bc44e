"""Vehicle identification numbers: what can be one, whether its check digit fits, which model year it names (49 CFR 565.13 and 565.15)."""

from dataclasses import dataclass

from flask_babel import gettext as _

from models import clock
from models.refused import Refused

# 565.15(c), table III: letters count as digits; I, O and Q are in no VIN
_VALUES = {**{str(digit): digit for digit in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))}
_VALUES |= {**dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9, **dict(zip("STUVWXYZ", range(2, 10), strict=True))}
# table IV: the weight of each place; the check digit itself, ninth, weighs nothing
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_NEVER = {"I": "1", "O": "0", "Q": "0"}  # and what they mostly are
_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"  # table VII: of 1980 to 2009, and again of 2010 to 2039
LENGTH = 17
FIRST_YEAR = 1981  # model year from which all VINs are of this form


@dataclass(frozen=True, slots=True)
class Vin:
    """One that can be: 17 characters, none of them I, O or Q. Made by ``parse``."""

    number: str

    @classmethod
    def parse(cls, text: str) -> "Vin":
        """Of what was typed, whatever its case, spaces and hyphens. Raises Refused: what is wrong, and where."""
        number = normalised(text)
        if wrong := next((place for place, character in enumerate(number, 1) if character in _NEVER), None):
            place = {"character": number[wrong - 1], "place": wrong, "rather": _NEVER[number[wrong - 1]]}
            words = _("The letters I, O and Q are never in a VIN: is the %(character)s at place %(place)s a %(rather)s?", **place)
            raise Refused(words, field="vin")
        if any(character not in _VALUES for character in number):
            raise Refused(_("A VIN is of digits and letters alone."), field="vin")
        if len(number) != LENGTH:
            raise Refused(_("A VIN has 17 characters; here are %(count)s.", count=len(number)), field="vin")
        return cls(number)

    @property
    def is_north_american(self) -> bool:
        """Made for the market where the check digit is law: first character 1 to 5. Elsewhere many makers put something else there."""
        return self.number[0] in "12345"

    @property
    def check_digit(self) -> str:
        """What the ninth character should be: the weighted sum modulo 11, X for ten."""
        rest = sum(_VALUES[character] * weight for character, weight in zip(self.number, _WEIGHTS, strict=True)) % 11
        return "X" if rest == 10 else str(rest)

    @property
    def fits(self) -> bool:
        return self.number[8] == self.check_digit

    @property
    def keeps_to_the_rules(self) -> bool:
        """Whether its tenth character is a model year: by law in North America, mostly so where the check digit fits."""
        return self.is_north_american or self.fits

    @property
    def years(self) -> list[int]:
        """What the tenth character may mean, the likelier first; none for one that means no year, and none that is still far ahead.

        Letters and digits come round every 30 years. Of cars and light trucks the seventh character says which: a letter for 2010 and
        later (565.15(b)); heavy trucks, buses and motorcycles keep to no such rule, so that the other one stays possible.
        """
        place = _YEARS.find(self.number[9])
        if place < 0:
            return []
        newest = clock.now().year + 2
        found = [year for year in (1980 + place, 2010 + place) if FIRST_YEAR - 1 <= year <= newest]
        return sorted(found, reverse=self.number[6].isalpha())

    @property
    def year(self) -> int | None:
        """The model year, where the VIN says it."""
        return self.years[0] if self.keeps_to_the_rules and self.years else None


def normalised(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()


def is_possible(number: str) -> bool:
    """Whether it has 17 characters, none of them I, O or Q."""
    return len(number) == LENGTH and all(character in _VALUES for character in number)


def is_doubtful(number: str) -> bool:
    """A North American VIN whose check digit does not fit: mostly a slip of the pen."""
    return is_possible(number) and Vin(number).is_north_american and not Vin(number).fits
