"""message media: pictures, PDFs and videos that go with texts or came with them"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.create_table('message_media',
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('staff_member_id', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('sort', sa.Enum('picture', 'pdf', 'video', name='mediasort', native_enum=False, length=20), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('small_id', sa.Integer(), nullable=True),
    sa.Column('original_id', sa.Integer(), nullable=True),
    sa.Column('by_link', sa.Boolean(), nullable=False),
    sa.Column('by_mms', sa.Boolean(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('provider_url', sa.String(), nullable=False),
    sa.Column('said_type', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_message_media_document_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_message_media_file_id')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_message_media_message_id')),
    sa.ForeignKeyConstraint(['original_id'], ['stored_files.id'], name=op.f('fk_message_media_original_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_message_media_shop_id')),
    sa.ForeignKeyConstraint(['small_id'], ['stored_files.id'], name=op.f('fk_message_media_small_id')),
    sa.ForeignKeyConstraint(['staff_member_id'], ['staff_members.id'], name=op.f('fk_message_media_staff_member_id')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_message_media_thread_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_media'))
    )
    with op.batch_alter_table('message_media', schema=None) as batch_op:
        batch_op.create_index('ix_message_media_draft', ['thread_id', 'staff_member_id'], unique=False)
        for column in ('staff_member_id', 'message_id', 'document_id', 'file_id', 'small_id', 'original_id', 'due_at', 'shop_id'):
            batch_op.create_index(batch_op.f(f'ix_message_media_{column}'), [column], unique=False)
