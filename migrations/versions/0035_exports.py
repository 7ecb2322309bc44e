"""exports: what is handed over to other companies each night"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table('export_agreements',
    sa.Column('partner', sa.Enum('carfax', 'customerlink', 'mechanicnet', name='partner', native_enum=False, length=20), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('ip', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_export_agreements_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_agreements'))
    )
    with op.batch_alter_table('export_agreements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_agreements_shop_id'), ['shop_id'], unique=False)

    op.create_table('export_setups',
    sa.Column('partner', sa.Enum('carfax', 'customerlink', 'mechanicnet', name='partner', native_enum=False, length=20), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('profile_kept', sa.JSON(), nullable=False),
    sa.Column('on_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('on_by', sa.String(), nullable=False),
    sa.Column('next_day', sa.Date(), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivery', sa.String(), server_default='keep', nullable=False),
    sa.Column('server', sa.String(), server_default='', nullable=False),
    sa.Column('port', sa.Integer(), server_default='21', nullable=False),
    sa.Column('user_name', sa.String(), server_default='', nullable=False),
    sa.Column('sealed_password', sa.String(), server_default='', nullable=False),
    sa.Column('directory', sa.String(), server_default='', nullable=False),
    sa.Column('passive', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('needs_tls', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('tls_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_export_setups_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_setups')),
    sa.UniqueConstraint('shop_id', 'partner', name=op.f('uq_export_setups_shop_id_partner'))
    )
    with op.batch_alter_table('export_setups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_setups_next_at'), ['next_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_setups_shop_id'), ['shop_id'], unique=False)

    op.create_table('export_runs',
    sa.Column('partner', sa.Enum('carfax', 'customerlink', 'mechanicnet', name='partner', native_enum=False, length=20), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('planned', 'ready', 'sending', 'delivered', 'kept', 'empty', 'failed', 'cancelled', name='exportstate', native_enum=False, length=20), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('records', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('temporary', sa.String(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('secured', sa.Boolean(), nullable=True),
    sa.Column('where', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.Column('said', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_export_runs_file_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_export_runs_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_runs')),
    sa.UniqueConstraint('shop_id', 'partner', 'day', 'edition', name=op.f('uq_export_runs_shop_id_partner_day_edition'))
    )
    with op.batch_alter_table('export_runs', schema=None) as batch_op:
        batch_op.create_index('ix_export_runs_due', ['state', 'next_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_runs_shop_id'), ['shop_id'], unique=False)

    op.create_table('export_opt_outs',
    sa.Column('vehicle_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_export_opt_outs_shop_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_export_opt_outs_vehicle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_opt_outs')),
    sa.UniqueConstraint('vehicle_id', name=op.f('uq_export_opt_outs_vehicle_id'))
    )
    with op.batch_alter_table('export_opt_outs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_opt_outs_shop_id'), ['shop_id'], unique=False)

    op.create_table('export_records',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=False),
    sa.Column('closing_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.Integer(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['closing_id'], ['closings.id'], name=op.f('fk_export_records_closing_id')),
    sa.ForeignKeyConstraint(['run_id'], ['export_runs.id'], name=op.f('fk_export_records_run_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_export_records_shop_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_export_records_vehicle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_records'))
    )
    with op.batch_alter_table('export_records', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_records_closing_id'), ['closing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_records_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_records_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_records_vehicle_id'), ['vehicle_id'], unique=False)

    op.create_table('held_rows',
    sa.Column('partner', sa.Enum('carfax', 'customerlink', 'mechanicnet', name='partner', native_enum=False, length=20), nullable=False),
    sa.Column('closing_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.Integer(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(), nullable=False),
    sa.Column('sent_with', sa.Date(), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['closing_id'], ['closings.id'], name=op.f('fk_held_rows_closing_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_held_rows_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_rows')),
    sa.UniqueConstraint('partner', 'closing_id', 'item', name=op.f('uq_held_rows_partner_closing_id_item'))
    )
    with op.batch_alter_table('held_rows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_held_rows_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index('ix_held_rows_waiting', ['shop_id', 'sent_with'], unique=False)

    with op.batch_alter_table('closings', schema=None) as batch_op:
        batch_op.create_index('ix_closings_at', ['shop_id', 'at'], unique=False)

    with op.batch_alter_table('locations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tells_exports', sa.Boolean(), server_default=sa.false(), nullable=False))
