"""The customer's side: pages behind links, without accounts, that work without JavaScript and better with it."""

from flask import Blueprint, Flask

bp = Blueprint("portal", __name__)


def install(app: Flask) -> None:
    from portal import brand, links, visits  # noqa: F401  (they hang their routes on the blueprint)

    app.register_blueprint(bp)
    app.jinja_env.globals["logo_address"] = brand.logo_address
