"""setup_checks: looks at a shop's set-up from outside; with what only a person knows of its texting and mail"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table('setup_checks',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_setup_checks_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setup_checks'))
    )
    with op.batch_alter_table('setup_checks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_setup_checks_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_setup_checks_done_at'), ['done_at'], unique=False)
        batch_op.create_index('ix_setup_checks_newest', ['shop_id', 'kind', 'id'], unique=False)

    with op.batch_alter_table('locations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('registration', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('registered_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('dkim_selector', sa.String(), nullable=False, server_default=''))
