"""overviews: versions, answers, receipts, thumbs, what was put off"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table('overview_rules',
    sa.Column('prices', sa.String(length=20), nullable=False),
    sa.Column('may_decline', sa.Boolean(), nullable=False),
    sa.Column('may_decline_necessary', sa.Boolean(), nullable=False),
    sa.Column('may_put_off', sa.Boolean(), nullable=False),
    sa.Column('risk_words', sa.JSON(), nullable=False),
    sa.Column('tolerance_percent', sa.Integer(), nullable=False),
    sa.Column('tolerance_amount', sa.Integer(), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_overview_rules_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overview_rules')),
    sa.UniqueConstraint('shop_id', name=op.f('uq_overview_rules_shop_id'))
    )
    with op.batch_alter_table('overview_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_overview_rules_shop_id'), ['shop_id'], unique=False)

    op.create_table('oral_authorisations',
    sa.Column('work_order_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_oral_authorisations_shop_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_oral_authorisations_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oral_authorisations'))
    )
    with op.batch_alter_table('oral_authorisations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_oral_authorisations_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_oral_authorisations_work_order_id'), ['work_order_id'], unique=False)

    op.create_table('overviews',
    sa.Column('work_order_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('to_name', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('terms_kept', sa.JSON(), nullable=False),
    sa.Column('rules_kept', sa.JSON(), nullable=False),
    sa.Column('checked_ok', sa.JSON(), nullable=False),
    sa.Column('taken_out', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('prices_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('prices_told_by', sa.String(), nullable=False),
    sa.Column('draft', sa.JSON(), nullable=False),
    sa.Column('draft_comment', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_overviews_message_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_overviews_shop_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_overviews_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overviews')),
    sa.UniqueConstraint('work_order_id', 'key', name=op.f('uq_overviews_work_order_id_key')),
    sa.UniqueConstraint('work_order_id', 'version', name=op.f('uq_overviews_work_order_id_version'))
    )
    with op.batch_alter_table('overviews', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_overviews_message_id'), ['message_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_overviews_shop_id'), ['shop_id'], unique=False)

    op.create_table('deferred_items',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=False),
    sa.Column('work_order_id', sa.Integer(), nullable=False),
    sa.Column('work_item_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_odometer', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_deferred_items_customer_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_deferred_items_shop_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_deferred_items_vehicle_id')),
    sa.ForeignKeyConstraint(['work_item_id'], ['work_items.id'], name=op.f('fk_deferred_items_work_item_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_deferred_items_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deferred_items'))
    )
    with op.batch_alter_table('deferred_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deferred_items_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deferred_items_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deferred_items_vehicle_id'), ['vehicle_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deferred_items_work_item_id'), ['work_item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deferred_items_work_order_id'), ['work_order_id'], unique=False)

    op.create_table('overview_items',
    sa.Column('overview_id', sa.Integer(), nullable=False),
    sa.Column('work_item_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('measured', sa.String(), nullable=False),
    sa.Column('limit', sa.String(), nullable=False),
    sa.Column('excluding', sa.BigInteger(), nullable=True),
    sa.Column('tax', sa.BigInteger(), nullable=True),
    sa.Column('including', sa.BigInteger(), nullable=True),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('pictures', sa.JSON(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('news', sa.JSON(), nullable=False),
    sa.Column('was', sa.BigInteger(), nullable=True),
    sa.Column('answered_as_id', sa.Integer(), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_as_id'], ['overview_items.id'], name=op.f('fk_overview_items_answered_as_id')),
    sa.ForeignKeyConstraint(['overview_id'], ['overviews.id'], name=op.f('fk_overview_items_overview_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_overview_items_shop_id')),
    sa.ForeignKeyConstraint(['work_item_id'], ['work_items.id'], name=op.f('fk_overview_items_work_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overview_items')),
    sa.UniqueConstraint('overview_id', 'work_item_id', name=op.f('uq_overview_items_overview_id_work_item_id'))
    )
    with op.batch_alter_table('overview_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_overview_items_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_overview_items_work_item_id'), ['work_item_id'], unique=False)

    op.create_table('replies',
    sa.Column('overview_id', sa.Integer(), nullable=False),
    sa.Column('work_order_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('comment', sa.String(), nullable=False),
    sa.Column('statement', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('tax', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('prices', sa.String(length=20), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('ip', sa.String(), nullable=False),
    sa.Column('agent', sa.String(), nullable=False),
    sa.Column('signature_id', sa.Integer(), nullable=True),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('receipt', sa.JSON(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['overview_id'], ['overviews.id'], name=op.f('fk_replies_overview_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_replies_shop_id')),
    sa.ForeignKeyConstraint(['signature_id'], ['stored_files.id'], name=op.f('fk_replies_signature_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_replies_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replies')),
    sa.UniqueConstraint('overview_id', 'key', name=op.f('uq_replies_overview_id_key')),
    sa.UniqueConstraint('work_order_id', 'ordinal', name=op.f('uq_replies_work_order_id_ordinal'))
    )
    with op.batch_alter_table('replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_replies_shop_id'), ['shop_id'], unique=False)

    op.create_table('answers',
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('overview_item_id', sa.Integer(), nullable=False),
    sa.Column('choice', sa.String(length=20), nullable=False),
    sa.Column('months', sa.Integer(), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['overview_item_id'], ['overview_items.id'], name=op.f('fk_answers_overview_item_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_answers_reply_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_answers_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers')),
    sa.UniqueConstraint('overview_item_id', name=op.f('uq_answers_overview_item_id'))
    )
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answers_reply_id'), ['reply_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answers_shop_id'), ['shop_id'], unique=False)

    op.create_table('authorisations',
    sa.Column('work_order_id', sa.Integer(), nullable=False),
    sa.Column('work_item_id', sa.Integer(), nullable=False),
    sa.Column('up', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('batch', sa.String(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=True),
    sa.Column('oral_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answers.id'], name=op.f('fk_authorisations_answer_id')),
    sa.ForeignKeyConstraint(['oral_id'], ['oral_authorisations.id'], name=op.f('fk_authorisations_oral_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_authorisations_shop_id')),
    sa.ForeignKeyConstraint(['work_item_id'], ['work_items.id'], name=op.f('fk_authorisations_work_item_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_authorisations_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authorisations'))
    )
    with op.batch_alter_table('authorisations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_authorisations_batch'), ['batch'], unique=False)
        batch_op.create_index('ix_authorisations_order_item', ['work_order_id', 'work_item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_authorisations_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_authorisations_work_item_id'), ['work_item_id'], unique=False)

    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('stored_files', schema=None) as batch_op:
        batch_op.add_column(sa.Column('digest', sa.String(), server_default='', nullable=False))

    with op.batch_alter_table('work_items', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('pinned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('pinned_by', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('started_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('started_by', sa.String(), server_default='', nullable=False))
