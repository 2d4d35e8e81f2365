"""Consents as a record, the diary of accesses, and drafts made by dividing one."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_number", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("server", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("entered_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("left_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("left_by", sa.Integer(), nullable=True),
        sa.Column("written_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("form_id", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["access_entries.id"],
            name=op.f("fk_access_entries_corrects_id_access_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["left_by"], ["people.id"], name=op.f("fk_access_entries_left_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_access_entries_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"],
            ["tickets.number"],
            name=op.f("fk_access_entries_ticket_number_tickets"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_access_entries_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entries")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_access_entries_corrects_id")),
        sa.UniqueConstraint("form_id", name=op.f("uq_access_entries_form_id")),
    )
    with op.batch_alter_table("access_entries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_access_entries_inside",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_access_entries_ticket_number"), ["ticket_number"], unique=False
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("conditions_version", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("form_id", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(
            ["conditions_version"],
            ["conditions_versions.version"],
            name=op.f("fk_consents_conditions_version_conditions_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_consents_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"], ["tickets.number"], name=op.f("fk_consents_ticket_number_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("form_id", name=op.f("uq_consents_form_id")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consents_ticket_number"), ["ticket_number"], unique=False
        )

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("divided_from", sa.String(length=43), nullable=True))
        batch_op.create_index(batch_op.f("ix_drafts_divided_from"), ["divided_from"], unique=False)

    # What was authorised before there was a record; nobody kept from where.
    op.execute(
        """
        INSERT INTO consents
            (ticket_number, kind, conditions_version, text_hash, person_id, at, address)
        SELECT t.number, 'given', t.conditions_version, c.sha256, t.authorised_by, t.authorised_at, ''
        FROM tickets t JOIN conditions_versions c ON c.version = t.conditions_version
        WHERE t.authorised_at IS NOT NULL AND t.authorised_by IS NOT NULL
        ORDER BY t.number
        """
    )


def downgrade() -> None:
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_divided_from"))
        batch_op.drop_column("divided_from")

    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_ticket_number"))

    op.drop_table("consents")
    with op.batch_alter_table("access_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_entries_ticket_number"))
        batch_op.drop_index(
            "ix_access_entries_inside",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.drop_table("access_entries")
