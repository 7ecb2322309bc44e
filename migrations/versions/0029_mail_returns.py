"""what comes back of mail: reports as they came, what they say of a message, and the links in letters"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "returned_mails",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_mails")),
        sa.UniqueConstraint("digest", name=op.f("uq_returned_mails_digest")),
    )
    op.create_index(op.f("ix_returned_mails_worked_at"), "returned_mails", ["worked_at"])
    op.create_table(
        "mail_events",
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_mail_events_message_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_mail_events_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_events")),
    )
    op.create_index("ix_mail_events_address", "mail_events", ["shop_id", "address"])
    op.create_index(op.f("ix_mail_events_message_id"), "mail_events", ["message_id"])
    op.create_index(op.f("ix_mail_events_shop_id"), "mail_events", ["shop_id"])
    op.create_table(
        "letter_links",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clicked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_letter_links_message_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_letter_links_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_links")),
        sa.UniqueConstraint("message_id", "purpose", name=op.f("uq_letter_links_message_id_purpose")),
        sa.UniqueConstraint("digest", name=op.f("uq_letter_links_digest")),
    )
    op.create_index(op.f("ix_letter_links_shop_id"), "letter_links", ["shop_id"])
