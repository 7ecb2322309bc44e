"""A template filled in for a customer who does not exist, so that whoever writes it sees what arrives."""

from datetime import time, timedelta
from typing import TYPE_CHECKING

from models import clock, letter_wording
from models.message_template import MessageTemplate
from models.money import Money, shown
from models.status import Status
from models.wording import Wording, drop_off_values, fill, locale_of, promise_words, shop_values

if TYPE_CHECKING:
    from models.shop import Shop

TOKEN = "example-page-for-maria"  # noqa: S105  opens nothing; as long as a real one, so that segments are counted right
_MARIA = {"first": "Maria", "mailing": "Maria Lopez", "year": "2018", "make": "Honda", "model": "Civic", "plate": "ABC 123"}
_DEFERRED = {"en": "- Wiper blades\n- Coolant", "es": "- Escobillas\n- Refrigerante", "nl": "- Ruitenwissers\n- Koelvloeistof"}
_TOTAL = 52747  # minor units

_BLANKS = {
    "en": {"part": "the brake pads", "reason": "a part came late"},
    "es": {"part": "las pastillas de freno", "reason": "una pieza llegó tarde"},
    "nl": {"part": "de remblokken", "reason": "een onderdeel kwam te laat"},
}


def example_link(shop: "Shop") -> str:
    return f"{shop.base_url}/v/{TOKEN}"


def example(shop: "Shop", template: MessageTemplate) -> Wording:
    """What Maria Lopez would read, were her Civic booked in for nine o'clock tomorrow; the link is as long as a real one."""
    link = example_link(shop)
    at = None if template.key == "appt_remind_nt" else time(9)
    drop_off = drop_off_values(shop, shop.today() + timedelta(days=1), at, template.language, template.channel)
    reads = f"{drop_off['date']} {drop_off['open_time']}"
    if template.is_letter:
        return letter_wording.filled(template, {**_MARIA, **_letter(shop, template.language), **letter_wording.signature(shop)})
    total = shown(Money(_TOTAL, shop.currency), locale_of(shop, template.language))
    known = {**shop_values(shop), **_MARIA, **drop_off, **_status(shop, template)}
    return fill(template, {**known, "reads": reads, "total": total, "link": link})


def _letter(shop: "Shop", language: str) -> dict[str, str]:
    day = letter_wording.day_words(shop.today() + timedelta(days=30), shop, language)
    return {
        "vehicle": "2018 Honda Civic",
        "date": day,
        "last_service": letter_wording.day_words(shop.today() - timedelta(days=90), shop, language),
        "deferred": _DEFERRED[language],
    }


def _status(shop: "Shop", template: MessageTemplate) -> dict[str, str]:
    if not template.is_of_status:
        return {}
    status = Status.with_key(shop.id, template.key).shown_to_customer(template.language)
    ready = clock.instant(shop.today(), time(16), shop.tz)
    return {"status": status, "eta": promise_words(shop, ready, template.language), **_BLANKS[template.language]}
