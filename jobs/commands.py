"""The operator's commands: ``flask --app wsgi …``."""

import json
from datetime import UTC, datetime

import click
from flask import Flask, current_app
from sqlalchemy import select

from jobs.backups import backup
from jobs.bounces import bounces
from jobs.restoring import erase_who_came_back, restore
from models import Business, Communication, FirstSetup, Partner, Refused, Shop, clock, db, reading
from models.business_opening import Opening
from models.chain_head import ChainHead
from models.forecast import Forecast

TO_COME = (
    "{moment} is still to come, and this is no demo. Texts, letters and files that are due until then would really go to customers "
    "and other companies, and could not be taken back; the nights until then would count as done. To see what will go, use: "
    "flask --app wsgi forecast. To send it now all the same, add --really."
)


def install(app: Flask) -> None:
    for command in (seed, run_tick, forecast, export, check, seal_logs, erase_again, allow_letters, allow_plates, bounces):
        app.cli.add_command(command)
    for command in (open_business, set_up, backup, restore):
        app.cli.add_command(command)


@click.command("seed")
def seed() -> None:
    """Fill in the demo's shops, people and a month of appointments around today; doing it twice does it once."""
    from jobs.demo import fill

    fill()


@click.command("tick")
@click.option("--at", metavar="ISO-TIME", help="As if it were that moment.")
@click.option("--really", is_flag=True, help="Even though that moment is to come and this is no demo: what it sends is sent.")
def run_tick(at: str | None, really: bool) -> None:
    """Plan and queue everything that is due now, once.

    With --at of a moment to come, letters really go and nights are marked as done: outside the demo that needs --really.
    """
    from jobs.tick import tick, tick_at  # here, since they bring the provider's client, which the web server does without

    if at is None:
        tick()
        return
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as problem:
        raise click.BadParameter(f"{at!r} is no time. Write it like 2026-11-26T09:00:00-06:00.", param_hint="--at") from problem
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > clock.now() and not (really or current_app.extensions["settings"].demo):
        raise click.UsageError(TO_COME.format(moment=moment.isoformat()))
    tick_at(moment)


@click.command("forecast")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 800), help="How far to look.")
@click.option("--shop", "slug", metavar="SLUG", help="Only this shop.")
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for other programs.")
def forecast(days: int, slug: str | None, as_json: bool) -> None:
    """What would go out, to whom, when, and which rules let it or stop it. Changes nothing."""
    with reading():
        shop = Shop.with_slug(slug) if slug else None
        if slug and shop is None:
            raise click.BadParameter(f"There is no shop {slug!r}.", param_hint="--shop")
        lines = Forecast(shop, days).lines
        if as_json:
            click.echo(json.dumps([line.for_others for line in lines], ensure_ascii=False, indent=2))
            return
        for line in lines:
            said = line.for_others
            click.echo(f"{said['at'][:16]}  {said['shop']:12} {said['kind']:10} {said['channel']:6} {said['to']:28} {said['customer']}")
            if not line.allowed:
                click.echo(f"                  will not go: {line.stopped_by}")
        if not lines:
            click.echo("Nothing.")


@click.command("export")
@click.argument("partner", type=click.Choice([partner.value for partner in Partner]))
@click.option("--shop", "slug", metavar="SLUG", required=True, help="Whose visits.")
@click.option("--date", "day", metavar="DATE", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Of which day, like 2026-11-26.")
@click.option("--dry-run", is_flag=True, help="The file on standard output; nothing is kept, nothing is sent.")
def export(partner: str, slug: str, day: datetime, dry_run: bool) -> None:
    """Hand a day's visits over to a company, once; or look at the file."""
    from jobs import exports

    shop = Shop.with_slug(slug)
    if shop is None:
        raise click.BadParameter(f"There is no shop {slug!r}.", param_hint="--shop")
    if dry_run:
        with reading():
            click.echo(exports.file_of(shop, Partner(partner), day.date()), nl=False)
        return
    try:
        done = exports.hand_over(shop, Partner(partner), day.date())
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{done.day} {partner}: {done.state.label}, {done.records} records, {done.file_name} {done.digest} {done.where}".rstrip())
    if done.failure:
        raise click.ClickException(f"{done.failure_words} {done.said}".strip())


@click.command("check")
def check() -> None:
    """Warn of unsafe settings, and of communication logs that are not as they were written. Ends with 1 if something must be changed."""
    from jobs.unsafe_settings import MUST, faults

    with reading():
        found = faults(current_app.extensions["settings"])
    for fault in found:
        click.echo(str(fault))
    must = sum(fault.weight == MUST for fault in found)
    click.echo(f"{must} must be changed, {len(found) - must} should be." if found else "Nothing to change.")
    if must:
        raise SystemExit(1)


@click.command("seal-logs")
def seal_logs() -> None:
    """Seal the communication logs with the present DATA_KEY, after it was changed. A log that does not verify is left as it is."""
    for head in ChainHead.sealed_before():
        shop = db.session.get_one(Shop, head.shop_id)
        if broken := Communication.verify(shop):
            raise click.ClickException(f"{shop.slug}: record {broken.seq}: {broken}. Nothing was sealed.")
        ChainHead.held(shop.id).seal_anew()
        click.echo(f"{shop.slug}: sealed.")
    db.session.commit()


@click.command("erase-again")
def erase_again() -> None:
    """After a backup was restored: erase whom it brought back. Doing it twice does it once."""
    count = erase_who_came_back()
    click.echo(f"{count} erased again." if count else "Nobody was brought back.")


@click.command("allow-letters")
@click.option("--business", prompt=True, help="Name of the business.")
@click.option("--email/--no-email", default=None, help="Follow-up letters by e-mail.")
@click.option("--postcards/--no-postcards", default=None, help="Follow-up letters by post.")
def allow_letters(business: str, email: bool | None, postcards: bool | None) -> None:
    """Enable follow-up letters for a business, or disable them; its shops then switch them on in Settings."""
    owner = _business(business)
    owner.mails_letters = owner.mails_letters if email is None else email
    owner.posts_cards = owner.posts_cards if postcards is None else postcards
    db.session.commit()
    click.echo(f"{business}: e-mail {'on' if owner.mails_letters else 'off'}, postcards {'on' if owner.posts_cards else 'off'}.")


@click.command("allow-plates")
@click.option("--business", prompt=True, help="Name of the business.")
@click.option("--on/--off", "allowed", default=True, show_default=True, help="Whether its shops may look up plates.")
def allow_plates(business: str, allowed: bool) -> None:
    """Enable plate look-up for a business, or disable it; its shops then subscribe, agree to the terms and switch it on in Settings."""
    owner = _business(business)
    owner.looks_up_plates = allowed
    db.session.commit()
    click.echo(f"{business}: plate look-up {'on' if allowed else 'off'}.")


def _business(name: str) -> Business:
    owner = db.session.scalars(select(Business).where(Business.name == name)).first()
    if owner is None:
        raise click.ClickException(f"There is no business {name!r}.")
    return owner


@click.command("open-business")
@click.option("--business", prompt=True, help="Name of the business.")
@click.option("--shop", prompt="Name of its first shop", help="Name of its first shop.")
@click.option("--slug", prompt="Short name of the shop, for addresses", help="Small letters, digits, hyphens.")
@click.option("--zone", prompt="Time zone", default="America/Chicago", show_default=True)
@click.option("--country", prompt=True, default="US", show_default=True)
@click.option("--email", prompt="E-mail address of the administrator")
@click.option("--name", prompt="Name of the administrator")
@click.password_option(help="Of the administrator, 12 characters at least.")
def open_business(business: str, shop: str, slug: str, zone: str, country: str, email: str, name: str, password: str) -> None:
    """Create a business with its first shop and its main administrator."""
    try:
        member = Opening(business, shop, zone, country, name, email, password, slug=slug).carry_out()
        FirstSetup.begin(member.memberships[0].shop)
        db.session.commit()
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{shop} is open. Sign in as {member.email}: Today says what to set up first.")


@click.command("set-up")
@click.option("--once", is_flag=True, help="Only where nobody can sign in yet; else nothing is printed.")
def set_up(once: bool) -> None:
    """Print a link by which one person opens a business and its first shop, as its administrator. It works once, for seven days."""
    if once and not FirstSetup.is_awaited():
        return
    token = FirstSetup.issue()
    db.session.commit()
    click.echo(f"{current_app.extensions['settings'].public_base_url}/console/first-start/{token}")
