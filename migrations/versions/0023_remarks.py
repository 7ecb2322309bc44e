"""remarks of customers, and the pictures and videos they send with them"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "remarks",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_by", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_remarks_reply_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_remarks_shop_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_remarks_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_remarks_reply_id")),
    )
    op.create_index("ix_remarks_order_read", "remarks", ["work_order_id", "read_at"])
    op.create_index(op.f("ix_remarks_shop_id"), "remarks", ["shop_id"])
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remark_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("shared_by", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_attachments_remark_id"), ["remark_id"])
        batch_op.create_foreign_key(batch_op.f("fk_attachments_remark_id"), "remarks", ["remark_id"], ["id"])
