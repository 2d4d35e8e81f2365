"""Replies that can be undone, drafts of replies, and who looks at a ticket."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settles_at", core.db.Moment(timezone=True), nullable=True))

    # On SQLite the table is made anew with AUTOINCREMENT: the number of a message that was
    # deleted is never given to another one. PostgreSQL's sequences never do.
    with op.batch_alter_table(
        "messages",
        schema=None,
        table_kwargs={"sqlite_autoincrement": True},
        recreate="always" if op.get_bind().dialect.name == "sqlite" else "never",
    ) as batch_op:
        batch_op.add_column(sa.Column("released_at", core.db.Moment(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_messages_author_released", ["author_id", "released_at"], unique=False
        )

    op.create_table(
        "reply_drafts",
        sa.Column("ticket_number", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("updated_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reply_drafts_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"],
            ["tickets.number"],
            name=op.f("fk_reply_drafts_ticket_number_tickets"),
        ),
        sa.PrimaryKeyConstraint("ticket_number", "person_id", name=op.f("pk_reply_drafts")),
    )
    with op.batch_alter_table("reply_drafts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reply_drafts_updated_at"), ["updated_at"], unique=False
        )

    op.create_table(
        "presences",
        sa.Column("ticket_number", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_presences_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"], ["tickets.number"], name=op.f("fk_presences_ticket_number_tickets")
        ),
        sa.PrimaryKeyConstraint("ticket_number", "person_id", name=op.f("pk_presences")),
    )
    with op.batch_alter_table("presences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presences_seen_at"), ["seen_at"], unique=False)


def downgrade() -> None:
    op.drop_table("presences")
    op.drop_table("reply_drafts")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_author_released")
        batch_op.drop_column("released_at")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_column("settles_at")
