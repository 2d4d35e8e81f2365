"""Imports of articles that editors begin in the browser."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("told", core.db.Json(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("confirmed_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("done_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("discarded_at", core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_article_imports_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_imports")),
    )
    with op.batch_alter_table("article_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_imports_added_at"), ["added_at"], unique=False)


def downgrade() -> None:
    op.drop_table("article_imports")
