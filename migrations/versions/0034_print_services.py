"""print services: accounts, orders, cards handed over, what is reported of them, addresses from which cards came back"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table('print_services',
    sa.Column('on', sa.Boolean(), nullable=False),
    sa.Column('api_address', sa.String(), nullable=False),
    sa.Column('sealed_key', sa.String(), nullable=False),
    sa.Column('key_end', sa.String(), nullable=False),
    sa.Column('sealed_secret', sa.String(), nullable=False),
    sa.Column('secret_end', sa.String(), nullable=False),
    sa.Column('shop_code', sa.String(), nullable=False),
    sa.Column('price', sa.Integer(), nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('use_type', sa.String(), nullable=False),
    sa.Column('mail_type', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_print_services_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_services')),
    sa.UniqueConstraint('digest', name=op.f('uq_print_services_digest')),
    sa.UniqueConstraint('shop_id', name=op.f('uq_print_services_shop_id'))
    )
    with op.batch_alter_table('print_services', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_print_services_shop_id'), ['shop_id'], unique=False)

    op.create_table('print_orders',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by', sa.String(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('price', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['postcard_batches.id'], name=op.f('fk_print_orders_batch_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_print_orders_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_orders')),
    sa.UniqueConstraint('batch_id', name=op.f('uq_print_orders_batch_id'))
    )
    with op.batch_alter_table('print_orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_print_orders_shop_id'), ['shop_id'], unique=False)

    op.create_table('printed_cards',
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('price', sa.Integer(), nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('expected_on', sa.Date(), nullable=True),
    sa.Column('said', sa.String(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('former_ids', sa.JSON(), nullable=False),
    sa.Column('withdrawal_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_printed_cards_message_id')),
    sa.ForeignKeyConstraint(['order_id'], ['print_orders.id'], name=op.f('fk_printed_cards_order_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_printed_cards_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_printed_cards')),
    sa.UniqueConstraint('message_id', name=op.f('uq_printed_cards_message_id'))
    )
    with op.batch_alter_table('printed_cards', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_printed_cards_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_printed_cards_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_printed_cards_withdrawal_at'), ['withdrawal_at'], unique=False)

    op.create_table('returned_addresses',
    sa.Column('line', sa.String(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_returned_addresses_message_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_returned_addresses_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_returned_addresses')),
    sa.UniqueConstraint('shop_id', 'line', name=op.f('uq_returned_addresses_shop_id_line'))
    )
    with op.batch_alter_table('returned_addresses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_returned_addresses_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_returned_addresses_shop_id'), ['shop_id'], unique=False)

    op.create_table('print_reports',
    sa.Column('card_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.String(), nullable=False),
    sa.Column('provider_id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('raw', sa.JSON(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('worked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['card_id'], ['printed_cards.id'], name=op.f('fk_print_reports_card_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_print_reports_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_reports')),
    sa.UniqueConstraint('shop_id', 'event_id', name=op.f('uq_print_reports_shop_id_event_id'))
    )
    with op.batch_alter_table('print_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_print_reports_card_id'), ['card_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_print_reports_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_print_reports_worked_at'), ['worked_at'], unique=False)

