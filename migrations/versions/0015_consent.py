"""consent: remarks beside it, who the shop has introduced itself to, privacy notice and messaging terms"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("consent_facts", sa.Column("remark", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "introductions",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_introductions_message_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_introductions_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_introductions_shop_id_number")),
    )
    op.create_index(op.f("ix_introductions_message_id"), "introductions", ["message_id"])
    op.create_index(op.f("ix_introductions_shop_id"), "introductions", ["shop_id"])
    # who has had texts from the shop knows it already
    op.execute(
        "INSERT INTO introductions (shop_id, number, message_id, at) "
        "SELECT shop_id, address, MIN(id), MIN(sent_at) FROM messages "
        "WHERE channel = 'text' AND direction = 'out' AND sent_at IS NOT NULL AND state <> 'failed' "
        "AND kind NOT IN ('stop_reply', 'help_reply', 'start_reply') GROUP BY shop_id, address"
    )
    op.create_table(
        "notices",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_notices_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("shop_id", "kind", "language", "version", name=op.f("uq_notices_shop_id_kind_language_version")),
    )
    op.create_index(op.f("ix_notices_shop_id"), "notices", ["shop_id"])
