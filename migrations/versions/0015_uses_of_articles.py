"""What drafts and tickets did with articles, and how suggestions ended."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_uses_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_uses")),
        sa.UniqueConstraint(
            "article_id", "kind", "key", name=op.f("uq_article_uses_article_id_kind_key")
        ),
    )
    with op.batch_alter_table("article_uses", schema=None) as batch_op:
        batch_op.create_index("ix_article_uses_key", ["key", "kind"], unique=False)
        batch_op.create_index("ix_article_uses_at", ["at"], unique=False)

    # Nothing here makes SQLite build a table anew: much refers to tickets.
    op.add_column(
        "drafts", sa.Column("searched", core.db.Json(), server_default="[]", nullable=False)
    )
    op.add_column(
        "tickets", sa.Column("searched_before", core.db.Json(), server_default="[]", nullable=False)
    )

    op.create_table(
        "suggestion_episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("began_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("solved_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("solved_article", sa.Integer(), nullable=True),
        sa.Column("filed_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("ticket_number", sa.BigInteger(), nullable=True),
        sa.Column("returned_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("returned_ticket", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_suggestion_episodes_company_id_companies"),
        ),
        sa.ForeignKeyConstraint(
            ["returned_ticket"],
            ["tickets.number"],
            name=op.f("fk_suggestion_episodes_returned_ticket_tickets"),
        ),
        sa.ForeignKeyConstraint(
            ["solved_article"],
            ["articles.id"],
            name=op.f("fk_suggestion_episodes_solved_article_articles"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"],
            ["tickets.number"],
            name=op.f("fk_suggestion_episodes_ticket_number_tickets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_episodes")),
        sa.UniqueConstraint("draft", name=op.f("uq_suggestion_episodes_draft")),
    )
    with op.batch_alter_table("suggestion_episodes", schema=None) as batch_op:
        batch_op.create_index("ix_suggestion_episodes_began", ["began_at"], unique=False)
        batch_op.create_index(
            "ix_suggestion_episodes_company", ["company_id", "solved_at"], unique=False
        )
        batch_op.create_index("ix_suggestion_episodes_owner", ["owner", "solved_at"], unique=False)
        batch_op.create_index("ix_suggestion_episodes_ticket", ["ticket_number"], unique=False)

    op.create_table(
        "shown_articles",
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("shown_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("opened_at", core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_shown_articles_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"],
            ["suggestion_episodes.id"],
            name=op.f("fk_shown_articles_episode_id_suggestion_episodes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("episode_id", "article_id", name=op.f("pk_shown_articles")),
    )
    with op.batch_alter_table("shown_articles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shown_articles_article_id"), ["article_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("shown_articles")
    op.drop_table("suggestion_episodes")
    op.drop_column("tickets", "searched_before")
    op.drop_column("drafts", "searched")
    op.drop_table("article_uses")
