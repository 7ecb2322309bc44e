"""transfer: tokens of other systems, their own ids, and what they pushed lately"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table('api_tokens',
    sa.Column('system', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('tail', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_from', sa.String(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_api_tokens_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_tokens_digest'))
    )
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_tokens_shop_id'), ['shop_id'], unique=False)

    op.create_table('external_ids',
    sa.Column('system', sa.String(), nullable=False),
    sa.Column('noun', sa.String(), nullable=False),
    sa.Column('external_id', sa.String(), nullable=False),
    sa.Column('our_id', sa.Integer(), nullable=True),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_external_ids_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_ids')),
    sa.UniqueConstraint('shop_id', 'system', 'noun', 'external_id', name=op.f('uq_external_ids_shop_id_system_noun_external_id'))
    )
    with op.batch_alter_table('external_ids', schema=None) as batch_op:
        batch_op.create_index('ix_external_ids_ours', ['shop_id', 'noun', 'our_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_ids_shop_id'), ['shop_id'], unique=False)

    op.create_table('transfer_pushes',
    sa.Column('token_id', sa.Integer(), nullable=False),
    sa.Column('noun', sa.String(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('faults', sa.JSON(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_transfer_pushes_shop_id')),
    sa.ForeignKeyConstraint(['token_id'], ['api_tokens.id'], name=op.f('fk_transfer_pushes_token_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer_pushes'))
    )
    with op.batch_alter_table('transfer_pushes', schema=None) as batch_op:
        batch_op.create_index('ix_transfer_pushes_at', ['shop_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_transfer_pushes_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_transfer_pushes_token_id'), ['token_id'], unique=False)
