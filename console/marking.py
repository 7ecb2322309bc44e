"""What was typed, marked in what was found: whatever the writing, with accents or without, the digits of a number across its brackets."""

from collections.abc import Iterable

from console import bp
from models.customer_key import compact
from models.customer_search import typed_words

Parts = list[tuple[str, bool]]
A_NUMBER = 7  # digits that are a whole number, whatever country's code was typed in front


@bp.app_template_global()
def marked(text: str, words: str) -> Parts:
    """The text in parts, each with whether it is to be marked."""
    letters = [(letter, at) for at, character in enumerate(text) for letter in compact(character)]
    plain, where = "".join(letter for letter, _at in letters), [at for _letter, at in letters]
    hit = [False] * len(text)
    for start, end in _places(plain, where, text, words):
        hit[where[start] : where[end - 1] + 1] = [True] * (where[end - 1] + 1 - where[start])
    return _parts(text, hit)


@bp.app_template_global()
def is_marked(text: str, words: str) -> bool:
    return any(hit for _part, hit in marked(text, words))


@bp.app_template_global()
def likeliest(texts: Iterable[str], words: str) -> str:
    """Of several the one that was looked for, else the first; empty where there is none."""
    known = list(texts)
    return next((text for text in known if words and is_marked(text, words)), known[0] if known else "")


def _places(plain: str, where: list[int], text: str, words: str) -> list[tuple[int, int]]:
    """From where to where each word stands: at the beginning of a word, at the very end, or the whole as one plate or number."""
    needles = dict.fromkeys([compact(words), *map(compact, typed_words(words))] if words else [])
    found = []
    for needle in filter(None, needles):
        digits = needle.isdecimal()
        if digits and len(plain) >= A_NUMBER and plain.isdecimal() and needle.endswith(plain):
            found.append((0, len(plain)))
        start = plain.find(needle)
        while start >= 0:
            begins = start == 0 or not text[where[start] - 1].isalnum()
            ends = start + len(needle) == len(plain) and len(needle) >= (3 if digits else 4)
            if begins or ends:
                found.append((start, start + len(needle)))
            start = plain.find(needle, start + 1)
    return found


def _parts(text: str, hit: list[bool]) -> Parts:
    parts: Parts = []
    for character, is_hit in zip(text, hit, strict=True):
        if parts and parts[-1][1] == is_hit:
            parts[-1] = (parts[-1][0] + character, is_hit)
        else:
            parts.append((character, is_hit))
    return parts
