"""threads: the texts with one number, begun for every number that has written so far"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.create_table('threads',
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('unread', sa.Integer(), nullable=False),
    sa.Column('read_through', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_threads_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_threads')),
    sa.UniqueConstraint('shop_id', 'number', name=op.f('uq_threads_shop_id_number'))
    )
    with op.batch_alter_table('threads', schema=None) as batch_op:
        batch_op.create_index('ix_threads_last', ['shop_id', 'last_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_threads_shop_id'), ['shop_id'], unique=False)

    op.create_table('thread_assignments',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assigned_by', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_members.id'], name=op.f('fk_thread_assignments_staff_member_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_thread_assignments_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_assignments')),
    sa.UniqueConstraint('thread_id', name=op.f('uq_thread_assignments_thread_id'))
    )
    with op.batch_alter_table('thread_assignments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_assignments_staff_member_id'), ['staff_member_id'], unique=False)

    op.create_table('thread_closings',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_thread_closings_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_closings')),
    sa.UniqueConstraint('thread_id', name=op.f('uq_thread_closings_thread_id'))
    )
    op.create_table('thread_drafts',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_members.id'], name=op.f('fk_thread_drafts_staff_member_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_thread_drafts_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_drafts')),
    sa.UniqueConstraint('thread_id', 'staff_member_id', name=op.f('uq_thread_drafts_thread_id_staff_member_id'))
    )
    with op.batch_alter_table('thread_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_drafts_staff_member_id'), ['staff_member_id'], unique=False)

    op.create_table('thread_presences',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('staff_member_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wrote_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_members.id'], name=op.f('fk_thread_presences_staff_member_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_thread_presences_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_presences')),
    sa.UniqueConstraint('thread_id', 'staff_member_id', name=op.f('uq_thread_presences_thread_id_staff_member_id'))
    )
    with op.batch_alter_table('thread_presences', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_thread_presences_staff_member_id'), ['staff_member_id'], unique=False)

    with op.batch_alter_table("locations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("segment_price", sa.Integer(), nullable=True))

    # what came in before was to be read in the log: nothing of it is new
    op.execute(
        sa.text(
            "INSERT INTO threads (shop_id, number, begun_at, last_at, unread, read_through)"
            " SELECT shop_id, address, min(created_at), max(created_at), 0, max(id) FROM messages"
            " WHERE direction = 'in' AND channel = 'text' GROUP BY shop_id, address"
        )
    )
