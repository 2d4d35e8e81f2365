"""Who takes part in a ticket, and who could."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from accounts.models import Person
from accounts.permissions import (
    Actor,
    may_add_participant,
    may_see_ticket,
    may_take_out_participant,
    may_write_in_ticket,
)
from core.db import db
from tickets.models import Ticket
from tickets.participants.models import Participant


@dataclass(frozen=True)
class Participation:
    """What a page shows: who takes part, whom this reader may take out or add."""

    people: Sequence[Person]
    removable: frozenset[int]
    candidates: Sequence[Person]
    may_add: bool


def shared_with(person_id: int) -> Select[int]:
    """Numbers of the tickets that somebody takes part in."""
    return select(Participant.ticket_number).where(
        Participant.person_id == person_id, Participant.removed_at.is_(None)
    )


def takes_part(actor: Actor | None, number: int) -> bool:
    """Whether a customer was added to this ticket and not taken out."""
    if actor is None or not actor.is_customer:
        return False
    mine = shared_with(actor.person_id).where(Participant.ticket_number == number)
    return db.session.scalar(mine) is not None


def may_see(actor: Actor | None, ticket: Ticket) -> bool:
    """Whether `actor` may see this ticket, by their rights or because they take part in it."""
    return bool(seen_of(actor, [ticket]))


def seen_of(actor: Actor | None, tickets: Iterable[Ticket]) -> list[Ticket]:
    """Those that `actor` may see, in the same order; one query however many there are."""
    found = list(tickets)
    shared = _shared(actor) if found else set()
    return [
        ticket
        for ticket in found
        if may_see_ticket(
            actor,
            company_id=ticket.company_id,
            author_id=ticket.author_id,
            participates=ticket.number in shared,
        )
    ]


def written_in(actor: Actor | None, tickets: Iterable[Ticket]) -> list[Ticket]:
    """Those that `actor` may write in, likewise."""
    found = list(tickets)
    shared = _shared(actor) if found else set()
    return [
        ticket
        for ticket in found
        if may_write_in_ticket(
            actor,
            company_id=ticket.company_id,
            author_id=ticket.author_id,
            participates=ticket.number in shared,
        )
    ]


def _shared(actor: Actor | None) -> set[int]:
    if actor is None or not actor.is_customer:
        return set()
    return set(db.session.scalars(shared_with(actor.person_id)))


def may_write(actor: Actor | None, ticket: Ticket) -> bool:
    """The same for writing in it."""
    return bool(written_in(actor, [ticket]))


def participants_of(ticket: Ticket) -> Sequence[Participant]:
    """Who takes part now, by name: members of the ticket's company whose account is open."""
    return db.session.scalars(
        select(Participant)
        .join(Participant.person)
        .where(Participant.ticket_number == ticket.number, Participant.removed_at.is_(None))
        .where(Person.company_id == ticket.company_id, Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
        .options(contains_eager(Participant.person))
    ).all()


def candidates_of(ticket: Ticket) -> Sequence[Person]:
    """Colleagues of the author who could take part: the author does so already."""
    taking_part = select(Participant.person_id).where(
        Participant.ticket_number == ticket.number, Participant.removed_at.is_(None)
    )
    return db.session.scalars(
        select(Person)
        .where(Person.company_id == ticket.company_id, Person.id != ticket.author_id)
        .where(Person.disabled_at.is_(None), Person.confirmed_at.is_not(None))
        .where(Person.id.not_in(taking_part))
        .order_by(Person.name, Person.id)
    ).all()


def participation(actor: Actor, ticket: Ticket) -> Participation:
    """The participants as this reader of the ticket may see and change them."""
    facts = {"company_id": ticket.company_id, "author_id": ticket.author_id}
    people = [row.person for row in participants_of(ticket)]
    takes = any(person.id == actor.person_id for person in people)
    may_add = may_add_participant(actor, participates=takes, **facts)
    return Participation(
        people,
        frozenset(p.id for p in people if may_take_out_participant(actor, person_id=p.id, **facts)),
        candidates_of(ticket) if may_add else [],
        may_add,
    )
