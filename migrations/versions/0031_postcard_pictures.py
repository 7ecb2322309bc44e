"""pictures of postcards for the screen"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "postcard_pictures",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_postcard_pictures_file_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_postcard_pictures_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postcard_pictures")),
        sa.UniqueConstraint("shop_id", "digest", "side", name=op.f("uq_postcard_pictures_shop_id_digest_side")),
    )
    op.create_index(op.f("ix_postcard_pictures_shop_id"), "postcard_pictures", ["shop_id"])
