"""Numbers as people type them, with a decimal point or a decimal comma; exact, and refused rather than guessed."""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import get_decimal_symbol
from flask_babel import gettext as _

from models.refused import Refused

_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_SHAPE = re.compile(r"[+-]?[0-9]*(?:[.,][0-9]+)*[.,]?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")
LONGEST = 24  # characters


def read(text: str, locale: Locale | str, field: str | None = None) -> Decimal:
    """1,234.5 and 1.234,5 alike; of a sole sign before three digits the locale says which it is. Raises Refused: no number."""
    typed = _SPACES.sub("", text)
    no_number = Refused(_("Give a number, like %(example)s.", example=f"12{get_decimal_symbol(locale)}50"), field=field)
    if not typed or len(typed) > LONGEST or not _SHAPE.fullmatch(typed) or not any(character.isdigit() for character in typed):
        raise no_number
    sign, digits = (-1, typed[1:]) if typed[0] == "-" else (1, typed.lstrip("+"))
    separators = [character for character in digits if character in ".,"]
    point = _decimal_point(digits, separators, get_decimal_symbol(locale))
    before, _point, after = digits.rpartition(point) if point else (digits, "", "")
    if any(character in ".," for character in before) and not _GROUPED.fullmatch(before):
        raise no_number
    return sign * Decimal(f"{re.sub('[.,]', '', before) or 0}.{after or 0}")


def written(value: Decimal, locale: Locale | str) -> str:
    """To be typed over: without groups, without zeros that say nothing, with the locale's own decimal sign."""
    plain = f"{value.normalize():f}" if value else "0"
    return plain.replace(".", get_decimal_symbol(locale))


def _decimal_point(digits: str, separators: list[str], usual: str) -> str:
    """Which of the two signs stands before the decimals; empty where none does."""
    if not separators:
        return ""
    last = separators[-1]
    if len(set(separators)) == 2:
        return last
    if len(separators) > 1:
        return ""
    return "" if last != usual and _GROUPED.fullmatch(digits) else last
