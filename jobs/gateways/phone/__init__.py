"""The built-in phone: a stand-in for the text provider and the mail server of a development machine or a demo.

It is an outsider. It speaks the provider's HTTP API, sends the webhooks a provider sends, catches mail over SMTP and shows all of it
as on a handset; it reads no table of the shop's and imports none of its rules. ``install`` puts its pages and API into the web
process; ``python -m jobs.gateways.phone`` is the carrier and the mail catcher; ``serve_alone`` runs all of it for a test.
"""

from flask import Flask

from jobs.gateways.phone import handset, plates, postcards, print_api, twilio_api
from jobs.gateways.phone.alone import Alone, serve_alone
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.store import Message, Store
from settings import Settings

__all__ = ["Alone", "Message", "Phone", "Store", "install", "serve_alone"]


def install(app: Flask, settings: Settings) -> None:
    """Adds /phone to the app. To be called only for development and demo (``settings.demo``).

    Its forms carry no CSRF token, because scripts post to them too; each request must come from this machine instead (``gate``).
    """
    if not settings.demo:
        raise ValueError("The built-in phone belongs to development and demo only.")
    app.extensions["phone"] = Phone(settings, Store(settings.data_dir / "phone.db"))
    app.register_blueprint(handset.bp)
    if csrf := app.extensions.get("csrf"):
        csrf.exempt(handset.bp)
        # a nested blueprint can't be exempted by its name
        of_texts, of_cards = (twilio_api.create, twilio_api.delete, twilio_api.delete_media), (print_api.create, print_api.delete)
        for view in (*of_texts, *of_cards, postcards.happen, postcards.keep_webhook, plates.vin):
            csrf.exempt(view)
