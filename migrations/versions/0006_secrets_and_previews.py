"""Encrypted secrets with their readings, and previews of attached images."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "previews",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("height", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["blobs.sha256"], name=op.f("fk_previews_sha256_blobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sha256", "kind", name=op.f("pk_previews")),
    )
    op.create_table(
        "secrets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=43), nullable=False),
        sa.Column("draft_id", sa.String(length=43), nullable=True),
        sa.Column("ticket_number", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("kept_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("wiped_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("wiped_why", sa.String(length=10), nullable=True),
        sa.Column("once", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_secrets_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_secrets_draft_id_drafts")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"], ["tickets.number"], name=op.f("fk_secrets_ticket_number_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrets")),
        sa.UniqueConstraint("identity", name=op.f("uq_secrets_identity")),
        sa.UniqueConstraint("once", name=op.f("uq_secrets_once")),
    )
    with op.batch_alter_table("secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_secrets_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(
            "ix_secrets_expiry",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("sealed IS NOT NULL"),
            postgresql_where=sa.text("sealed IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_secrets_ticket_number"), ["ticket_number"], unique=False
        )

    op.create_table(
        "secret_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_secret_readings_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["secret_id"], ["secrets.id"], name=op.f("fk_secret_readings_secret_id_secrets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_readings")),
    )
    with op.batch_alter_table("secret_readings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_secret_readings_secret_id"), ["secret_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("secret_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_secret_readings_secret_id"))

    op.drop_table("secret_readings")
    with op.batch_alter_table("secrets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_secrets_ticket_number"))
        batch_op.drop_index(
            "ix_secrets_expiry",
            sqlite_where=sa.text("sealed IS NOT NULL"),
            postgresql_where=sa.text("sealed IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_secrets_draft_id"))

    op.drop_table("secrets")
    op.drop_table("previews")
