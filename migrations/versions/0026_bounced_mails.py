"""Mails that came back."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.add_column(sa.Column('bounced_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('bounce', sa.String(length=500), nullable=True))
        batch_op.create_index('ix_mails_bounced_at', ['bounced_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.drop_index('ix_mails_bounced_at')
        batch_op.drop_column('bounce')
        batch_op.drop_column('bounced_at')
