"""own videos"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "own_videos",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("poster_id", sa.Integer(), nullable=True),
        sa.Column("film_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("original_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["stored_files.id"], name=op.f("fk_own_videos_film_id")),
        sa.ForeignKeyConstraint(["original_id"], ["stored_files.id"], name=op.f("fk_own_videos_original_id")),
        sa.ForeignKeyConstraint(["poster_id"], ["stored_files.id"], name=op.f("fk_own_videos_poster_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_own_videos_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_videos")),
        sa.UniqueConstraint("code", name=op.f("uq_own_videos_code")),
        sa.UniqueConstraint("shop_id", "token", name=op.f("uq_own_videos_shop_id_token")),
    )
    with op.batch_alter_table("own_videos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_videos_original_id"), ["original_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_own_videos_removed_at"), ["removed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_own_videos_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index("ix_own_videos_waiting", ["ready_at", "refused_at"], unique=False)
