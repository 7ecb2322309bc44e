"""Words that end or restore consent, as carriers and the FCC know them (47 CFR 64.1200(a)(10); Twilio's default keywords)."""

import unicodedata

STOP = frozenset({"STOP", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT"})
START = frozenset({"START", "UNSTOP", "YES"})
HELP = frozenset({"HELP", "INFO"})
RESERVED = STOP | START | HELP


def meaning(text: str, own_word: str) -> str | None:
    """``stop``, ``start``, ``help`` or ``consent`` (the shop's own word) where the text is that one word, else None.

    START before the shop's own word is what its code at the counter writes (``counter``): it agrees anew, START alone only takes STOP back.

    Case and punctuation don't matter.
    """
    letters = unicodedata.normalize("NFKC", text).upper()  # a keyboard for Chinese or Japanese types wide ones
    words = "".join(character if character.isalnum() else " " for character in letters).split()
    if words == ["START", own_word]:
        return "counter"
    word = "".join(words) if words in (["OPT", "OUT"], ["STOP", "ALL"]) else words[0] if len(words) == 1 else ""
    if word in STOP:
        return "stop"
    if word in START:
        return "start"
    if word in HELP:
        return "help"
    return "consent" if word and word == own_word else None


def stands_alone(text: str) -> bool:
    """Whether it is one of the words and nothing else, not even a full stop: as providers look for them."""
    return text.strip().upper() in RESERVED
