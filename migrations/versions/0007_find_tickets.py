"""The words of tickets, colleagues who take part in them, names in notes."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indexed_tickets",
        sa.Column("ticket_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("analysis", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_number"],
            ["tickets.number"],
            name=op.f("fk_indexed_tickets_ticket_number_tickets"),
        ),
        sa.PrimaryKeyConstraint("ticket_number", name=op.f("pk_indexed_tickets")),
    )
    op.create_table(
        "participants",
        sa.Column("ticket_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("removed_at", core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_participants_added_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_participants_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"],
            ["tickets.number"],
            name=op.f("fk_participants_ticket_number_tickets"),
        ),
        sa.PrimaryKeyConstraint("ticket_number", "person_id", name=op.f("pk_participants")),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index(
            "ix_participants_person", ["person_id", "ticket_number"], unique=False
        )

    op.create_table(
        "ticket_terms",
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("ticket_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("term", "ticket_number", "internal", name=op.f("pk_ticket_terms")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ticket_terms", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_terms_ticket", ["ticket_number"], unique=False)

    op.create_table(
        "mentions",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ticket_number", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("seen_at", core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_mentions_by_id_people")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_mentions_message_id_messages")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mentions_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"], ["tickets.number"], name=op.f("fk_mentions_ticket_number_tickets")
        ),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_mentions")),
    )
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mentions_person", ["person_id", "seen_at", "message_id"], unique=False
        )
        batch_op.create_index("ix_mentions_ticket", ["ticket_number"], unique=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_messages_staff",
            ["author_id", "ticket_number"],
            unique=False,
            sqlite_where=sa.text("from_staff = 1"),
            postgresql_where=sa.text("from_staff"),
        )

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index("ix_tickets_changed", ["changed_at", "number"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_changed")

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_messages_staff",
            sqlite_where=sa.text("from_staff = 1"),
            postgresql_where=sa.text("from_staff"),
        )

    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.drop_index("ix_mentions_ticket")
        batch_op.drop_index("ix_mentions_person")

    op.drop_table("mentions")
    with op.batch_alter_table("ticket_terms", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_terms_ticket")

    op.drop_table("ticket_terms")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index("ix_participants_person")

    op.drop_table("participants")
    op.drop_table("indexed_tickets")
