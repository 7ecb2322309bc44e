"""The ceiling of a page: bare Flask and Jinja, the same queries by hand, the same bytes, under the same server.

``gunicorn tests.bench.bare:app`` with BARE_PAGE (its HTML), BARE_QUERIES (statements with their parameters, as JSON) and DATABASE_URL.
"""

import json
import os
from pathlib import Path

from flask import Flask, render_template_string
from flask_compress import Compress
from markupsafe import Markup
from sqlalchemy import create_engine

TEMPLATE = "{% for part in parts %}{{ part }}{% endfor %}"


def _made() -> Flask:
    app = Flask(__name__)
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_STREAMS=False)
    Compress(app)
    engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"), pool_size=10, max_overflow=20)
    page = Path(os.environ["BARE_PAGE"]).read_text()
    queries = [(statement, tuple(values)) for statement, values in json.loads(Path(os.environ["BARE_QUERIES"]).read_text())]

    @app.get("/page")
    def show() -> str:
        with engine.connect() as connection:
            for statement, values in queries:
                connection.exec_driver_sql(statement, values).all()
        return render_template_string(TEMPLATE, parts=[Markup(line) for line in page.splitlines(keepends=True)])

    return app


if "BARE_PAGE" in os.environ:
    app = _made()
