"""The operator's commands: ``flask --app wsgi …``."""

from datetime import UTC, datetime

import click
from flask import Flask

from jobs.tick import tick, tick_at
from models import Business, Refused, Role, Shop, StaffMember, db


def install(app: Flask) -> None:
    for command in (seed, run_tick, open_business):
        app.cli.add_command(command)


@click.command("seed")
def seed() -> None:
    """Fill in the demo's shops, people and a month of appointments around today; doing it twice does it once."""
    from jobs.demo import fill

    fill()


@click.command("tick")
@click.option("--at", metavar="ISO-TIME", help="As if it were that moment.")
def run_tick(at: str | None) -> None:
    """Plan and queue everything that is due now, once."""
    if at is None:
        tick()
        return
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as problem:
        raise click.BadParameter(f"{at!r} is no time. Write it like 2026-11-26T09:00:00-06:00.", param_hint="--at") from problem
    tick_at(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


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
        owner = Business.open(business)
        location = Shop.open(owner, shop, slug, zone, country=country.upper(), email=email)
        member = StaffMember.add(email, name, Role.administrator, location)
        member.activate(password)
        owner.main_administrator_id = member.id
        db.session.commit()
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{shop} is open. Sign in as {member.email}, then complete Settings: address, phone, texting number, opening hours.")
