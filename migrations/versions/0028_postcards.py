"""postcards: batches that are printed together, their cards and their PDFs"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "postcard_batches",
        sa.Column("size", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_by", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_postcard_batches_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postcard_batches")),
    )
    op.create_index(op.f("ix_postcard_batches_shop_id"), "postcard_batches", ["shop_id"])
    op.create_index("ix_postcard_batches_open", "postcard_batches", ["posted_at", "looked_at"])
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("postcard_batch_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("card_number", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_letters_postcard_batch_id"), "postcard_batches", ["postcard_batch_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_letters_postcard_batch_id_card_number"), ["postcard_batch_id", "card_number"])
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("postcard_batch_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_documents_postcard_batch_id"), ["postcard_batch_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_documents_postcard_batch_id"), "postcard_batches", ["postcard_batch_id"], ["id"])
    with op.batch_alter_table("locations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("postcard_size", sa.String(), server_default="", nullable=False))
