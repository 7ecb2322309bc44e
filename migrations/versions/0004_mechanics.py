"""mechanics: inspection sheets, who works on what, parts lists"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "inspection_sheets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("used_for", sa.String(), nullable=False),
        sa.Column("default_of", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["default_of"], ["shops.id"], name=op.f("fk_inspection_sheets_default_of")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_inspection_sheets_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_sheets")),
        sa.UniqueConstraint("default_of", name=op.f("uq_inspection_sheets_default_of")),
    )
    with op.batch_alter_table("inspection_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_sheets_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "inspection_sections",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["inspection_sheets.id"], name=op.f("fk_inspection_sections_sheet_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_inspection_sections_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_sections")),
    )
    with op.batch_alter_table("inspection_sections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_sections_sheet_id"), ["sheet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_sections_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "sheet_imports",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["inspection_sheets.id"], name=op.f("fk_sheet_imports_sheet_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_sheet_imports_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
    )
    with op.batch_alter_table("sheet_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_imports_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "inspection_points",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("reading", sa.Enum("none", "number", "words", "date", name="reading", native_enum=False, length=20), nullable=False),
        sa.Column("ok", sa.String(), nullable=False),
        sa.Column("recommended", sa.String(), nullable=False),
        sa.Column("necessary", sa.String(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column(
            "category", sa.Enum("by_answer", "recommended", "necessary", name="category", native_enum=False, length=20), nullable=False
        ),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["inspection_sections.id"], name=op.f("fk_inspection_points_section_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_inspection_points_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_points")),
    )
    with op.batch_alter_table("inspection_points", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_points_section_id"), ["section_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_points_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("mechanic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mechanic_id"], ["staff_members.id"], name=op.f("fk_assignments_mechanic_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_assignments_shop_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_assignments_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("work_order_id", name=op.f("uq_assignments_work_order_id")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_mechanic_id"), ["mechanic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "part_requests",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("part_number", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("needed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needed_by", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_by", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_part_requests_shop_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_part_requests_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_requests")),
    )
    with op.batch_alter_table("part_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_requests_shop_id"), ["shop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_requests_work_order_id"), ["work_order_id"], unique=False)
