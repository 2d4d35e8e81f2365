"""Mail that comes in: what became of it, words that were cut, visits to the mailbox."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inbound_mails',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fingerprint', sa.String(length=43), nullable=False),
    sa.Column('message_id', sa.String(length=320), nullable=False),
    sa.Column('sender', sa.String(length=254), nullable=False),
    sa.Column('received_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('ticket_number', sa.BigInteger(), nullable=True),
    sa.Column('written_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', core.db.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_inbound_mails_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_mails')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_inbound_mails_fingerprint'))
    )
    with op.batch_alter_table('inbound_mails', schema=None) as batch_op:
        batch_op.create_index('ix_inbound_mails_answered', ['answered_at'], unique=False)
        batch_op.create_index('ix_inbound_mails_outcome', ['outcome', 'received_at'], unique=False)
        batch_op.create_index('ix_inbound_mails_received', ['received_at', 'id'], unique=False)
        batch_op.create_index('ix_inbound_mails_sender', ['sender', 'received_at'], unique=False)
        batch_op.create_index('ix_inbound_mails_ticket', ['ticket_number', 'received_at'], unique=False)

    op.create_table('inbound_originals',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_inbound_originals_message_id_messages')),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_inbound_originals'))
    )
    op.create_table('mailbox_visits',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('went_well_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailbox_visits'))
    )
    op.create_table('mailbox_tries',
    sa.Column('uid', sa.String(length=120), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('uid', name=op.f('pk_mailbox_tries'))
    )


def downgrade() -> None:
    op.drop_table('mailbox_tries')
    op.drop_table('mailbox_visits')
    op.drop_table('inbound_originals')
    op.drop_table('inbound_mails')
