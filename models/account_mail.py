"""The e-mails about an account: to somebody new, and to who forgot the password. The link itself is put in as they go out."""

from typing import TYPE_CHECKING

from flask_babel import force_locale
from flask_babel import gettext as _

from models import clock
from models.actor import Actor
from models.message import Message
from models.moments import moment
from models.wording import locale_of

if TYPE_CHECKING:
    from models.account_link import AccountLink

LANGUAGE = "en"  # the console's


def written(link: "AccountLink", by: Actor) -> Message:
    """The message that is to carry the link, not yet handed to the rules."""
    with force_locale(locale_of(link.shop, LANGUAGE)):
        subject, body = _activation(link, by) if link.purpose == "activation" else _password(link)
    return Message(
        shop_id=link.shop_id,
        shop=link.shop,
        dedupe_key=f"account_link:{link.id}",
        channel="email",
        kind=str(link.purpose),
        address=link.staff_member.email,
        due_at=clock.now(),
        language=LANGUAGE,
        subject=subject,
        body=body,
        actor_kind=by.kind,
        actor_name=by.name,
    )


def button(link: "AccountLink") -> str:
    """What the mail's button says."""
    return _("Choose your password") if link.purpose == "activation" else _("Choose a new password")


def _activation(link: "AccountLink", by: Actor) -> tuple[str, str]:
    member, shop = link.staff_member, link.shop
    body = _(
        "Hello %(name)s,\n\n%(giver)s has added you to the staff of %(shop)s on Wrenchline. Choose a password, and you are in.\n\n"
        "You will sign in as %(email)s.\n\nThe link works once, until %(until)s.",
        name=member.name,
        giver=by.name,
        shop=shop.name,
        email=member.email,
        until=moment(link.expires_at, shop),
    )
    return _("Your account at %(shop)s", shop=shop.name), body


def _password(link: "AccountLink") -> tuple[str, str]:
    member, shop = link.staff_member, link.shop
    body = _(
        "Hello %(name)s,\n\nsomebody, you we hope, asked for a new password for %(email)s on Wrenchline.\n\n"
        "The link works once, until %(until)s.\n\nIf it was not you, leave this e-mail alone: nothing has changed.",
        name=member.name,
        email=member.email,
        until=moment(link.expires_at, shop),
    )
    return _("A new password for Wrenchline"), body
