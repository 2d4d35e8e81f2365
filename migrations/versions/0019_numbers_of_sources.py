"""The numbers by which a source of articles knows those that came from it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_numbers",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=5), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_source_numbers_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source", "number", "lang", name=op.f("pk_source_numbers")),
    )
    with op.batch_alter_table("source_numbers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_source_numbers_article_id"), ["article_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("source_numbers")
