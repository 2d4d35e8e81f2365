"""Why a table of head starts was published, and with which form."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing here makes SQLite build the table anew: tickets refer to it.
    op.add_column(
        "policy_versions",
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
    )
    op.add_column(
        "policy_versions", sa.Column("published_with", sa.String(length=43), nullable=True)
    )
    op.create_index(
        "uq_policy_versions_published_with", "policy_versions", ["published_with"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_policy_versions_published_with", table_name="policy_versions")
    op.drop_column("policy_versions", "published_with")
    op.drop_column("policy_versions", "reason")
