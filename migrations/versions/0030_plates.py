"""plates: a plate service's subscription, what was looked up, and VINs that a person has vouched for"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "plate_lookups",
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("found", "none", "refused", "unpaid", "busy", "broken", "silent", "odd", name="outcome", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("vin", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_plate_lookups_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plate_lookups")),
    )
    with op.batch_alter_table("plate_lookups", schema=None) as batch_op:
        batch_op.create_index("ix_plate_lookups_asked", ["shop_id", "asked_at"], unique=False)
        batch_op.create_index("ix_plate_lookups_plate", ["shop_id", "plate"], unique=False)
        batch_op.create_index(batch_op.f("ix_plate_lookups_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "plate_services",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("sealed_key", sa.String(), nullable=False),
        sa.Column("key_end", sa.String(), nullable=False),
        sa.Column("most_a_month", sa.Integer(), nullable=False),
        sa.Column("terms_version", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_plate_services_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plate_services")),
        sa.UniqueConstraint("shop_id", name=op.f("uq_plate_services_shop_id")),
    )
    with op.batch_alter_table("plate_services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plate_services_shop_id"), ["shop_id"], unique=False)

    with op.batch_alter_table("businesses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looks_up_plates", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("vehicles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vin_sure_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("vin_sure_by", sa.String(), server_default="", nullable=False))
