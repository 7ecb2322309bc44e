"""inspections: what was found at each point of a sheet, its pictures, and the work items that came of it"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "inspections",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("sheet_name", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.String(), nullable=False),
        sa.Column("taken_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_on_by", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_inspections_work_order_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["inspection_sheets.id"], name=op.f("fk_inspections_sheet_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_inspections_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("work_order_id", name=op.f("uq_inspections_work_order_id")),
    )
    op.create_index(op.f("ix_inspections_shop_id"), "inspections", ["shop_id"])
    op.create_table(
        "findings",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("section", "name", "measure", "unit")),
        sa.Column("reading", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("ok", "recommended", "necessary")),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("item_version", sa.Integer(), nullable=True),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_findings_inspection_id")),
        sa.ForeignKeyConstraint(["point_id"], ["inspection_points.id"], name=op.f("fk_findings_point_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["findings.id"], name=op.f("fk_findings_lead_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_findings_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    for column in ("inspection_id", "point_id", "lead_id", "shop_id"):
        op.create_index(op.f(f"ix_findings_{column}"), "findings", [column])
    op.create_table(
        "inspection_changes",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_changes_inspection_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_inspection_changes_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_changes")),
        sa.UniqueConstraint("inspection_id", "device", "number", name=op.f("uq_inspection_changes_inspection_id_device_number")),
    )
    op.create_index(op.f("ix_inspection_changes_shop_id"), "inspection_changes", ["shop_id"])
    with op.batch_alter_table("work_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("finding_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_work_items_finding_id"), "findings", ["finding_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_work_items_finding_id"), ["finding_id"])
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        for column, table in (("finding_id", "findings"), ("item_id", "work_items")):
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_attachments_{column}"), [column], unique=False)
            batch_op.create_foreign_key(batch_op.f(f"fk_attachments_{column}"), table, [column], ["id"])
