"""Pictures, kept drafts, presence, links and sources of articles."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_drafts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", core.db.Json(), nullable=False),
        sa.Column("updated_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_drafts_article_id_articles"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_article_drafts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "place", name=op.f("pk_article_drafts")),
    )
    with op.batch_alter_table("article_drafts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_drafts_article_id"), ["article_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_article_drafts_updated_at"), ["updated_at"], unique=False
        )

    op.create_table(
        "article_images",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("height", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("uploader_id", sa.Integer(), nullable=True),
        sa.Column("added_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["people.id"], name=op.f("fk_article_images_uploader_id_people")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_article_images")),
    )
    with op.batch_alter_table("article_images", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_images_added_at"), ["added_at"], unique=False)

    op.create_table(
        "article_links",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("goal", sa.String(length=200), nullable=False),
        sa.Column("anchor", sa.String(length=300), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_links_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_article_links")),
    )
    with op.batch_alter_table("article_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_links_goal"), ["goal"], unique=False)

    op.create_table(
        "article_presences",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_presences_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_article_presences_person_id_people")
        ),
        sa.PrimaryKeyConstraint("article_id", "person_id", name=op.f("pk_article_presences")),
    )
    with op.batch_alter_table("article_presences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_presences_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "link_readings",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("anchors", core.db.Json(), nullable=False),
        sa.Column("read_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_link_readings_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_link_readings")),
    )
    op.create_table(
        "article_sources",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("added_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_sources_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_sources")),
        sa.UniqueConstraint("key", name=op.f("uq_article_sources_key")),
    )


def downgrade() -> None:
    op.drop_table("article_sources")
    op.drop_table("link_readings")
    with op.batch_alter_table("article_presences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_presences_seen_at"))

    op.drop_table("article_presences")
    with op.batch_alter_table("article_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_links_goal"))

    op.drop_table("article_links")
    with op.batch_alter_table("article_images", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_images_added_at"))

    op.drop_table("article_images")
    with op.batch_alter_table("article_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_drafts_updated_at"))
        batch_op.drop_index(batch_op.f("ix_article_drafts_article_id"))

    op.drop_table("article_drafts")
