"""follow-up letters: rules, letters, who wants none, where mail comes back, and when each customer was last invoiced"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

LAST_INVOICES = """
INSERT INTO last_invoices (shop_id, customer_id, vehicle_id, "on")
SELECT shop_id, customer_id, vehicle_id, invoiced_on FROM (
    SELECT closings.shop_id, visits.customer_id, visits.vehicle_id, closings.invoiced_on,
           row_number() OVER (PARTITION BY visits.customer_id ORDER BY closings.invoiced_on DESC, closings.id DESC) AS place
    FROM closings JOIN work_orders ON work_orders.id = closings.work_order_id JOIN visits ON visits.id = work_orders.visit_id
    WHERE closings.reopened_at IS NULL
) AS newest WHERE place = 1
"""


def upgrade() -> None:
    op.create_table('bounced_addresses',
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('said', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_bounced_addresses_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bounced_addresses')),
    sa.UniqueConstraint('shop_id', 'address', name=op.f('uq_bounced_addresses_shop_id_address'))
    )
    with op.batch_alter_table('bounced_addresses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bounced_addresses_shop_id'), ['shop_id'], unique=False)

    op.create_table('letter_rules',
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('on', sa.Boolean(), nullable=False),
    sa.Column('reminder_1', sa.Integer(), nullable=False),
    sa.Column('reminder_2', sa.Integer(), nullable=False),
    sa.Column('no_show', sa.Integer(), nullable=False),
    sa.Column('thank_you', sa.Integer(), nullable=False),
    sa.Column('deferred', sa.Integer(), nullable=False),
    sa.Column('inactive', sa.Integer(), nullable=False),
    sa.Column('inactive_interval', sa.Integer(), nullable=False),
    sa.Column('dead', sa.Integer(), nullable=False),
    sa.Column('never_stop', sa.Boolean(), nullable=False),
    sa.Column('inactive_through', sa.Date(), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_letter_rules_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_rules')),
    sa.UniqueConstraint('shop_id', 'channel', name=op.f('uq_letter_rules_shop_id_channel'))
    )
    with op.batch_alter_table('letter_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_rules_shop_id'), ['shop_id'], unique=False)

    op.create_table('do_not_mails',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('ip', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_do_not_mails_customer_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_do_not_mails_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_do_not_mails')),
    sa.UniqueConstraint('customer_id', name=op.f('uq_do_not_mails_customer_id'))
    )
    with op.batch_alter_table('do_not_mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_do_not_mails_shop_id'), ['shop_id'], unique=False)

    op.create_table('mail_links',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_mail_links_customer_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_mail_links_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_links')),
    sa.UniqueConstraint('customer_id', name=op.f('uq_mail_links_customer_id')),
    sa.UniqueConstraint('digest', name=op.f('uq_mail_links_digest'))
    )
    with op.batch_alter_table('mail_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_links_shop_id'), ['shop_id'], unique=False)

    op.create_table('last_invoices',
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_last_invoices_customer_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_last_invoices_shop_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_last_invoices_vehicle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_last_invoices')),
    sa.UniqueConstraint('customer_id', name=op.f('uq_last_invoices_customer_id'))
    )
    with op.batch_alter_table('last_invoices', schema=None) as batch_op:
        batch_op.create_index('ix_last_invoices_day', ['shop_id', 'on'], unique=False)
        batch_op.create_index(batch_op.f('ix_last_invoices_shop_id'), ['shop_id'], unique=False)

    op.create_table('letters',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('vehicle_id', sa.Integer(), nullable=True),
    sa.Column('appointment_id', sa.Integer(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=True),
    sa.Column('work_order_id', sa.Integer(), nullable=True),
    sa.Column('visit_on', sa.Date(), nullable=True),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['appointment_id'], ['appointments.id'], name=op.f('fk_letters_appointment_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_letters_customer_id')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_letters_message_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_letters_shop_id')),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicles.id'], name=op.f('fk_letters_vehicle_id')),
    sa.ForeignKeyConstraint(['work_order_id'], ['work_orders.id'], name=op.f('fk_letters_work_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
    sa.UniqueConstraint('message_id', name=op.f('uq_letters_message_id'))
    )
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letters_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letters_shop_id'), ['shop_id'], unique=False)

    with op.batch_alter_table('businesses', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mails_letters', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('posts_cards', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('locations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owner_name', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('feedback', sa.String(), server_default='', nullable=False))
    op.create_index("ix_closings_day", "closings", ["shop_id", "invoiced_on"])
    op.create_index("ix_closings_next_visit", "closings", ["shop_id", "next_visit_on"])
    op.create_index("ix_deferred_items_due", "deferred_items", ["shop_id", "due_on"])
    op.execute(LAST_INVOICES)
