"""receipts: a document may be the receipt of a reply"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_documents_reply_id"), ["reply_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_documents_reply_id"), "replies", ["reply_id"], ["id"])
