"""handed_months: for how long a shop keeps its copies of the files that went to other companies"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    with op.batch_alter_table("retentions") as batch:
        batch.add_column(sa.Column("handed_months", sa.Integer(), nullable=False, server_default="12"))


def downgrade() -> None:
    with op.batch_alter_table("retentions") as batch:
        batch.drop_column("handed_months")
