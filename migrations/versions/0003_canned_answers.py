"""Canned answers of the desk."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("affection", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("changed_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("archived_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("form_id", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_canned_answers_author_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
        sa.UniqueConstraint("form_id", name=op.f("uq_canned_answers_form_id")),
    )


def downgrade() -> None:
    op.drop_table("canned_answers")
