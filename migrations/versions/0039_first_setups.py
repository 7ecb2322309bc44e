"""first_setups: the link by which somebody opens a business in an installation, and how far its first shop has come"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "first_setups",
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=True),
        sa.Column("saved", sa.JSON(), nullable=False),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_first_setups_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_setups")),
        sa.UniqueConstraint("digest", name=op.f("uq_first_setups_digest")),
        sa.UniqueConstraint("shop_id", name=op.f("uq_first_setups_shop_id")),
    )


def downgrade() -> None:
    op.drop_table("first_setups")
