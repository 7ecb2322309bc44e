"""erasure_storage: what the storage is still to get of an erasure; nights' files that an erasure met under way"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    with op.batch_alter_table("erasures") as batch:
        batch.add_column(sa.Column("sealed_record", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("export_runs") as batch:
        batch.add_column(sa.Column("spoiled", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("export_runs") as batch:
        batch.drop_column("spoiled")
    with op.batch_alter_table("erasures") as batch:
        batch.drop_column("stored_at")
        batch.drop_column("sealed_record")
