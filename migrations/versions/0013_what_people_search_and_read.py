"""What people search and read, why articles do not help, and where they stand by votes."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "lang", "key", name=op.f("pk_search_months")),
    )
    op.create_table(
        "search_salts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_search_salts")),
    )
    op.create_table(
        "article_openings",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_openings_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "day", name=op.f("pk_article_openings")),
    )
    with op.batch_alter_table("article_openings", schema=None) as batch_op:
        batch_op.create_index("ix_article_openings_day", ["day"], unique=False)

    op.create_table(
        "dismissed_searches",
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_dismissed_searches_person_id_people")
        ),
        sa.PrimaryKeyConstraint("lang", "key", name=op.f("pk_dismissed_searches")),
    )
    op.create_table(
        "searches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("last_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("shown", core.db.Json(), nullable=False),
        sa.Column("top_id", sa.Integer(), nullable=True),
        sa.Column("opened_id", sa.Integer(), nullable=True),
        sa.Column("opened_place", sa.Integer(), nullable=True),
        sa.Column("opened_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("reworded_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("ticket_at", core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["top_id"],
            ["articles.id"],
            name=op.f("fk_searches_top_id_articles"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["opened_id"],
            ["articles.id"],
            name=op.f("fk_searches_opened_id_articles"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.create_index("ix_searches_at", ["at"], unique=False)
        batch_op.create_index("ix_searches_key", ["key", "at"], unique=False)
        batch_op.create_index("ix_searches_top", ["top_id", "at"], unique=False)
        batch_op.create_index("ix_searches_visitor", ["visitor", "last_at"], unique=False)

    with op.batch_alter_table("article_votes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reason", sa.String(length=20), server_default="", nullable=False)
        )

    op.create_table(
        "article_standings",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("useless", sa.Integer(), nullable=False),
        sa.Column("bound", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_standings_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_standings")),
    )
    _add_up_the_votes()


def _add_up_the_votes() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT article_id, sum(CASE WHEN useful THEN 1 ELSE 0 END), count(*)"
            " FROM article_votes GROUP BY article_id"
        )
    ).all()
    for article_id, useful, total in rows:
        connection.execute(
            sa.text(
                "INSERT INTO article_standings VALUES (:article_id, :useful, :useless, :bound)"
            ),
            {
                "article_id": article_id,
                "useful": useful,
                "useless": total - useful,
                "bound": _lower_bound(useful, total),
            },
        )


def _lower_bound(hits: int, total: int) -> float:
    """Wilson's, as it was when this was written."""
    z = 1.959964
    share = hits / total
    spread = z * ((share * (1 - share) + z * z / (4 * total)) / total) ** 0.5
    return max(0.0, (share + z * z / (2 * total) - spread) / (1 + z * z / total))


def downgrade() -> None:
    op.drop_table("article_standings")
    with op.batch_alter_table("article_votes", schema=None) as batch_op:
        batch_op.drop_column("reason")
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.drop_index("ix_searches_visitor")
        batch_op.drop_index("ix_searches_top")
        batch_op.drop_index("ix_searches_key")
        batch_op.drop_index("ix_searches_at")

    op.drop_table("searches")
    op.drop_table("dismissed_searches")
    with op.batch_alter_table("article_openings", schema=None) as batch_op:
        batch_op.drop_index("ix_article_openings_day")

    op.drop_table("article_openings")
    op.drop_table("search_salts")
    op.drop_table("search_months")
