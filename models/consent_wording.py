"""What a customer agrees to, word for word, in the language that is being spoken; kept with each consent, with its version."""

from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import gettext as _

from models import phone
from models.consent import MARKETING
from models.notice import Notice

if TYPE_CHECKING:
    from models.shop import Shop

VERSION = "2026-11"


def agreement(shop: "Shop", scope: str, number: str = "") -> str:
    """The whole sentence for that scope; with the number where the customer confirms it."""
    to = phone.shown(number, shop.country) if number else _("my number")
    if scope == MARKETING:
        return _(
            "I agree that %(shop)s may text service reminders, follow-ups and offers to %(number)s, also by automatic means. "
            "How often varies. Message and data rates may apply. Reply HELP for help, STOP at any time to end. "
            "Agreeing is not a condition of any purchase.",
            shop=shop.name,
            number=to,
        )
    return _(
        "I agree that %(shop)s may text %(number)s about my appointments and the repair of my vehicles. How often varies with each visit. "
        "Message and data rates may apply. Reply HELP for help, STOP at any time to end.",
        shop=shop.name,
        number=to,
    )


def version_in(shop: "Shop", language: str) -> str:
    """Of our sentence and of the messaging terms that it points to, where the shop wrote its own."""
    terms = Notice.of(shop, "texting", language)
    return f"{VERSION}, {terms.version_label}" if terms.is_own else VERSION


def version(shop: "Shop") -> str:
    return version_in(shop, get_locale().language)
