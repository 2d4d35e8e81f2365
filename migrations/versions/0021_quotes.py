"""Plans and prices of products, and quotes: versions, lines, links, questions, history."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('product_plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('price_pen', sa.BigInteger(), nullable=True),
    sa.Column('price_usd', sa.BigInteger(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('public_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('retired_at', core.db.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_plans_product_id_products')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_plans'))
    )
    with op.batch_alter_table('product_plans', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_product_plans_product_id'), ['product_id'], unique=False)

    op.create_table('quotes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('company_id', sa.Integer(), nullable=True),
    sa.Column('created_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.String(length=43), nullable=True),
    sa.Column('current', sa.Integer(), nullable=False),
    sa.Column('ticket_number', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_quotes_company_id_companies')),
    sa.ForeignKeyConstraint(['created_by'], ['people.id'], name=op.f('fk_quotes_created_by_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_quotes_person_id_people')),
    sa.ForeignKeyConstraint(['request_id'], ['quote_requests.id'], name=op.f('fk_quotes_request_id_quote_requests')),
    sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'], name=op.f('fk_quotes_ticket_number_tickets')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotes')),
    sa.UniqueConstraint('form_id', name=op.f('uq_quotes_form_id')),
    sa.UniqueConstraint('number', name=op.f('uq_quotes_number')),
    sa.UniqueConstraint('request_id', name=op.f('uq_quotes_request_id'))
    )
    with op.batch_alter_table('quotes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quotes_company_id'), ['company_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quotes_person_id'), ['person_id'], unique=False)

    op.create_table('quote_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quote_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('detail', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['people.id'], name=op.f('fk_quote_events_actor_id_people')),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_quote_events_quote_id_quotes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_events'))
    )
    with op.batch_alter_table('quote_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quote_events_quote_id'), ['quote_id'], unique=False)

    op.create_table('quote_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quote_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('nonce', sa.String(length=43), nullable=False),
    sa.Column('made_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('ends_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('withdrawn_at', core.db.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_quote_links_quote_id_quotes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_quote_links_token_hash'))
    )
    with op.batch_alter_table('quote_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quote_links_quote_id'), ['quote_id'], unique=False)

    op.create_table('quote_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quote_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.String(length=43), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('renewal', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('asked_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('ticket_number', sa.BigInteger(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['people.id'], name=op.f('fk_quote_questions_answered_by_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_quote_questions_person_id_people')),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_quote_questions_quote_id_quotes')),
    sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'], name=op.f('fk_quote_questions_ticket_number_tickets')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_questions')),
    sa.UniqueConstraint('form_id', name=op.f('uq_quote_questions_form_id'))
    )
    with op.batch_alter_table('quote_questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quote_questions_quote_id'), ['quote_id'], unique=False)

    op.create_table('quote_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quote_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('is_latest', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('contact', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('customer', sa.String(length=160), nullable=False),
    sa.Column('ruc', sa.String(length=11), nullable=True),
    sa.Column('discount_kind', sa.String(length=10), nullable=False),
    sa.Column('discount_value', sa.BigInteger(), nullable=False),
    sa.Column('tax_points', sa.Integer(), nullable=False),
    sa.Column('subtotal', sa.BigInteger(), nullable=False),
    sa.Column('discount', sa.BigInteger(), nullable=False),
    sa.Column('tax', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('conditions', sa.Text(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('internal_notes', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('issuer', core.db.Json(), nullable=False),
    sa.Column('changed_at', core.db.Moment(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=False),
    sa.Column('sent_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('sent_by', sa.Integer(), nullable=True),
    sa.Column('opened_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('accepted_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('accepted_name', sa.String(length=120), nullable=False),
    sa.Column('accepted_by', sa.Integer(), nullable=True),
    sa.Column('declined_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('decline_reason', sa.String(length=20), nullable=False),
    sa.Column('decline_text', sa.Text(), nullable=False),
    sa.Column('replaced_at', core.db.Moment(timezone=True), nullable=True),
    sa.Column('withdrawn_at', core.db.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['accepted_by'], ['people.id'], name=op.f('fk_quote_versions_accepted_by_people')),
    sa.ForeignKeyConstraint(['changed_by'], ['people.id'], name=op.f('fk_quote_versions_changed_by_people')),
    sa.ForeignKeyConstraint(['quote_id'], ['quotes.id'], name=op.f('fk_quote_versions_quote_id_quotes')),
    sa.ForeignKeyConstraint(['sent_by'], ['people.id'], name=op.f('fk_quote_versions_sent_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_versions')),
    sa.UniqueConstraint('quote_id', 'version', name=op.f('uq_quote_versions_quote_id_version'))
    )
    with op.batch_alter_table('quote_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quote_versions_changed_at'), ['changed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_quote_versions_quote_id'), ['quote_id'], unique=False)
        batch_op.create_index('uq_quote_versions_latest', ['quote_id'], unique=True, sqlite_where=sa.text('is_latest'), postgresql_where=sa.text('is_latest'))

    op.create_table('quote_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=True),
    sa.Column('description', sa.String(length=300), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('unit_price', sa.BigInteger(), nullable=False),
    sa.Column('discount_kind', sa.String(length=10), nullable=False),
    sa.Column('discount_value', sa.BigInteger(), nullable=False),
    sa.Column('net', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['product_plans.id'], name=op.f('fk_quote_lines_plan_id_product_plans')),
    sa.ForeignKeyConstraint(['version_id'], ['quote_versions.id'], name=op.f('fk_quote_lines_version_id_quote_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_lines'))
    )
    with op.batch_alter_table('quote_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quote_lines_version_id'), ['version_id'], unique=False)

    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.add_column(sa.Column('revision', sa.Integer(), server_default='1', nullable=False))

    with op.batch_alter_table('quote_items', schema=None) as batch_op:
        batch_op.add_column(sa.Column('plan_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('label', sa.String(length=220), server_default='', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_quote_items_plan_id_product_plans'), 'product_plans', ['plan_id'], ['id'])
    # What was asked for keeps the name that the product had.
    op.execute(
        "UPDATE quote_items SET label ="
        " (SELECT name FROM products WHERE products.id = quote_items.product_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table('quote_items', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_quote_items_plan_id_product_plans'), type_='foreignkey')
        batch_op.drop_column('label')
        batch_op.drop_column('plan_id')

    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.drop_column('revision')

    with op.batch_alter_table('quote_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quote_lines_version_id'))

    op.drop_table('quote_lines')
    with op.batch_alter_table('quote_versions', schema=None) as batch_op:
        batch_op.drop_index('uq_quote_versions_latest', sqlite_where=sa.text('is_latest'), postgresql_where=sa.text('is_latest'))
        batch_op.drop_index(batch_op.f('ix_quote_versions_quote_id'))
        batch_op.drop_index(batch_op.f('ix_quote_versions_changed_at'))

    op.drop_table('quote_versions')
    with op.batch_alter_table('quote_questions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quote_questions_quote_id'))

    op.drop_table('quote_questions')
    with op.batch_alter_table('quote_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quote_links_quote_id'))

    op.drop_table('quote_links')
    with op.batch_alter_table('quote_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quote_events_quote_id'))

    op.drop_table('quote_events')
    with op.batch_alter_table('quotes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quotes_person_id'))
        batch_op.drop_index(batch_op.f('ix_quotes_company_id'))

    op.drop_table('quotes')
    with op.batch_alter_table('product_plans', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_product_plans_product_id'))

    op.drop_table('product_plans')
