"""own_hosts: a shop's own host name for its customers' pages"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table('own_hosts',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('named_by', sa.String(), nullable=False),
    sa.Column('on_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('on_by', sa.String(), nullable=False),
    sa.Column('off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('off_by', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_own_hosts_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_hosts')),
    sa.UniqueConstraint('name', name=op.f('uq_own_hosts_name')),
    sa.UniqueConstraint('shop_id', name=op.f('uq_own_hosts_shop_id'))
    )
    with op.batch_alter_table('own_hosts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_own_hosts_shop_id'), ['shop_id'], unique=False)
