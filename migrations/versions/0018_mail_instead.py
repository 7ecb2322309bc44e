"""messages: an e-mail knows the text that it goes instead of"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'


def upgrade() -> None:
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('instead_of_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_messages_instead_of_id'), ['instead_of_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_messages_instead_of_id'), 'messages', ['instead_of_id'], ['id'])
