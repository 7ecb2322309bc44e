"""May this follow-up letter be sent? The rules of sending that concern letters alone; asked, like all others, by ``sending_rules``."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.message import Message


def concerning_letters(message: "Message") -> list[str]:
    rules = ["letters_on", "do_not_mail", "reason", "in_time", "postal_address"]
    return [*rules, "not_bounced"] if message.channel == "email" else rules


def _post(message: "Message") -> bool:
    """Enough of an address for the post: street, town, and a code where the country has them."""
    address = message.customer.addresses[0] if message.customer and message.customer.addresses else None
    return bool(address and address.street and address.city and address.postal_code)


def _post_arrives(message: "Message") -> bool:
    from models.returned_address import ReturnedAddress

    return message.customer is None or ReturnedAddress.of(message.customer) is None


def _letters_on(message: "Message") -> bool:
    return message.letter is not None and message.letter.is_switched_on


def _do_not_mail(message: "Message") -> bool:
    from models.do_not_mail import DoNotMail

    return message.customer is not None and DoNotMail.of(message.customer) is None


def _reason(message: "Message") -> bool:
    return message.letter is not None and message.letter.stands


def _in_time(message: "Message") -> bool:
    return message.letter is not None and message.shop.today() <= message.letter.last_day


def _postal_address(message: "Message") -> bool:
    """Advertising by mail names where its sender can be found (CAN-SPAM, 15 USC 7704(a)(5))."""
    return bool(message.shop.street and message.shop.city)


def _not_bounced(message: "Message") -> bool:
    from models.bounced_address import BouncedAddress

    return not BouncedAddress.holds(message.shop, message.address)


RULES_OF_LETTERS: Mapping[str, Callable[["Message"], bool]] = {
    "post": _post,
    "post_arrives": _post_arrives,
    "letters_on": _letters_on,
    "do_not_mail": _do_not_mail,
    "reason": _reason,
    "in_time": _in_time,
    "postal_address": _postal_address,
    "not_bounced": _not_bounced,
}
