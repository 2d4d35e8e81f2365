"""Requests to be called find one another, and say who tried and which tickets they are about."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('call_requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_at', core.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('waiting_for', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('claimed_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('claimed_at', core.db.Moment(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_call_requests_waiting_for'), ['waiting_for'])
        batch_op.create_foreign_key(batch_op.f('fk_call_requests_claimed_by_people'), 'people', ['claimed_by'], ['id'])
        batch_op.create_index(batch_op.f('ix_call_requests_phone'), ['phone'], unique=False)
    _name_those_that_wait()
    op.create_table('call_additions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('is_own', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('part_of_day', sa.String(length=20), nullable=False),
    sa.Column('matter', sa.Text(), nullable=False),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('withdrawn_at', core.db.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call_requests.id'], name=op.f('fk_call_additions_call_id_call_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_additions')),
    sa.UniqueConstraint('token', name=op.f('uq_call_additions_token'))
    )
    op.create_index(op.f('ix_call_additions_call_id'), 'call_additions', ['call_id'], unique=False)
    op.create_table('call_attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(length=20), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('form_id', sa.String(length=43), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call_requests.id'], name=op.f('fk_call_attempts_call_id_call_requests')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_call_attempts_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_attempts')),
    sa.UniqueConstraint('form_id', name=op.f('uq_call_attempts_form_id'))
    )
    op.create_index(op.f('ix_call_attempts_call_id'), 'call_attempts', ['call_id'], unique=False)
    op.create_index(op.f('ix_call_attempts_person_id'), 'call_attempts', ['person_id'], unique=False)
    op.create_table('call_tickets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('ticket_number', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['people.id'], name=op.f('fk_call_tickets_by_people')),
    sa.ForeignKeyConstraint(['call_id'], ['call_requests.id'], name=op.f('fk_call_tickets_call_id_call_requests')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_call_tickets_message_id_messages')),
    sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'], name=op.f('fk_call_tickets_ticket_number_tickets')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_tickets')),
    sa.UniqueConstraint('call_id', 'ticket_number', name=op.f('uq_call_tickets_call_id_ticket_number'))
    )
    op.create_index(op.f('ix_call_tickets_ticket_number'), 'call_tickets', ['ticket_number'], unique=False)


def _name_those_that_wait() -> None:
    """Of several that wait for one person or number, the first is found by a further one."""
    op.execute(
        """
        UPDATE call_requests SET waiting_for = 'p:' || person_id
        WHERE id IN (SELECT MIN(id) FROM call_requests
                     WHERE attended_at IS NULL AND person_id IS NOT NULL GROUP BY person_id)
        """
    )
    op.execute(
        """
        UPDATE call_requests SET waiting_for = 'n:' || phone
        WHERE id IN (SELECT MIN(id) FROM call_requests
                     WHERE attended_at IS NULL AND person_id IS NULL GROUP BY phone)
        """
    )


def downgrade() -> None:
    op.drop_table('call_tickets')
    op.drop_table('call_attempts')
    op.drop_table('call_additions')
    with op.batch_alter_table('call_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_requests_phone'))
        batch_op.drop_constraint(batch_op.f('fk_call_requests_claimed_by_people'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_call_requests_waiting_for'), type_='unique')
        batch_op.drop_column('claimed_at')
        batch_op.drop_column('claimed_by')
        batch_op.drop_column('waiting_for')
        batch_op.drop_column('withdrawn_at')
