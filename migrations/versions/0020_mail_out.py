"""How far each mail got, and the kinds of mail that people want no longer."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mails',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('message_id', sa.String(length=500), nullable=False),
    sa.Column('thread', sa.String(length=200), nullable=True),
    sa.Column('job_id', sa.BigInteger(), nullable=True),
    sa.Column('created_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('begun_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('handed_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('sent_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('failed_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('doubtful', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    sa.UniqueConstraint('reference', 'recipient', name=op.f('uq_mails_reference_recipient'))
    )
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.create_index('ix_mails_created_at', ['created_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mails_failed_at'), ['failed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_mails_job_id'), ['job_id'], unique=False)
        batch_op.create_index('ix_mails_thread', ['thread', 'recipient'], unique=False)

    op.create_table('mail_stops',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('stopped_at', core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_mail_stops_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'kind', name=op.f('pk_mail_stops'))
    )


def downgrade() -> None:
    op.drop_table('mail_stops')
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.drop_index('ix_mails_thread')
        batch_op.drop_index(batch_op.f('ix_mails_job_id'))
        batch_op.drop_index(batch_op.f('ix_mails_failed_at'))
        batch_op.drop_index('ix_mails_created_at')

    op.drop_table('mails')
