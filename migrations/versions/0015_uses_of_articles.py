"""What tickets did with articles."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = '0015'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('article_uses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', core.db.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_article_uses_article_id_articles'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_uses')),
    sa.UniqueConstraint('article_id', 'kind', 'key', name=op.f('uq_article_uses_article_id_kind_key'))
    )
    with op.batch_alter_table('article_uses', schema=None) as batch_op:
        batch_op.create_index('ix_article_uses_key', ['key', 'kind'], unique=False)
        batch_op.create_index('ix_article_uses_at', ['at'], unique=False)


def downgrade() -> None:
    op.drop_table('article_uses')
