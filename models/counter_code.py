"""The code at the counter: whoever scans it has a text to the shop ready that agrees to texts."""

from typing import TYPE_CHECKING
from urllib.parse import quote

import segno
from flask_babel import force_locale
from flask_babel import gettext as _

if TYPE_CHECKING:
    from models.shop import Shop


def counter_text(shop: "Shop") -> str:
    """What the code writes. The shop's own word behind START tells it from a plain START, which only takes a STOP back, and which the
    provider keeps to itself where it answers keywords: those are single words."""
    return f"START {shop.location.consent_keyword}"


def counter_address(shop: "Shop") -> str:
    """What the code holds. RFC 5724 and Android want the words behind ``?body=``, iPhones look for ``&body=``: ``?&body=`` is an empty
    field and then the words, which both read."""
    return f"sms:{shop.texting_number}?&body={quote(counter_text(shop))}"


def counter_picture(shop: "Shop") -> str:
    """The code as a data address, for an ``img``. A quarter of it may be stained: it lies on a counter among oily hands."""
    return str(segno.make(counter_address(shop), error="q", micro=False).svg_data_uri(border=2, scale=4))


def counter_words(shop: "Shop") -> str:
    """What is printed below it, in the language that is being spoken."""
    return _(
        "By texting %(word)s you agree that %(shop)s may text you about your appointments and the repair of your vehicles. "
        "How often varies with each visit. Message and data rates may apply. Reply HELP for help, STOP at any time to end.",
        word=counter_text(shop),
        shop=shop.name,
    )


def printed_wording(shop: "Shop") -> str:
    """The same, as it hangs at the counter: in the shop's own language."""
    with force_locale(shop.language):
        return counter_words(shop)
