"""The life of an article: review, audience, dates, languages, revisions that can be restored,
former addresses."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENTS = (
    "review_asked_at",
    "first_published_at",
    "publish_at",
    "expire_at",
    "verified_at",
    "review_at",
)
PEOPLE = ("review_asked_by", "published_by", "verified_by")


def upgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.alter_column(
            "withdrawn_at",
            new_column_name="archived_at",
            existing_type=sa.DateTime(timezone=True),
            existing_nullable=True,
        )
        for name in MOMENTS:
            batch_op.add_column(sa.Column(name, core.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("saved_at", core.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_revision", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("audience", sa.String(length=10), server_default="everybody", nullable=False)
        )
        for name in PEOPLE:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_articles_{name}_people"), "people", [name], ["id"]
            )
        batch_op.add_column(sa.Column("translation_of", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("translated_revision", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_articles_translation_of_articles"),
            "articles",
            ["translation_of"],
            ["id"],
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_articles_translation_of_lang"), ["translation_of", "lang"]
        )
        batch_op.create_index("ix_articles_saved_at", ["saved_at"], unique=False)

    # «Retirado» is «archivado» now; what is public again is not put away.
    op.execute("""UPDATE articles SET saved_at = updated_at, last_revision = revision,
        first_published_at = COALESCE(published_at, archived_at),
        verified_at = CASE WHEN published_at IS NOT NULL THEN updated_at END""")
    op.execute("UPDATE articles SET archived_at = NULL WHERE published_at IS NOT NULL")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.alter_column("saved_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("last_revision", existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table("article_revisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tags", core.db.Json(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("category_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("lang", sa.String(length=5), server_default="es", nullable=False)
        )
        batch_op.add_column(sa.Column("published_at", core.db.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("restored_from", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("words_added", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("words_removed", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("changed", core.db.Json(), server_default="[]", nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_article_revisions_category_id_categories"),
            "categories",
            ["category_id"],
            ["id"],
        )
    # Older revisions did not keep these: the article's present ones are the best guess.
    op.execute("""UPDATE article_revisions SET
        tags = (SELECT a.tags FROM articles a WHERE a.id = article_id),
        category_id = (SELECT a.category_id FROM articles a WHERE a.id = article_id),
        lang = (SELECT a.lang FROM articles a WHERE a.id = article_id),
        published_at = (SELECT a.published_at FROM articles a WHERE a.id = article_id AND a.revision = number)""")

    op.create_table(
        "former_addresses",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("left_at", core.db.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "article_id IS NOT NULL OR category_id IS NOT NULL",
            name=op.f("ck_former_addresses_leads_on"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_former_addresses_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_former_addresses_category_id_categories"),
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_addresses")),
    )
    with op.batch_alter_table("former_addresses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_former_addresses_article_id"), ["article_id"], unique=False
        )

    op.create_table(
        "former_shelves",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("left_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_former_shelves_category_id_categories"),
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_shelves")),
    )


def downgrade() -> None:
    op.drop_table("former_shelves")
    op.drop_table("former_addresses")
    with op.batch_alter_table("article_revisions", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_article_revisions_category_id_categories"), type_="foreignkey"
        )
        for name in (
            "changed",
            "words_removed",
            "words_added",
            "restored_from",
            "published_at",
            "lang",
            "category_id",
            "tags",
        ):
            batch_op.drop_column(name)
    # What an older program knows: an article for staff alone, or one whose time is over, is
    # withdrawn rather than shown.
    op.execute("""UPDATE articles SET archived_at = COALESCE(archived_at, published_at), published_at = NULL
        WHERE audience <> 'everybody' OR expire_at <= CURRENT_TIMESTAMP""")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index("ix_articles_saved_at")
        batch_op.drop_constraint(batch_op.f("uq_articles_translation_of_lang"), type_="unique")
        batch_op.drop_constraint(
            batch_op.f("fk_articles_translation_of_articles"), type_="foreignkey"
        )
        for name in PEOPLE:
            batch_op.drop_constraint(batch_op.f(f"fk_articles_{name}_people"), type_="foreignkey")
        for name in (
            "translated_revision",
            "translation_of",
            *PEOPLE,
            "audience",
            "last_revision",
            "saved_at",
            *MOMENTS,
        ):
            batch_op.drop_column(name)
        batch_op.alter_column(
            "archived_at",
            new_column_name="withdrawn_at",
            existing_type=sa.DateTime(timezone=True),
            existing_nullable=True,
        )
