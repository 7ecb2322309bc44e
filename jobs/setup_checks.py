"""Look at a shop's set-up from outside, and keep each finding as soon as it is there, so that whoever waits sees it come."""

from collections.abc import Callable, Iterator
from functools import partial

import structlog

from jobs import exports
from jobs.gateways import domain_names, ftp, mail, own_hosts, print_service, text_setup, texts
from models import ExportSetup, Partner, PrintService, SetupCheck, db, mail_domain
from models.mail_setup import MailSetup
from models.setup_check import FTP, HOST, MAIL, PRINT, TEXTING, Finding
from models.texting_setup import TextingSetup

log = structlog.get_logger()


def run(check_id: int) -> None:
    """Doing it twice finds the same twice."""
    check = db.session.get(SetupCheck, check_id)
    if check is None or not check.is_running:
        return
    if not check.is_given_up:
        try:
            for finding in LOOKS[check.kind](check):
                check.note(finding)
                db.session.commit()
        except Exception:  # whatever an outside party answers: the person who waits is told that it is not known
            log.exception("set-up not checked", check=check_id)
            db.session.rollback()
    check.finish()
    db.session.commit()


def _texting(check: SetupCheck) -> Iterator[Finding]:
    sought = text_setup.sought_by(check, TextingSetup(check.shop).webhook_address)
    db.session.commit()  # no transaction is open while others are asked
    try:
        yield from text_setup.look(sought)
    finally:
        texts.hang_up()


def _mail(check: SetupCheck) -> Iterator[Finding]:
    domain, selector = MailSetup(check.shop).domain, check.shop.location.dkim_selector
    db.session.commit()
    yield Finding("server", mail.reach())
    if not domain:
        return
    yield _asked("spf", lambda: mail_domain.spf(domain_names.texts_of(domain)))
    if selector:
        yield _asked("dkim", lambda: mail_domain.dkim(domain_names.texts_of(f"{selector}._domainkey.{domain}")))
    yield _asked("dmarc", lambda: _dmarc(domain))


def _dmarc(domain: str) -> Finding:
    found = Finding("dmarc", "none")
    for name in mail_domain.above(domain):
        found = mail_domain.dmarc(domain_names.texts_of(f"_dmarc.{name}"))
        if found.code != "none":
            break
    return found


def _host(check: SetupCheck) -> Iterator[Finding]:
    name = check.shop.own_host.name if check.shop.own_host else ""
    db.session.commit()
    if name:
        yield from own_hosts.look(name)


def _print(check: SetupCheck) -> Iterator[Finding]:
    service = PrintService.of(check.shop)
    account = service.account if service else None
    db.session.commit()
    if account:
        yield print_service.look(account)
        print_service.hang_up()


def _ftp(partner: Partner, check: SetupCheck) -> Iterator[Finding]:
    """As a night's file goes, with a tiny one that is taken away again."""
    setup, step = ExportSetup.of(check.shop, partner), "server"
    try:
        place = exports.place_of(setup)
        db.session.commit()
        for done in ftp.try_out(place, f"wrenchline-test-{check.id}.txt"):
            step, found = _FTP_STEPS[done]
            if found:
                yield found
    except ftp.NotTaken as problem:
        db.session.rollback()
        yield Finding(step, problem.code, problem.said)


def _asked(step: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except domain_names.Silent:
        return Finding(step, "silent")


# where a trial is after each step, and what that tells
_FTP_STEPS: dict[str, tuple[str, Finding | None]] = {
    ftp.SECURED: ("directory", Finding("server", "good", "secured")),
    ftp.IN_CLEAR: ("directory", Finding("server", "good", "in_clear")),
    ftp.ENTERED: ("file", Finding("directory", "good")),
    ftp.UPLOADED: ("file", None),
    ftp.RENAMED: ("file", None),
    ftp.REMOVED: ("file", Finding("file", "good")),
    ftp.LEFT: ("file", Finding("file", "good", "left")),
}
LOOKS: dict[str, Callable[[SetupCheck], Iterator[Finding]]] = {TEXTING: _texting, MAIL: _mail, HOST: _host, PRINT: _print}
LOOKS |= {kind: partial(_ftp, partner) for partner, kind in FTP.items()}
