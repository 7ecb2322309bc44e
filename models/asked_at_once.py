"""What the rules of sending ask of many messages in one question instead of one a message."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.consent import Consent
from models.stop_alarm import StopAlarm

if TYPE_CHECKING:
    from models.message import Message
    from models.sending_rules import Rules


def asked_at_once(messages: "Sequence[Message]") -> "Rules":
    """Who of these consented to texts, and whose word waits for somebody's decision; for ``sending_rules.judge``."""
    shops, numbers = {message.shop_id for message in messages}, {message.address for message in messages if message.needs_consent}
    facts, ringing = Consent.newest(shops, numbers), StopAlarm.ringing(shops, numbers)

    def consented(message: "Message") -> bool:
        fact = facts.get((message.shop_id, message.address))
        return fact is not None and fact.given and Consent.enough(message.shop, fact)

    return {"consent": consented, "no_alarm": lambda message: (message.shop_id, message.address) not in ringing}
