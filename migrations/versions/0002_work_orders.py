"""work orders: statuses, stays in them, closings"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "statuses",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("timer", sa.Enum("open", "count_down", "count_up", name="timer", native_enum=False, length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("texts", sa.Boolean(), nullable=False),
        sa.Column("emails", sa.Boolean(), nullable=False),
        sa.Column("customer_words", sa.JSON(), nullable=False),
        sa.Column("asks_reason", sa.Boolean(), nullable=False),
        sa.Column("mechanic_may", sa.Boolean(), nullable=False),
        sa.Column("at_check_in", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_statuses_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statuses")),
    )
    with op.batch_alter_table("statuses", schema=None) as batch_op:
        batch_op.create_index("ix_statuses_shop_position", ["shop_id", "position"])
        batch_op.create_index(batch_op.f("ix_statuses_shop_id"), ["shop_id"])

    op.create_table(
        "status_stays",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("status_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reason_by", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_status_stays_work_order_id")),
        sa.ForeignKeyConstraint(["status_id"], ["statuses.id"], name=op.f("fk_status_stays_status_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_status_stays_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_stays")),
    )
    open_ones = {"sqlite_where": sa.text("left_at IS NULL"), "postgresql_where": sa.text("left_at IS NULL")}
    with op.batch_alter_table("status_stays", schema=None) as batch_op:
        batch_op.create_index("uq_status_stays_now", ["work_order_id"], unique=True, **open_ones)
        batch_op.create_index(batch_op.f("ix_status_stays_work_order_id"), ["work_order_id"])
        batch_op.create_index(batch_op.f("ix_status_stays_status_id"), ["status_id"])
        batch_op.create_index(batch_op.f("ix_status_stays_shop_id"), ["shop_id"])

    op.create_table(
        "closings",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=False),
        sa.Column("odometer", sa.Integer(), nullable=True),
        sa.Column("next_visit_on", sa.Date(), nullable=True),
        sa.Column("next_visit", sa.String(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_closings_work_order_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_closings_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
    )
    with op.batch_alter_table("closings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closings_work_order_id"), ["work_order_id"])
        batch_op.create_index(batch_op.f("ix_closings_shop_id"), ["shop_id"])

    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("concern", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("advisor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("texts", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("emails", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(batch_op.f("fk_work_orders_advisor_id"), "staff_members", ["advisor_id"], ["id"])

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stay_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_messages_stay_id"), ["stay_id"])
        batch_op.create_foreign_key(batch_op.f("fk_messages_stay_id"), "status_stays", ["stay_id"], ["id"])

    with op.batch_alter_table("locations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("orange_percent", sa.Integer(), nullable=False, server_default="20"))
        batch_op.add_column(sa.Column("orange_minutes", sa.Integer(), nullable=False, server_default="10"))
        batch_op.add_column(sa.Column("board_seconds", sa.Integer(), nullable=False, server_default="60"))

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("board_rows", sa.Boolean(), nullable=False, server_default=sa.false()))
