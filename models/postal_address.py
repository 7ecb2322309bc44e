"""Addresses on one line or as on an envelope, in the order in which letters are addressed in their country."""

from babel import Locale

# Where the postal code stands before the town. Elsewhere it comes last, behind the state or province.
_CODE_BEFORE_TOWN = frozenset(
    ("AT", "BE", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "IS", "IT", "LI", "LU", "MC", "MX", "NL", "NO", "PL", "PT", "SE", "SI", "SK")
)

_PROVINCE_BELOW = frozenset(("ES", "MX"))  # on a line of its own; their neighbours write none


def one_line(street: str, city: str, region: str, postal_code: str, country: str) -> str:
    """``Lindelaan 14, 3511 AB Utrecht`` or ``12 Harbour Street, Chicago, IL 60601``; ``country`` by its two letters."""
    if country.upper() in _CODE_BEFORE_TOWN:
        parts = (street, _spaced(postal_code, city), region)
    else:
        parts = (street, city, _spaced(region, postal_code))
    return ", ".join(part for part in parts if part)


def envelope(name: str, street: str, city: str, region: str, postal_code: str, country: str, home: str, *, capitals: bool) -> list[str]:
    """Line by line, as it is sent from the country ``home``: another country stands last. With a name it is to somebody.

    ``capitals`` without commas is what the USPS's machines read best; in Europe the town is in capitals, and a country abroad always.
    """
    country = country.strip().upper() or home
    abroad = Locale("en").territories.get(country, country).upper() if country != home else ""
    town = _town(city.upper() if name else city, region, postal_code, country)
    lines = [" ".join(line.split()) for line in (name, *street.splitlines(), *town, abroad)]
    kept = [line for line in lines if line]
    return [" ".join(line.upper().replace(",", " ").replace(".", "").split()) for line in kept] if capitals else kept


def _town(city: str, region: str, postal_code: str, country: str) -> tuple[str, ...]:
    if country in _CODE_BEFORE_TOWN:
        return _spaced(postal_code, city, region if country == "IT" else ""), region if country in _PROVINCE_BELOW else ""
    if country == "GB":
        return city, region, postal_code
    return (_spaced(f"{city}," if city and region else city, region, postal_code),)


def _spaced(*words: str) -> str:
    return " ".join(word for word in words if word)
