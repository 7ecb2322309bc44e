"""Who writes while the shop is closed is told when a person will read it: once for each night or weekend, where texts are agreed to."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from models import clock
from models.base import db
from models.consent import Consent
from models.message import Message
from models.message_template import MessageTemplate
from models.stop_alarm import StopAlarm
from models.timer import HORIZON, OpenTime
from models.wording import drop_off_values, fill, shop_values

if TYPE_CHECKING:
    from models.customer import Customer
    from models.shop import Shop

KEY = "after_hours"
SOMEBODY_IS_THERE = timedelta(hours=2)  # since somebody of the shop wrote: they will read this too


def answer_after_hours(shop: "Shop", number: str, customer: "Customer | None") -> Message | None:
    """Say when the shop opens next; None where it is open, nobody agreed, a person has to decide first, or somebody is there anyway."""
    opens = next_opening(shop)
    if not shop.location.answers_after_hours or opens is None or opens <= clock.now():
        return None
    once = f"{KEY}:{shop.id}:{number}:{opens:%Y%m%d%H%M}"  # the night is told by the morning after it
    if not Consent.may_text(shop, number) or StopAlarm.rings(shop, number) or _somebody_is_there(shop, number) or Message.keyed(once):
        return None
    language = (customer.language if customer else None) or shop.language
    values = {**shop_values(shop), "reads": reads_words(shop, opens, language)}
    body = fill(MessageTemplate.of(shop, KEY, "text", language), values).body
    return Message.reply(shop, number, KEY, body, once_key=once, language=language, customer=customer)


def next_opening(shop: "Shop") -> datetime | None:
    """When somebody is there to read: now, if the shop is open; None: not within sixty days."""
    now = clock.now()
    return next((begins for begins, _ends in OpenTime(shop).spans(now, now + HORIZON)), None)


def reads_words(shop: "Shop", opens: datetime, language: str) -> str:
    """The day and the hour, in characters that every phone has."""
    local = shop.local(opens)
    values = drop_off_values(shop, local.date(), local.time(), language, "text")
    return f"{values['date']} {values['time']}"


def _somebody_is_there(shop: "Shop", number: str) -> bool:
    typed = select(Message.id).where(Message.shop_id == shop.id, Message.address == number, Message.kind == "typed")
    return db.session.scalar(typed.where(Message.created_at > clock.now() - SOMEBODY_IS_THERE).limit(1)) is not None
