"""The e-mail about an appointment: the same words in HTML and in plain text, one button, the shop's identity."""

import css_inline
import pytest
from flask import Flask, render_template
from flask_babel import force_locale

from models import Appointment, StoredFile, db
from tests.ground.makers import a_drop_off, a_shop
from tests.portal.forms import Reading
from tests.portal.test_brand import a_logo

pytestmark = pytest.mark.one_database

NOTICES = {"Privacy notice": "privacy", "Messaging terms": "texting"}


def letter(appointment: Appointment, kind: str = "html", **more: str) -> str:
    context = {
        "shop": appointment.shop,
        "customer": appointment.customer,
        "appointment": appointment,
        "subject": "Please confirm your drop-off",
        "body": "Hi Maria,\n\nplease confirm your drop-off on Tuesday.\n\nThank you",
        "link_url": appointment.visit.link.url,
        "language": "en",
        **more,
    }
    return render_template(f"mail/message.{kind}", **context)


def test_the_letter_has_one_button_and_the_shops_name_address_and_phone(app: Flask) -> None:
    drop_off = a_drop_off(a_shop())
    page = Reading(letter(drop_off))
    foot = {name: f"http://localhost/p/harbour/{kind}?lang=en" for name, kind in NOTICES.items()}
    assert page.links == {"Open": drop_off.visit.link.url, "(312) 555-0100": "tel:+13125550100", **foot}
    assert "please confirm your drop-off on Tuesday." in page.text
    assert "Harbour Street Garage 12 Harbour Street, Chicago, IL 60601" in page.text


def test_the_plain_text_says_the_same(app: Flask) -> None:
    drop_off = a_drop_off(a_shop())
    text = letter(drop_off, "txt")
    assert text.startswith("Hi Maria,\n\nplease confirm your drop-off on Tuesday.\n\nThank you\n\n")
    assert f"Open: {drop_off.visit.link.url}\n" in text
    foot = "".join(f"\n{name}: http://localhost/p/harbour/{kind}?lang=en" for name, kind in NOTICES.items())
    assert text.rstrip().endswith(f"Harbour Street Garage\n12 Harbour Street, Chicago, IL 60601\n(312) 555-0100{foot}")


def test_a_letter_to_staff_is_no_customers_business(app: Flask) -> None:
    for kind in ("html", "txt"):
        assert "Privacy notice" not in letter(a_drop_off(a_shop(f"shop-{kind}")), kind, customer="")


def test_the_link_in_the_shops_own_words_becomes_the_button(app: Flask) -> None:
    drop_off = a_drop_off(a_shop())
    words = f"Please confirm: {drop_off.visit.link.url}"
    assert letter(drop_off, body=words).count(drop_off.visit.link.url) == 1
    assert letter(drop_off, "txt", body=words).count(drop_off.visit.link.url) == 1


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_a_letter_about_a_cancelled_appointment_has_nothing_to_open(app: Flask, kind: str) -> None:
    assert "Open" not in letter(a_drop_off(a_shop()), kind, link_url="")


def test_the_button_is_in_the_shops_colours_and_keeps_its_dark_mode_after_inlining(app: Flask) -> None:
    shop = a_shop()
    shop.branding.accent = "#f5c400"
    html = css_inline.inline(letter(a_drop_off(shop)), load_remote_stylesheets=False)
    button = html[html.rindex("<a ", 0, html.index(">Open<")) : html.index(">Open<")]
    assert "background: #f5c400" in button
    assert "color: #000000" in button
    assert "prefers-color-scheme: dark" in html


def test_the_logo_is_fetched_from_the_shops_public_address(app: Flask) -> None:
    shop = a_shop()
    shop.branding.logo = StoredFile.keep(shop.id, a_logo(), "image/png", 220, 80)
    db.session.commit()
    assert f'src="http://localhost/brand/harbour-{shop.branding.version}/logo"' in letter(a_drop_off(shop))


@pytest.mark.parametrize(("language", "button"), [("es", "Abrir"), ("nl", "Openen")])
def test_the_letter_speaks_the_customers_language(app: Flask, language: str, button: str) -> None:
    drop_off = a_drop_off(a_shop())
    with force_locale(language):
        html = letter(drop_off, language=language)
    assert f'<html lang="{language}">' in html
    assert Reading(html).links[button] == drop_off.visit.link.url


def test_what_people_wrote_is_text_in_the_letter_and_never_markup(app: Flask) -> None:
    drop_off = a_drop_off(a_shop(name="<b>Bolt</b>"))
    assert "<script>" not in letter(drop_off, body="<script>alert(1)</script>")
    assert "<b>Bolt" not in letter(drop_off)
    assert "<b>Bolt</b>" in letter(drop_off, "txt")
