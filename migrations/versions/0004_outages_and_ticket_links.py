"""Known outages, the tickets that join them, and links between tickets."""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outages",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("affection", sa.String(length=40), nullable=False),
        sa.Column("services", core.db.Json(), nullable=False),
        sa.Column("declared_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("resolved_at", core.db.Moment(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("form_id", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["people.id"], name=op.f("fk_outages_declared_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["people.id"], name=op.f("fk_outages_resolved_by_people")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_outages")),
        sa.UniqueConstraint("form_id", name=op.f("uq_outages_form_id")),
    )
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outages_resolved_at"), ["resolved_at"], unique=False)

    op.create_table(
        "outage_updates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_outage_updates_by_people")),
        sa.ForeignKeyConstraint(
            ["outage_number"],
            ["outages.number"],
            name=op.f("fk_outage_updates_outage_number_outages"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_updates")),
        sa.UniqueConstraint("form_id", name=op.f("uq_outage_updates_form_id")),
    )
    with op.batch_alter_table("outage_updates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outage_updates_outage_number"), ["outage_number"], unique=False
        )

    op.create_table(
        "outage_tickets",
        sa.Column("ticket_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outage_number", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("joined_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["joined_by"], ["people.id"], name=op.f("fk_outage_tickets_joined_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["outage_number"],
            ["outages.number"],
            name=op.f("fk_outage_tickets_outage_number_outages"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"],
            ["tickets.number"],
            name=op.f("fk_outage_tickets_ticket_number_tickets"),
        ),
        sa.PrimaryKeyConstraint("ticket_number", name=op.f("pk_outage_tickets")),
    )
    with op.batch_alter_table("outage_tickets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outage_tickets_outage", ["outage_number", "ticket_number"], unique=False
        )

    op.create_table(
        "ticket_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_number", sa.BigInteger(), nullable=False),
        sa.Column("to_number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_ticket_links_by_people")),
        sa.ForeignKeyConstraint(
            ["from_number"], ["tickets.number"], name=op.f("fk_ticket_links_from_number_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["to_number"], ["tickets.number"], name=op.f("fk_ticket_links_to_number_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_links")),
        sa.UniqueConstraint(
            "from_number",
            "to_number",
            "kind",
            name=op.f("uq_ticket_links_from_number_to_number_kind"),
        ),
    )
    with op.batch_alter_table("ticket_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_links_to_number"), ["to_number"], unique=False)

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin_number", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_column("origin_number")

    with op.batch_alter_table("ticket_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_links_to_number"))

    op.drop_table("ticket_links")
    with op.batch_alter_table("outage_tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_outage_tickets_outage")

    op.drop_table("outage_tickets")
    with op.batch_alter_table("outage_updates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outage_updates_outage_number"))

    op.drop_table("outage_updates")
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outages_resolved_at"))

    op.drop_table("outages")
