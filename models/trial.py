"""A message to the administrator's own phone or mailbox, to see with one's own eyes that it arrives."""

from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from models import clock, email_address, phone
from models.actor import Actor
from models.base import db
from models.delivery import Delivery
from models.entry import record
from models.message import Message
from models.opt_out import opt_in
from models.refused import Refused
from models.shop import Shop
from models.wording import locale_of

KIND = "trial"
AGREEMENT_VERSION = "trial-2026-11"
LANGUAGE = "en"  # the console's
AGAIN_AFTER = timedelta(seconds=10)  # sooner it must be a slip of the finger
ON_ITS_WAY = frozenset({Delivery.planned, Delivery.queued, Delivery.sending})


def agreement(shop: Shop) -> str:
    """What whoever types a number agrees to, kept with the fact."""
    return _("This is my own phone, and I agree to get texts from %(shop)s on it. Message and data rates may apply.", shop=shop.name)


def text(shop: Shop, typed: str, agreed: bool, *, by: Actor) -> Message:
    """Raises Refused: no number that can get texts, no agreement, or the shop has no number yet."""
    errors = {}
    number = ""
    try:
        number = phone.normalised(typed, shop.country, "trial_number")
        if not phone.textable(number):
            errors["trial_number"] = _("This number can't get texts. Give the one of a mobile phone.")
    except Refused as refused:
        errors["trial_number"] = refused.errors["trial_number"]
    if not agreed:
        errors["trial_agreed"] = _("Without the agreement of whose phone it is, no text may go there, not even this one.")
    if not shop.texting_number:
        errors.setdefault("trial_number", _("The shop has no number for texts yet, so none can go out."))
    if errors:
        raise Refused.at(**errors)
    opt_in(shop, number, source="written", wording=agreement(shop), version=AGREEMENT_VERSION, by=by)
    with force_locale(locale_of(shop, LANGUAGE)):
        body = _(
            "%(shop)s: this is a test. Texts from us reach you. Msg and data rates may apply. Reply STOP to end texts.", shop=shop.name
        )
    return _send(shop, "text", number, "", body, by)


def mail(shop: Shop, typed: str, *, by: Actor) -> Message:
    """Raises Refused: no address, or the shop has none to send from."""
    address = email_address.normalised(typed, "trial_address")
    if not shop.email:
        raise Refused(_("The shop has no address to send from yet."), field="trial_address")
    with force_locale(locale_of(shop, LANGUAGE)):
        subject = _("A test from %(shop)s", shop=shop.name)
        body = _(
            "This is a test that %(who)s asked for. If you read it in your inbox, and not among the junk, e-mails of %(shop)s arrive.",
            who=by.name,
            shop=shop.name,
        )
    return _send(shop, "email", address, subject, body, by)


def newest(shop: Shop, channel: str) -> Message | None:
    mine = select(Message).where(Message.shop_id == shop.id, Message.kind == KIND, Message.channel == channel)
    return db.session.scalars(mine.order_by(Message.id.desc()).limit(1)).first()


def _send(shop: Shop, channel: str, address: str, subject: str, body: str, by: Actor) -> Message:
    """Of two clicks one message goes."""
    shop.lock()
    last = newest(shop, channel)
    if last and last.address == address and (last.state in ON_ITS_WAY or clock.now() - last.created_at < AGAIN_AFTER):
        return last
    message = Message(shop_id=shop.id, shop=shop, channel=channel, kind=KIND, address=address, subject=subject, body=body)
    message.language, message.due_at, message.actor_kind, message.actor_name = LANGUAGE, clock.now(), by.kind, by.name
    db.session.add(message)
    db.session.flush()
    record(message, "trial.sent", by)
    message.submit()
    return message
