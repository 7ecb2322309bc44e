"""``flask --app wsgi tick --at``: a moment that is to come is for the demo; elsewhere its letters would really go."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask

from models import Message, Shop, clock, db
from tests.ground.databases import entered
from tests.ground.letters import a_letter_shop, a_visit, set_days
from tests.ground.makers import a_customer

pytestmark = pytest.mark.one_database

LIVE = {"DEMO": "0", "SMTP_URL": "smtp://127.0.0.1:9", "PRINT_API_BASE": "http://127.0.0.1:9", "TWILIO_API_BASE": "http://127.0.0.1:9"}


@pytest.fixture
def shop(app: Flask) -> Shop:
    """A visit of today, thanked for in three days."""
    shop = a_letter_shop()
    a_visit(shop, shop.today(), a_customer(shop))
    set_days(shop, thank_you=3)
    return shop


def ticked(app: Flask, moment: datetime, *more: str) -> Result:
    db.session.commit()
    with entered(app):
        return app.test_cli_runner().invoke(args=["tick", "--at", moment.isoformat(), *more])


def letters() -> int:
    return db.session.query(Message).filter_by(kind="thank_you").count()


def in_a_week() -> datetime:
    return clock.now() + timedelta(days=7)


def test_a_moment_to_come_is_refused_in_business_and_nothing_goes(shop: Shop, make_app: Callable[..., Flask]) -> None:
    refused = ticked(make_app(**LIVE), in_a_week())
    assert refused.exit_code == 2
    assert "is still to come, and this is no demo" in refused.stderr
    assert "flask --app wsgi forecast" in refused.stderr
    assert letters() == 0


def test_who_says_really_gets_it(shop: Shop, make_app: Callable[..., Flask]) -> None:
    assert ticked(make_app(**LIVE), in_a_week(), "--really").exit_code == 0
    assert letters() == 1


def test_what_is_past_can_be_caught_up_with_in_business(shop: Shop, make_app: Callable[..., Flask]) -> None:
    assert ticked(make_app(**LIVE), clock.now() - timedelta(hours=1)).exit_code == 0
    assert ticked(make_app(**LIVE), clock.now()).exit_code == 0


def test_the_demo_takes_any_moment(app: Flask, shop: Shop) -> None:
    assert ticked(app, in_a_week()).exit_code == 0
    assert letters() == 1
