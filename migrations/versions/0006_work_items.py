"""work items"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

STANDARD_VAT = {"NL": 21, "BE": 21, "DE": 19, "FR": 20, "ES": 21, "IT": 22, "AT": 20, "IE": 23, "PT": 23, "PL": 23, "GB": 20}
NO_DECIMALS = {"JPY", "KRW", "CLP", "ISK", "HUF"}
PERCENT = 10_000  # percentages are kept with four decimals


def upgrade() -> None:
    op.create_table(
        "prices",
        sa.Column("labour_rate", sa.Integer(), nullable=False),
        sa.Column("supplies_percent", sa.Integer(), nullable=False),
        sa.Column("supplies_cap", sa.Integer(), nullable=True),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("inclusive", sa.Boolean(), nullable=False),
        sa.Column("labour_tax", sa.Integer(), nullable=False),
        sa.Column("part_tax", sa.Integer(), nullable=False),
        sa.Column("supplies_tax", sa.Integer(), nullable=False),
        sa.Column("fee_tax", sa.Integer(), nullable=False),
        sa.Column("sublet_tax", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_prices_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prices")),
        sa.UniqueConstraint("shop_id", name=op.f("uq_prices_shop_id")),
    )
    op.create_index(op.f("ix_prices_shop_id"), "prices", ["shop_id"])
    op.create_table(
        "jobs",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_jobs_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("shop_id", "code", name=op.f("uq_jobs_shop_id_code")),
    )
    op.create_index(op.f("ix_jobs_shop_id"), "jobs", ["shop_id"])
    op.create_table(
        "work_items",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("job_code", sa.String(), nullable=False),
        sa.Column("terms_kept", sa.JSON(), nullable=False),
        sa.Column("discount_percent", sa.Integer(), nullable=True),
        sa.Column("discount_amount", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_work_items_shop_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_orders.id"], name=op.f("fk_work_items_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_items")),
    )
    op.create_index(op.f("ix_work_items_shop_id"), "work_items", ["shop_id"])
    op.create_index(op.f("ix_work_items_work_order_id"), "work_items", ["work_order_id"])
    op.create_table(
        "item_lines",
        sa.Column("work_item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("part_number", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_item_lines_shop_id")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_items.id"], name=op.f("fk_item_lines_work_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_lines")),
    )
    op.create_index(op.f("ix_item_lines_shop_id"), "item_lines", ["shop_id"])
    op.create_index(op.f("ix_item_lines_work_item_id"), "item_lines", ["work_item_id"])
    with op.batch_alter_table("documents") as batch_op:
        batch_op.add_column(sa.Column("work_order_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.String(), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_documents_work_order_id"), "work_orders", ["work_order_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_documents_work_order_id"), ["work_order_id"])
    _price_the_shops_that_are_here()


def _price_the_shops_that_are_here() -> None:
    """As a new shop begins; their catalogues are empty until somebody fills them."""
    connection = op.get_bind()
    prices = sa.table("prices", *(sa.column(name) for name in _begin(0, "US", "USD")))
    for shop_id, country, currency in connection.execute(sa.text("SELECT id, country, currency FROM shops")).all():
        connection.execute(prices.insert().values(_begin(shop_id, country, currency)))


def _begin(shop_id: int, country: str, currency: str) -> dict[str, object]:
    american, unit = country == "US", 1 if currency in NO_DECIMALS else 100
    vat = STANDARD_VAT.get(country, 0) * PERCENT
    taxed, untaxed = (82_500, 0) if american else (vat, vat)
    return {
        "shop_id": shop_id,
        "labour_rate": 145 * unit,
        "supplies_percent": 6 * PERCENT if american else 0,
        "supplies_cap": 35 * unit if american else None,
        "scheme": "sales_tax" if american else "vat",
        "inclusive": not american,
        "labour_tax": untaxed,
        "part_tax": taxed,
        "supplies_tax": taxed,
        "fee_tax": untaxed,
        "sublet_tax": untaxed,
    }
