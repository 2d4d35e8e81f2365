"""Conversations: messages, pictures, who is on duty; the arrival that a draft keeps."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0023"
down_revision = '0022'
branch_labels = None
depends_on = None

WAITING = sa.text("holder_id IS NULL AND closed_at IS NULL")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("arrived_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("taken_with", sa.String(length=43), nullable=True),
        sa.Column("answered_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("closed_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visitor_read", sa.Integer(), nullable=False),
        sa.Column("staff_read", sa.Integer(), nullable=False),
        sa.Column("visitor_typed_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("staff_typed_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("visitor_seen_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("last_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("about_number", sa.BigInteger(), nullable=True),
        sa.Column("ticket_number", sa.BigInteger(), nullable=True),
        sa.Column("offered_subject", sa.String(length=200), nullable=False),
        sa.Column("offered_affection", sa.String(length=40), nullable=False),
        sa.Column("draft_id", sa.String(length=43), nullable=True),
        sa.Column("reading_token", sa.String(length=43), nullable=True),
        sa.Column("mailed_at", core.db.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["about_number"], ["tickets.number"], name=op.f("fk_chats_about_number_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_chats_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["people.id"], name=op.f("fk_chats_holder_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_chats_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"], ["tickets.number"], name=op.f("fk_chats_ticket_number_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint("reading_token", name=op.f("uq_chats_reading_token")),
        sa.UniqueConstraint("token", name=op.f("uq_chats_token")),
    )
    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.create_index("ix_chats_closed_at", ["closed_at", "id"], unique=False)
        batch_op.create_index(
            "ix_chats_held",
            ["holder_id", "id"],
            unique=False,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
        batch_op.create_index(
            "ix_chats_waiting",
            ["arrived_at", "id"],
            unique=False,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
        batch_op.create_index(batch_op.f("ix_chats_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_chats_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_chats_ticket_number"), ["ticket_number"], unique=False)

    op.create_table(
        "chat_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("form_id", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_chat_messages_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.id"],
            name=op.f("fk_chat_messages_chat_id_chats"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_messages")),
        sa.UniqueConstraint("chat_id", "seq", name=op.f("uq_chat_messages_chat_id_seq")),
        sa.UniqueConstraint("form_id", name=op.f("uq_chat_messages_form_id")),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "chat_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("height", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["chat_messages.id"],
            name=op.f("fk_chat_pictures_message_id_chat_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_pictures")),
        sa.UniqueConstraint("message_id", name=op.f("uq_chat_pictures_message_id")),
    )

    op.create_table(
        "chat_duties",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("on_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_chat_duties_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_chat_duties")),
    )

    op.create_table(
        "chat_blocks",
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("until", core.db.Moment(timezone=True), nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_chat_blocks_by_people")),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.id"],
            name=op.f("fk_chat_blocks_chat_id_chats"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("network", name=op.f("pk_chat_blocks")),
    )

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived_at", core.db.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_column("arrived_at")
    for table in ("chat_blocks", "chat_duties", "chat_pictures", "chat_messages", "chats"):
        op.drop_table(table)
