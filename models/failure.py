"""Failures in plain words: what went wrong, and what to do. Codes are the provider's (Twilio error dictionary, SMTP replies) or our own."""

from flask_babel import lazy_gettext as _l

_BAD_NUMBER = _l("The number does not exist or can't get texts. Check it with the customer.")
_OURS = _l("The shop's texting is not set up for this. The administrator should look at the settings.")
_LANDLINE = _l("This is a landline or can't be reached by text. Call, or use e-mail.")
_UNREACHABLE = _l("The phone could not be reached. Try again later, or call.")
_UNREGISTERED = _l("The shop's number is not registered for texting yet. The administrator should look at it.")
_COUNTRY = _l("Texts to this country are not switched on at the provider. The administrator should look at it.")
_BUSY = _l("The provider is busy. It goes by itself in a moment.")
_LIMIT = _l("The carrier takes no more texts of the shop's today. Call, and tell the administrator.")
_BY_LAW = _l("The provider held it back by its rules for this number. Call, and tell the administrator.")

# About the person's phone, their wish or the carrier: an e-mail may get through where this text did not.
_OF_TEXTS = {
    "21211": _BAD_NUMBER,
    "21614": _BAD_NUMBER,
    "30005": _BAD_NUMBER,
    "21610": _l("The customer has opted out of texts. Call, or use e-mail."),
    "21635": _LANDLINE,
    "30006": _LANDLINE,
    "30003": _UNREACHABLE,
    "30008": _l("The carrier did not deliver it and does not say why. Try again later, or call."),
    "30004": _l("The carrier blocks texts to this phone. Call, or use e-mail."),
    "30007": _l("The carrier filtered this text as spam. Call, and tell the administrator."),
    "30022": _LIMIT,
    "30023": _LIMIT,
    "30036": _l("It was not delivered in time and is no longer tried. Call, or send it again."),
    "30610": _BY_LAW,
    "30640": _BY_LAW,
    "30450": _BY_LAW,
    # about how the shop's texting is set up, which is no reason to leave the customer without word
    "21408": _COUNTRY,
    "21606": _OURS,
    "21612": _l("The provider has no way from the shop's number to this one. Call, and tell the administrator."),
    "21212": _OURS,
    "21703": _OURS,
    "30024": _UNREGISTERED,
    "30032": _UNREGISTERED,
    "30034": _UNREGISTERED,
    "30002": _l("The provider has suspended the shop's account. The administrator should look at it."),
}
OFTEN_PASSES = {
    "30003": _l("The phone could not be reached. It is tried once more at %(time)s."),
    "30008": _l("The carrier did not deliver it and does not say why. It is tried once more at %(time)s."),
}
MAY_GO_BY_MAIL = frozenset(_OF_TEXTS)

_WORDS = {
    **_OF_TEXTS,
    "20003": _l("The provider refused the shop's credentials. The administrator should look at the settings."),
    "20429": _BUSY,
    "21611": _BUSY,
    "30001": _BUSY,
    "21617": _l("The text is too long for the provider. Write less, or send two."),
    "21620": _l("The provider could not take the file. Send it as a link."),
    "30011": _l("This phone can't get pictures. Send them as a link."),
    "30019": _l("The file is too large for the carrier. Send it as a link."),
    "unreachable": _l("The provider could not be reached. It goes by itself as soon as it answers."),
    "unwritable": _l("This message could not be put together, so it was not sent. Call the customer, and tell the administrator."),
    "unknown": _l("We can't tell whether this went out. Ask the customer, then say what you found."),
    "not_sent": _l("A person found that it did not arrive."),
    "mail_refused": _l("The mail server refused this address. Check it with the customer."),
    "mail_unknown": _l("There is no such mailbox. Ask the customer for another e-mail address."),
    "mail_full": _l("The customer's mailbox is full. Call, or try again in some days."),
    "mail_returned": _l("The mail came back: the other side could not deliver it. Check the address with the customer."),
    "mail_rules": _l("The other side's rules refused this mail, not the address. Tell the administrator."),
    "mail_later": _l("The mail server can't take it now. It goes by itself in a while."),
    "certificate": _l(
        "The other side's certificate can't be trusted, so nothing was sent. It goes by itself once the administrator has mended that."
    ),
    "text_setup": _l(
        "The shop's account at the text provider is missing or can't be read. It goes by itself once the administrator has set it up."
    ),
    "print_key": _l("The print service refuses the shop's key. The administrator should look at Settings, Print service."),
    "print_money": _l("The print service wants to be paid before it prints more. It goes by itself once that is settled there."),
    "print_busy": _l("The print service takes no more cards just now. It goes by itself in a moment."),
    "print_setup": _l("At the print service's address nobody takes cards. The administrator should look at Settings, Print service."),
    "print_refused": _l("The print service does not take this card. Correct what it says, then try again, or print the card yourselves."),
    "print_failed": _l("The print service could not print this card. Try again, or print it yourselves."),
    "returned": _l("The card came back: the address is wrong, or nobody of that name is there. Correct it with the customer."),
    "mail_setup": _l("The mail server is not set up or refused our sign-in. The administrator should look at it."),
}


def words_for(code: str) -> str:
    """Plain words for a code; for one that we don't know, words that name it."""
    if not code:
        return ""
    return str(_WORDS[code]) if code in _WORDS else str(_l("The provider reported error %(code)s. Call the customer.", code=code))


def once_more_words(code: str, time: str) -> str:
    """What stands at a text that did not arrive the first time, until it is tried a second time."""
    return str(OFTEN_PASSES[code]) % {"time": time}
