"""first_loads: files of other systems that are tried and loaded, and what is wrong with their rows"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.create_table('first_loads',
    sa.Column('system', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_by', sa.String(), nullable=False),
    sa.Column('encoding', sa.String(), nullable=False),
    sa.Column('delimiter', sa.String(), nullable=False),
    sa.Column('date_order', sa.String(), nullable=False),
    sa.Column('detected', sa.JSON(), nullable=False),
    sa.Column('headings', sa.JSON(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('stage', sa.Enum('chosen', 'checking', 'checked', 'loading', 'loaded', name='stage', native_enum=False, length=20), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('took', sa.Integer(), nullable=False),
    sa.Column('worked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_by', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_first_loads_file_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_first_loads_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_first_loads'))
    )
    with op.batch_alter_table('first_loads', schema=None) as batch_op:
        batch_op.create_index('ix_first_loads_stage', ['stage'], unique=False)
        batch_op.create_index(batch_op.f('ix_first_loads_shop_id'), ['shop_id'], unique=False)

    op.create_table('load_faults',
    sa.Column('load_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('column', sa.String(), nullable=False),
    sa.Column('typed', sa.String(), nullable=False),
    sa.Column('sentence', sa.String(), nullable=False),
    sa.Column('taken', sa.Boolean(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['load_id'], ['first_loads.id'], name=op.f('fk_load_faults_load_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_load_faults_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_load_faults'))
    )
    with op.batch_alter_table('load_faults', schema=None) as batch_op:
        batch_op.create_index('ix_load_faults_line', ['load_id', 'line'], unique=False)
        batch_op.create_index(batch_op.f('ix_load_faults_shop_id'), ['shop_id'], unique=False)
