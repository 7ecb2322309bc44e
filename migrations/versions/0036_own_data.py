"""own_data: customers' own data as files, erasures on request, and for how long a shop keeps what it has"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

PERIODS = ("words_months", "media_months", "ip_days", "link_days", "raw_days", "export_days", "record_years", "consent_years")


def upgrade() -> None:
    op.create_table(
        "retentions",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in PERIODS),
        sa.Column("swept_on", sa.Date(), nullable=True),
        sa.Column("swept", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_retentions_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retentions")),
        sa.UniqueConstraint("shop_id", name=op.f("uq_retentions_shop_id")),
    )
    op.create_table(
        "data_exports",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_data_exports_customer_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_data_exports_file_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_data_exports_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_exports")),
    )
    for column in ("customer_id", "ready_at", "shop_id"):
        op.create_index(op.f(f"ix_data_exports_{column}"), "data_exports", [column])
    op.create_table(
        "erasures",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_not", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_erasures_customer_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["stored_files.id"], name=op.f("fk_erasures_kept_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_erasures_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    for column in ("customer_id", "due_at", "shop_id"):
        op.create_index(op.f(f"ix_erasures_{column}"), "erasures", [column])
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True))
