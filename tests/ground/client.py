"""A browser without a screen: Flask's test client, with each request in a context of its own as on a real server."""

from contextvars import Context
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import db


class Visitor(FlaskClient):
    """What the test has made is committed before the request, and what it holds is read anew after it.

    Without a context of its own a request would share the test's ``g`` and session, and so the last request's user.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        kwargs.setdefault("base_url", self.application.extensions["settings"].public_base_url)  # under another name nobody answers
        try:
            return Context().run(super().open, *args, **kwargs)
        finally:
            db.session.expire_all()
