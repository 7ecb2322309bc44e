"""The customer's side: pages behind links, without accounts, that work without JavaScript and better with it."""

from flask import Blueprint

bp = Blueprint("portal", __name__)

from portal import (  # noqa: E402, F401  (they hang their routes on the blueprint)
    brand,
    consents,
    explanations,
    exports,
    letter_links,
    links,
    media,
    notices,
    overviews,
    own_hosts,
    receipts,
    repair_orders,
    subscriptions,
    visits,
)
