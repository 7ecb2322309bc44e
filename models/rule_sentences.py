"""The rules of sending in plain words: what is so where a rule lets a message pass, and what where it stops it."""

from flask_babel import lazy_gettext as _l

from models import phone

_SENTENCES = {
    "shop_number": (_l("The shop has a number for texts."), _l("The shop has no number for texts yet.")),
    "shop_address": (_l("The shop has an e-mail address."), _l("The shop has no e-mail address yet.")),
    "number": (_l("The number can get texts."), _l("The first phone number can't get texts.")),
    "address": (_l("There is an e-mail address."), _l("There is no e-mail address.")),
    "consent": (_l("The customer agreed to texts at this number."), _l("No consent to text this number.")),
    "no_alarm": (
        _l("Nothing the customer wrote waits for a decision."),
        _l("The customer wrote what may mean stop: somebody has to decide first."),
    ),
    "preference": (_l("It is the way the customer prefers."), _l("The customer no longer prefers this way.")),
    "still_stands": (_l("The appointment stands as the message says."), _l("The appointment is over or was changed since.")),
    "phone_preferred": (_l("The customer prefers the phone: somebody calls."), _l("The customer no longer prefers the phone.")),
    "not_confirmed": (_l("Not confirmed yet."), _l("Confirmed already: no call is needed.")),
    "not_skipped": (_l("Nobody skipped it."), _l("Skipped by %(note)s.")),
    "no_open_request": (_l("No reschedule request is open."), _l("The customer asked for another date, and nobody has dealt with it yet.")),
    "not_confirmed_or_wanted": (
        _l("Not confirmed yet, or the shop reminds those who confirmed too."),
        _l("Confirmed already, and the shop does not remind those who confirmed."),
    ),
    "once_a_day": (_l("No other reminder went today."), _l("A reminder went today already.")),
    "quiet_hours": (_l("Outside the quiet hours of the recipient."), _l("Quiet hours of the recipient.")),
    "text_failed": (_l("The text will not arrive: this goes instead."), _l("The text may still arrive.")),
    "mail_not_refused": (_l("Nobody switched e-mail off for this visit."), _l("E-mail was switched off for this visit.")),
    "updates_on": (_l("Updates are on for this visit."), _l("Updates this way are off for this visit.")),
    "last_word": (_l("It is the last that was to be said."), _l("The status was changed or undone since, or the work order was closed.")),
    "newest": (_l("It brings the newest version."), _l("A newer version went instead.")),
    "unanswered": (_l("It waits for an answer."), _l("The customer has answered meanwhile.")),
    "still_new": (_l("The status was set just now."), _l("The status is older than an hour: it is no news any more.")),
    "paper": (_l("The PDF is made."), _l("The PDF is being made, or could not be made: then try once more.")),
    "link_works": (_l("The link in it works."), _l("The link in it was used, was replaced or is too old.")),
    "post": (_l("There is a postal address."), _l("There is no complete postal address.")),
    "post_arrives": (
        _l("No card to this address came back."),
        _l("A card to this address came back: correct it, or say on the customer's page that it is right."),
    ),
    "withdrawn": (_l("Nobody called it off."), _l("Called off by %(note)s.")),
    "letters_on": (_l("Letters of this kind are on."), _l("Letters of this kind were switched off.")),
    "do_not_mail": (_l("Nobody asked for no more letters."), _l("Do Not Mail is set.")),
    "reason": (_l("Its reason stands."), _l("Its reason is gone: a new visit, another date, or the work is done.")),
    "in_time": (_l("It comes in time."), _l("It would come too late to make sense.")),
    "postal_address": (_l("The shop's postal address is known."), _l("The shop's postal address is missing: letters must name it.")),
    "not_bounced": (_l("Mail arrives at this address."), _l("Mail to this address came back, or somebody there complained.")),
    "opted_out": (_l("Not opted out."), _l("The customer opted out of texts after this was written.")),
}


def sentence(rule: str, passed: bool, note: str, country: str) -> str:
    """The rule's result in plain words, with a number as it is written in that country."""
    yes, no = _SENTENCES[rule]
    words, shown = str(yes if passed else no), phone.shown(note, country) if note.startswith("+") else note
    if "%(note)s" in words:
        return words % {"note": shown}
    return f"{words.removesuffix('.')}: {shown}." if shown else words
