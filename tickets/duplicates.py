"""Open tickets of the same company that a draft looks like, as far as the reader may know (R8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypedDict

from sqlalchemy import Text, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import Actor, Right, may_see_ticket, may_write_in_ticket
from core.db import db
from kb.analysis import fold, is_courtesy, is_stop, normalise, stem, tokens
from tickets import places
from tickets.lifecycle import OPEN_STATES
from tickets.likeness import Told, machines_in, most_alike
from tickets.models import Message, Ticket
from tickets.participants.queries import shared_with

#: How many open tickets are looked at, the newest; how many are shown; how much of a text is read.
LOOKED_AT, SHOWN, READ_CHARS = 100, 3, 2000
NAMES = 3


def _stems(words: str) -> frozenset[str]:
    return frozenset(
        stem(token.word)
        for token in tokens(fold(normalise(words)))
        if not is_stop(token.word) and not is_courtesy(token.word)
    )


#: What every ticket of a hosting company says.
ORDINARY = _stems(
    "no sin correo correos mail email mensaje servidor web página sitio error problema falla "
    "funciona sale aparece muestra carga cargar entra entrar abre abrir llega llegan envía enviar "
    "recibe recibir cuenta "
    "usuario cliente sistema servicio acceso dominio responde revisar solución "
    "clave contraseña datos base archivo nuevo"
)


@dataclass(frozen=True)
class Similar:
    """An open ticket that the reader may see."""

    ticket: Ticket
    may_write: bool
    ahead: int | None


@dataclass(frozen=True)
class Duplicates:
    """What may be said to one reader: tickets they see, or only whom to ask."""

    visible: Sequence[Similar] = ()
    #: Something alike is open that the reader may not see: nothing else is said of it.
    hidden: bool = False
    ask: Sequence[str] = field(default_factory=tuple)

    def __bool__(self) -> bool:
        return bool(self.visible) or self.hidden


def duplicates_of(
    actor: Actor | None, *, subject: str, description: str, affection: str
) -> Duplicates:
    """The open tickets of the actor's company that this text looks like, the likest first.

    Nothing for visitors and staff. A fixed number of queries, however many tickets there are.
    """
    if actor is None or not actor.is_customer:
        return Duplicates()
    candidates = _candidates(actor)
    told = [told_of(t.subject, body or "", t.affection) for t, body in candidates]
    alike = most_alike(told_of(subject, description, affection), told, ORDINARY)
    found = [candidates[place][0] for place in alike]
    shared = set(db.session.scalars(shared_with(actor.person_id))) if found else set()
    seen = [t for t in found if may_see_ticket(actor, **_whose(t, shared))][:SHOWN]
    if not seen:
        return Duplicates(hidden=bool(found), ask=_who_may_see(actor) if found else ())
    ahead = places.counts_ahead(seen)
    return Duplicates(
        [
            Similar(t, may_write_in_ticket(actor, **_whose(t, shared)), ahead.get(t.number))
            for t in seen
        ]
    )


def told_of(subject: str, description: str, affection: str) -> Told:
    """A ticket or a draft as it is compared; of a long text only the beginning."""
    return _analysed(subject, description[:READ_CHARS], affection)


@lru_cache(maxsize=512)
def _analysed(subject: str, description: str, affection: str) -> Told:
    # A ticket's first message never changes, and the same ones are compared at every pause.
    text = f"{subject}\n{description}"
    return Told(_stems(text), affection, machines_in(text), _stems(subject))


class _Whose(TypedDict):
    company_id: int
    author_id: int
    participates: bool


def _whose(ticket: Ticket, shared: set[int]) -> _Whose:
    return {
        "company_id": ticket.company_id,
        "author_id": ticket.author_id,
        "participates": ticket.number in shared,
    }


def _candidates(actor: Actor) -> Sequence[tuple[Ticket, str | None]]:
    first = (
        select(func.substr(Message.body, 1, READ_CHARS))
        .where(Message.ticket_number == Ticket.number)
        .where(Message.from_staff.is_(False), Message.internal.is_(False))
        .order_by(Message.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Ticket, first)
        .where(Ticket.company_id == actor.company_id)
        .where(Ticket.state.in_([state.value for state in OPEN_STATES]))
        .order_by(Ticket.number.desc())
        .limit(LOOKED_AT)
        .options(joinedload(Ticket.author))
    )
    return [(row[0], row[1]) for row in rows]


def _who_may_see(actor: Actor) -> tuple[str, ...]:
    """Colleagues who see all the company's tickets or hand out that right, never the author as
    such: whose ticket it is would be told otherwise.
    """
    rights = type_coerce(Person.rights, Text)
    sees = rights.contains(Right.SEE_COMPANY_TICKETS.value)
    manages = rights.contains(Right.MANAGE_MEMBERS.value)
    return tuple(
        db.session.scalars(
            select(Person.name)
            .where(Person.company_id == actor.company_id, Person.id != actor.person_id)
            .where(Person.disabled_at.is_(None), or_(sees, manages))
            .order_by(manages.desc(), sees.desc(), Person.name, Person.id)
            .limit(NAMES)
        )
    )
