"""Words that end or restore consent, as carriers and the FCC know them (47 CFR 64.1200(a)(10); Twilio's default keywords)."""

STOP = frozenset({"STOP", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT"})
START = frozenset({"START", "UNSTOP", "YES"})
HELP = frozenset({"HELP", "INFO"})
RESERVED = STOP | START | HELP


def meaning(text: str, own_word: str) -> str | None:
    """``stop``, ``start``, ``help`` or ``consent`` (the shop's own word) where the text is that one word, in any case and punctuation; else None."""
    words = "".join(character if character.isalnum() else " " for character in text.upper()).split()
    word = "".join(words) if words in (["OPT", "OUT"], ["STOP", "ALL"]) else words[0] if len(words) == 1 else ""
    if word in STOP:
        return "stop"
    if word in START:
        return "start"
    if word in HELP:
        return "help"
    return "consent" if word and word == own_word else None
