"""Words that readers taught, and questions that editors try."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_notes",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("stem", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("side", sa.String(length=24), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_word_notes_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "stem", "person", name=op.f("pk_word_notes")),
    )
    with op.batch_alter_table("word_notes", schema=None) as batch_op:
        batch_op.create_index("ix_word_notes_at", ["at"], unique=False)
        batch_op.create_index("ix_word_notes_person_at", ["person", "at"], unique=False)

    op.create_table(
        "hidden_words",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("stem", sa.String(length=32), nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("added_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("removed_at", core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_hidden_words_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "stem", name=op.f("pk_hidden_words")),
    )
    with op.batch_alter_table("hidden_words", schema=None) as batch_op:
        batch_op.create_index("ix_hidden_words_stem", ["stem"], unique=False)

    op.create_table(
        "article_learning",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_learning_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_learning")),
    )

    op.create_table(
        "trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=5), nullable=False),
        sa.Column("changed_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("tested_with", sa.String(length=43), nullable=False),
        sa.Column("tested_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("accepted_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("accepted_place", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
    )

    op.create_table(
        "trial_articles",
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_trial_articles_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["trials.id"],
            name=op.f("fk_trial_articles_trial_id_trials"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("trial_id", "article_id", name=op.f("pk_trial_articles")),
    )
    with op.batch_alter_table("trial_articles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trial_articles_article_id"), ["article_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("trial_articles")
    op.drop_table("trials")
    op.drop_table("article_learning")
    op.drop_table("hidden_words")
    op.drop_table("word_notes")
