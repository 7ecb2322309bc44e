"""Addresses on one line, in the order in which letters are addressed in their country."""

# Where the postal code stands before the town. Elsewhere it comes last, behind the state or province.
_CODE_BEFORE_TOWN = frozenset(
    ("AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "IS", "IT", "LI", "LU", "MC", "MX", "NL", "NO", "PL", "PT", "SE", "SI", "SK")
)


def one_line(street: str, city: str, region: str, postal_code: str, country: str) -> str:
    """``Lindelaan 14, 3511 AB Utrecht`` or ``12 Harbour Street, Chicago, IL 60601``; ``country`` by its two letters."""
    if country.upper() in _CODE_BEFORE_TOWN:
        parts = (street, _spaced(postal_code, city), region)
    else:
        parts = (street, city, _spaced(region, postal_code))
    return ", ".join(part for part in parts if part)


def _spaced(*words: str) -> str:
    return " ".join(word for word in words if word)
