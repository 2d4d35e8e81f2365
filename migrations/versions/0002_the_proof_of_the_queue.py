"""The proof of the queue: events chained by hash, moves, returns, merges, audit runs.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-26
"""

import hashlib
import json
from datetime import UTC

from alembic import op
import sqlalchemy as sa

import core.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
EVENTS = sa.table(
    "ticket_events",
    sa.column("seq", sa.BigInteger),
    sa.column("ticket_number", sa.BigInteger),
    sa.column("at", core.db.Moment),
    sa.column("kind", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("data", core.db.Json),
    sa.column("previous", sa.String),
    sa.column("hash", sa.String),
)
TICKETS = sa.table(
    "tickets",
    sa.column("number", sa.BigInteger),
    sa.column("typology", sa.SmallInteger),
    sa.column("effective_arrival", core.db.Moment),
    sa.column("affection", sa.String),
    sa.column("opened_at", core.db.Moment),
)
MOVES = sa.table(
    "queue_moves",
    sa.column("seq", sa.BigInteger),
    sa.column("delta", sa.SmallInteger),
    sa.column("ticket_number", sa.BigInteger),
    sa.column("typology", sa.SmallInteger),
    sa.column("effective_arrival", core.db.Moment),
    sa.column("affection", sa.String),
    sa.column("opened_at", core.db.Moment),
)


def upgrade() -> None:
    op.create_table(
        "queue_moves",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delta", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_number", sa.BigInteger(), nullable=False),
        sa.Column("typology", sa.SmallInteger(), nullable=False),
        sa.Column("effective_arrival", core.db.Moment(timezone=True), nullable=False),
        sa.Column("affection", sa.String(length=40), nullable=False),
        sa.Column("opened_at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"], ["ticket_events.seq"], name=op.f("fk_queue_moves_seq_ticket_events")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"], ["tickets.number"], name=op.f("fk_queue_moves_ticket_number_tickets")
        ),
        sa.PrimaryKeyConstraint("seq", "delta", name=op.f("pk_queue_moves")),
    )
    with op.batch_alter_table("queue_moves", schema=None) as batch_op:
        batch_op.create_index("ix_queue_moves_ticket", ["ticket_number", "seq"], unique=False)

    op.create_table(
        "ticket_returns",
        sa.Column("ticket_number", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_ticket_returns_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_number"],
            ["tickets.number"],
            name=op.f("fk_ticket_returns_ticket_number_tickets"),
        ),
        sa.PrimaryKeyConstraint("ticket_number", "person_id", name=op.f("pk_ticket_returns")),
    )
    with op.batch_alter_table("ticket_returns", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ticket_returns_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "audit_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.Moment(timezone=True), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("tickets", sa.BigInteger(), nullable=False),
        sa.Column("hand_outs", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.String(length=30), nullable=True),
        sa.Column("problem_seq", sa.BigInteger(), nullable=True),
        sa.Column("problem_ticket", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_runs")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("merged_at", core.db.Moment(timezone=True), nullable=True))
        batch_op.create_index("ix_tickets_merged_into", ["merged_into"], unique=False)
        batch_op.create_foreign_key(
            "fk_tickets_merged_into_tickets", "tickets", ["merged_into"], ["number"]
        )

    for name in ("previous", "hash"):
        op.add_column(
            "ticket_events",
            sa.Column(name, sa.String(length=64), nullable=False, server_default=GENESIS),
        )
    op.create_index("ix_ticket_events_at", "ticket_events", ["at", "kind"], unique=False)
    _chain()


def _chain() -> None:
    """Chain the events that are there, and write the moves they made."""
    connection = op.get_bind()
    keys = {row.number: row for row in connection.execute(sa.select(TICKETS))}
    last: dict[int, str] = {}
    queued: set[int] = set()
    for row in connection.execute(sa.select(EVENTS).order_by(EVENTS.c.seq)).all():
        number = row.ticket_number
        before = last.get(number, GENESIS)
        told = (
            before,
            str(row.seq),
            str(number),
            row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            row.kind,
            "" if row.actor_id is None else str(row.actor_id),
            json.dumps(row.data, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        )
        last[number] = hashlib.sha256("\n".join(told).encode()).hexdigest()
        connection.execute(
            sa.update(EVENTS)
            .where(EVENTS.c.seq == row.seq)
            .values(previous=before, hash=last[number])
        )
        delta = 0
        if row.kind in ("filed", "answered", "reopened", "returned"):
            delta = 1
            queued.add(number)
        elif row.kind in ("taken", "closed") and number in queued:
            delta = -1
            queued.discard(number)
        if delta:
            key = keys[number]
            connection.execute(
                sa.insert(MOVES).values(
                    seq=row.seq,
                    delta=delta,
                    ticket_number=number,
                    typology=key.typology,
                    effective_arrival=key.effective_arrival,
                    affection=key.affection,
                    opened_at=key.opened_at,
                )
            )


def downgrade() -> None:
    op.drop_index("ix_ticket_events_at", "ticket_events")
    op.drop_index("ix_tickets_merged_into", "tickets")
    op.drop_table("audit_runs")
    op.drop_table("ticket_returns")
    op.drop_table("queue_moves")
    op.drop_column("ticket_events", "hash")
    op.drop_column("ticket_events", "previous")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_constraint("fk_tickets_merged_into_tickets", type_="foreignkey")
        batch_op.drop_column("merged_into")
        batch_op.drop_column("merged_at")
