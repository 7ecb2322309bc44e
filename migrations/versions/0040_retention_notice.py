"""retention_notice: periods that nobody has set are announced for thirty days before they count"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    with op.batch_alter_table("retentions") as batch:
        batch.add_column(sa.Column("begins_on", sa.Date(), nullable=True))
    # more goes by them than before: whoever never saved them hears of it first
    retentions = sa.table("retentions", sa.column("shop_id", sa.Integer), sa.column("begins_on", sa.Date))
    entries = sa.table("entries", sa.column("shop_id", sa.Integer), sa.column("verb", sa.String))
    saved = sa.select(entries.c.shop_id).where(entries.c.verb == "retention.changed")
    begins_on = datetime.now(UTC).date() + timedelta(days=30)
    op.execute(retentions.update().where(retentions.c.shop_id.not_in(saved)).values(begins_on=begins_on))


def downgrade() -> None:
    with op.batch_alter_table("retentions") as batch:
        batch.drop_column("begins_on")
