"""Vehicle identification numbers: what can be one, and whether the check digit fits (49 CFR 565.13 and 565.15)."""

# 565.15(c), table III: letters count as digits; I, O and Q are in no VIN
_VALUES = {**{str(digit): digit for digit in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))}
_VALUES |= {**dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9, **dict(zip("STUVWXYZ", range(2, 10), strict=True))}
# table IV: the weight of each place; the check digit itself, ninth, weighs nothing
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
LENGTH = 17
FIRST_YEAR = 1981  # model year from which all VINs are of this form


def normalised(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()


def is_possible(vin: str) -> bool:
    """Whether it has 17 characters, none of them I, O or Q."""
    return len(vin) == LENGTH and all(character in _VALUES for character in vin)


def is_north_american(vin: str) -> bool:
    """Made for the market where the check digit is law: first character 1 to 5."""
    return vin[:1] in {"1", "2", "3", "4", "5"}


def check_digit(vin: str) -> str:
    """What the ninth character of a possible VIN should be: the weighted sum modulo 11, X for ten."""
    rest = sum(_VALUES[character] * weight for character, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def is_doubtful(vin: str) -> bool:
    """A North American VIN whose check digit does not fit: mostly a slip of the pen, so it is warned about and not refused."""
    return is_possible(vin) and is_north_american(vin) and vin[8] != check_digit(vin)
