"""put_back: what was put off knows the item that it became; what was agreed by word of mouth keeps its labour, parts and total"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    with op.batch_alter_table("deferred_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returned_item_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_deferred_items_returned_item_id"), "work_items", ["returned_item_id"], ["id"])
    with op.batch_alter_table("oral_authorisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("work", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("total", sa.BigInteger(), nullable=False, server_default="0"))
