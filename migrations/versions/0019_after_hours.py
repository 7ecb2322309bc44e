"""locations: whether who writes while the shop is closed is told when it is read"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'


def upgrade() -> None:
    op.add_column("locations", sa.Column("answers_after_hours", sa.Boolean(), nullable=False, server_default=sa.true()))
