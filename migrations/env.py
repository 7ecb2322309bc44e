"""Migrations run in one transaction on the app's own database, SQLite by rebuilding tables."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from models import Base, UTCDateTime, message_search


def render_item(kind: str, item: object, autogenerate: object) -> str | bool:
    """Our own column type is a plain instant to the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


with current_app.extensions["migrate"].db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # while a table is rebuilt the old one is dropped: its children must not go with it
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        include_object=message_search.is_declared,
    )
    with context.begin_transaction():
        context.run_migrations()
    message_search.restore(connection)
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA foreign_keys=ON"))
