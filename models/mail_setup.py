"""What e-mail needs to arrive, and how far this shop has come: the checklist of Settings, E-mail."""

from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from models.actor import Actor
from models.entry import record
from models.mail_domain import ANYBODYS, SELECTOR, domain_of
from models.refused import Refused
from models.setup_check import MAIL, Finding, SetupCheck
from models.setup_item import Mark, SetupItem
from models.shop import Shop


def change_selector(shop: Shop, typed: str, *, by: Actor) -> None:
    """Raises Refused: no name that DNS could hold."""
    selector = typed.strip().lower().removesuffix("._domainkey")
    if selector and not SELECTOR.fullmatch(selector):
        raise Refused(_("A selector is a short name of letters and digits, like s1 or google."), field="dkim_selector")
    shop.location.dkim_selector = selector
    record(shop.location, "mail_setup.changed", by)


class MailSetup:
    def __init__(self, shop: Shop) -> None:
        self.shop, self.check = shop, SetupCheck.newest(shop, MAIL)
        self.domain = domain_of(shop.email)

    @property
    def items(self) -> list[SetupItem]:
        return [self._server(), self._sender(), self._spf(), self._dkim(), self._dmarc()]

    @property
    def server(self) -> str:
        """Host of the mail server, as the operator gave it."""
        return urlsplit(current_app.extensions["settings"].smtp_url).hostname or ""

    def _found(self, step: str) -> Finding:
        return (self.check.found(step) if self.check else None) or Finding(step, "unchecked")

    def _server(self) -> SetupItem:
        title, found = _("The mail server"), self._found("server")
        ask = _("Ask the operator of this installation: it is set by SMTP_URL.")
        if not self.server:
            return SetupItem("server", Mark.missing, title, _("There is none, so no e-mail can go out."), ask)
        answers: dict[str, tuple[Mark, str, str]] = {
            "good": (Mark.good, _("%(host)s answers, and its certificate can be trusted.", host=self.server), ""),
            "plain": (Mark.wrong, _("%(host)s answers, but without encryption: others can read along.", host=self.server), ask),
            "here": (Mark.good, _("%(host)s answers. It is on this machine, so nothing needs to be encrypted.", host=self.server), ""),
            "unreachable": (Mark.wrong, _("%(host)s does not answer.", host=self.server), ask),
            "certificate": (Mark.wrong, _("The certificate of %(host)s can't be trusted, so nothing is sent.", host=self.server), ask),
            "mail_setup": (Mark.wrong, _("%(host)s refuses our sign-in, or speaks no encryption.", host=self.server), ask),
        }
        unchecked = Mark.unchecked, _("%(host)s: nobody has tried yet whether it answers.", host=self.server), _("Check it.")
        return SetupItem("server", *self._marked(title, answers.get(found.code, unchecked)))

    def _sender(self) -> SetupItem:
        title, change = _("The address that mails come from"), _("Type it under Settings, Shop: Email.")
        if not self.domain:
            return SetupItem("sender", Mark.missing, title, _("There is none, so no e-mail can go out."), change)
        if self.domain in ANYBODYS:
            words = _("%(address)s is at a provider for everybody. Mail that we send in its name looks forged.", address=self.shop.email)
            return SetupItem("sender", Mark.wrong, title, words, _("Use an address at a domain of your own."))
        return SetupItem("sender", Mark.good, title, _("Mails come from %(address)s, and answers go there.", address=self.shop.email))

    def _spf(self) -> SetupItem:
        found, title = self._found("spf"), _("SPF: who may send for %(domain)s", domain=self.domain or "…")
        one = _("At whoever keeps your domain, see that one TXT record names your mail provider, which says what to write. For example:")
        example = f'{self.domain} TXT "v=spf1 include:{_provider(self.server)} ~all"'
        answers = {
            "good": (Mark.good, _("There is a record. Your mail provider must be named in it: a test mail shows."), "", found.note),
            "none": (Mark.missing, _("There is no record: mailboxes doubt mail that could come from anybody."), one, example),
            "several": (Mark.wrong, _("There are several records. Mailboxes then believe none."), _("Put them into one."), found.note),
            "everybody": (
                Mark.wrong,
                _("It lets everybody send in your name."),
                _("End it with ~all in place of +all."),
                found.note,
            ),
            "open": (Mark.advised, _("The record does not say what to do with others."), _("End it with ~all."), found.note),
        }
        return self._of_domain("spf", title, answers, found)

    def _dkim(self) -> SetupItem:
        found, selector = self._found("dkim"), self.shop.location.dkim_selector
        title, name = _("DKIM: the signature"), f"{selector}._domainkey.{self.domain}"
        key = _("Your mail provider makes the key. Publish the record that it shows you under this name:")
        if not selector:
            todo = _("Type the selector that your mail provider names, then check.")
            return SetupItem("dkim", Mark.missing, title, _("Not known: nobody has said which selector is used."), todo)
        answers = {
            "good": (Mark.good, _("There is a key, so that mailboxes can tell that nobody changed the mail."), "", name),
            "none": (Mark.missing, _("There is no key under this selector."), key, name),
            "withdrawn": (Mark.wrong, _("The key was withdrawn: its record is empty."), key, name),
        }
        return self._of_domain("dkim", title, answers, found)

    def _dmarc(self) -> SetupItem:
        found, title = self._found("dmarc"), _("DMARC: what to do with forgeries")
        begin = _("Begin by watching: publish this as a TXT record. Reports of who sends in your name come to the address in it.")
        example = f'_dmarc.{self.domain} TXT "v=DMARC1; p=none; rua=mailto:{self.shop.email}"'
        stricter = _("Once the reports show that all your own mail passes, go on to p=quarantine.")
        answers = {
            "good": (Mark.good, _("Mailboxes are told to keep forgeries away."), "", found.note),
            "watching": (Mark.advised, _("Forgeries are reported, not kept away. That is enough to be let in."), stricter, found.note),
            "none": (Mark.missing, _("There is no record. Gmail, Yahoo and Outlook ask for one."), begin, example),
            "several": (Mark.wrong, _("There are several records. Mailboxes then believe none."), _("Put them into one."), found.note),
            "broken": (Mark.wrong, _("The record names no policy that is known."), begin, example),
        }
        return self._of_domain("dmarc", title, answers, found)

    def _of_domain(self, key: str, title: str, answers: dict[str, tuple[Mark, str, str, str]], found: Finding) -> SetupItem:
        """What DNS said, or that it said nothing yet."""
        if not self.domain:
            return SetupItem(key, Mark.unchecked, title, _("There is no sender's address yet, so no domain to look at."))
        if found.code in answers:
            mark, words, todo, exact = answers[found.code]
            return SetupItem(key, mark, title, words, todo, exact)
        if found.code == "silent":
            return SetupItem(key, Mark.unchecked, title, _("DNS did not answer when we looked."), _("Check again in a minute."))
        return SetupItem(key, Mark.unchecked, title, _("Nobody has looked yet."), _("Check it."))

    @staticmethod
    def _marked(title: str, answer: tuple[Mark, str, str]) -> tuple[Mark, str, str, str]:
        mark, words, todo = answer
        return mark, title, words, todo


def _provider(host: str) -> str:
    """Of a mail server's name the part that its owner's records probably stand under."""
    return ".".join(host.split(".")[-2:]) if host.count(".") and not host.replace(".", "").isdigit() else "mail-provider.example"
