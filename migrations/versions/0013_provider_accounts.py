"""provider_accounts: a shop's own account at the text provider, its token sealed"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table('provider_accounts',
    sa.Column('account_sid', sa.String(), nullable=False),
    sa.Column('service_sid', sa.String(), nullable=False),
    sa.Column('sealed_token', sa.String(), nullable=False),
    sa.Column('token_end', sa.String(), nullable=False),
    sa.Column('token_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed_token_before', sa.String(), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_provider_accounts_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_accounts')),
    sa.UniqueConstraint('shop_id', name=op.f('uq_provider_accounts_shop_id'))
    )
    with op.batch_alter_table('provider_accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_accounts_shop_id'), ['shop_id'], unique=False)

