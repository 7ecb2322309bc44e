"""stop alarms: what may mean stop, until a person has decided"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    op.create_table('stop_alarms',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_stop_alarms_message_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_stop_alarms_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stop_alarms')),
    sa.UniqueConstraint('message_id', name=op.f('uq_stop_alarms_message_id'))
    )
    with op.batch_alter_table('stop_alarms', schema=None) as batch_op:
        batch_op.create_index('ix_stop_alarms_open', ['shop_id', 'decided_at', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_stop_alarms_shop_id'), ['shop_id'], unique=False)
