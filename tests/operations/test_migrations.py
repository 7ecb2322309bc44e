"""The migrations lead to the tables that the models describe."""

import os
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from models import db, message_search


def test_a_migrated_database_is_what_the_models_describe(app: Flask) -> None:
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "render_as_batch": True, "include_object": message_search.is_declared}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, db.metadata) == []


def test_the_operators_command_brings_a_new_database_to_the_newest_revision(tmp_path: Path) -> None:
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db"]
    subprocess.run([*command, "upgrade"], env=environ, check=True, capture_output=True)
    assert "(head)" in subprocess.run([*command, "current"], env=environ, check=True, capture_output=True, text=True).stdout
