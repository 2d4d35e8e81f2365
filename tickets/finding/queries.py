"""Tickets that hold all the words and pass all the filters, the last changed first.

The same SQL on both databases, and none of it looks at one row after another in Python. Only
the numbers are looked for; the rows of one page are read by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from accounts.models import Company, Person
from accounts.permissions import Actor, Role, may_read_desk
from core import clock
from core.db import db
from kb.analysis import fold, normalise
from tickets.finding.models import TicketTerm
from tickets.finding.terms import Clause
from tickets.lifecycle import State
from tickets.models import Message, Ticket
from tickets.participants.queries import shared_with
from tickets.queries import visible_to

#: Results beyond are not shown: whoever gets so many adds a word or a filter.
SHOWN_AT_MOST = 1000
EXPORTED_AT_MOST = 50_000
#: A word that fewer tickets hold leads the search; others are only looked up.
RARE = 2000
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Criteria:
    """What is looked for. Empty ones filter nothing; moments are those of arrival."""

    words: tuple[Clause, ...] = ()
    company: str = ""
    person: str = ""
    states: frozenset[str] = frozenset()
    typology: int | None = None
    affection: str = ""
    technician_id: int | None = None
    author_id: int | None = None
    participant_id: int | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None


def find(actor: Actor, wanted: Criteria, *, limit: int) -> list[int]:
    """Numbers of what `actor` may see and asks for, at most `limit`, the last changed first."""
    staff = may_read_desk(actor)
    query = select(Ticket.number) if staff else visible_to(actor).with_only_columns(Ticket.number)
    state = Ticket.state if staff else _seen_state()
    for condition in (*_holds(wanted.words, internal=staff), *_passes(wanted, state)):
        query = query.where(condition)
    query = query.order_by(Ticket.changed_at.desc(), Ticket.number.desc()).limit(limit)
    return list(db.session.scalars(query))


def _term(clause: Clause, *, internal: bool) -> ColumnElement[bool]:
    same = TicketTerm.term == clause[0] if len(clause) == 1 else TicketTerm.term.in_(clause)
    # What stands in a note is no word of the ticket to a customer.
    return same if internal else and_(same, TicketTerm.internal.is_(False))


def _holds(clauses: Sequence[Clause], *, internal: bool) -> Iterator[ColumnElement[bool]]:
    """The rarest word hands out tickets where it is rare; every other is asked of each."""
    if not clauses:
        return
    terms = [_term(clause, internal=internal) for clause in clauses]
    counts = db.session.execute(
        select(
            *(
                select(func.count())
                .select_from(select(literal(1)).where(term).limit(RARE).subquery())
                .scalar_subquery()
                for term in terms
            )
        )
    ).one()
    rarest = min(range(len(terms)), key=lambda place: counts[place])
    for place, term in enumerate(terms):
        if place == rarest and counts[place] < RARE:
            yield Ticket.number.in_(select(TicketTerm.ticket_number).where(term))
        else:
            yield exists().where(term, TicketTerm.ticket_number == Ticket.number)


def _seen_state() -> ColumnElement[str]:
    """The state as customers see it, while a reply can still be undone (decision 0021)."""
    held_back = and_(
        Ticket.state.in_([State.WAITING.value, State.RESOLVED.value]),
        Ticket.settles_at > clock.now(),
    )
    return case((held_back, State.ACTIVE.value), else_=Ticket.state)


def _passes(
    wanted: Criteria, state: ColumnElement[str] | InstrumentedAttribute[str]
) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        yield state.in_(sorted(wanted.states))
    if wanted.typology is not None:
        yield Ticket.typology == wanted.typology
    if wanted.affection:
        yield Ticket.affection == wanted.affection
    if wanted.author_id is not None:
        yield Ticket.author_id == wanted.author_id
    if wanted.company:
        named = select(Company.id).where(_contains(Company.name, wanted.company))
        yield Ticket.company_id.in_(named)
    if wanted.person:
        either = or_(_contains(Person.name, wanted.person), _contains(Person.email, wanted.person))
        yield Ticket.author_id.in_(select(Person.id).where(either))
    if wanted.participant_id is not None:
        yield Ticket.number.in_(shared_with(wanted.participant_id))
    if wanted.technician_id is not None:
        yield Ticket.number.in_(_worked_by(wanted.technician_id))
    yield from _arrived(wanted)


def _arrived(wanted: Criteria) -> Iterator[ColumnElement[bool]]:
    if wanted.opened_from is not None:
        # Nothing changes before it arrives: said twice, so that the index of changes is cut too.
        yield Ticket.opened_at >= wanted.opened_from
        yield Ticket.changed_at >= wanted.opened_from
    if wanted.opened_before is not None:
        yield Ticket.opened_at < wanted.opened_before


def _worked_by(person_id: int) -> Select[tuple[int]]:
    """What somebody holds, or has answered: a closed ticket has no holder any more."""
    holds = select(Ticket.number).where(Ticket.holder_id == person_id)
    answered = select(Message.ticket_number).where(
        Message.author_id == person_id, Message.from_staff == true(), Message.internal.is_(False)
    )
    return select(union(holds, answered).subquery().c[0])


def _contains(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Whether a name holds these words, whatever the accents and the case."""
    folded: ColumnElement[str] = func.lower(column)
    for accented, plain in zip("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunaeiouun", strict=True):
        folded = func.replace(folded, accented, plain)
    return folded.contains(fold(normalise(words)), autoescape=True)


def rows_of(numbers: Sequence[int]) -> list[Ticket]:
    """These tickets in this order, with company, author and holder."""
    if not numbers:
        return []
    rows = db.session.scalars(
        select(Ticket)
        .where(Ticket.number.in_(numbers))
        .options(joinedload(Ticket.company), joinedload(Ticket.author), joinedload(Ticket.holder))
    )
    by_number = {ticket.number: ticket for ticket in rows}
    return [by_number[number] for number in numbers if number in by_number]


def all_rows(numbers: Sequence[int]) -> Iterator[Ticket]:
    """The same for a long list, read in pieces."""
    for start in range(0, len(numbers), ROWS_AT_ONCE):
        yield from rows_of(numbers[start : start + ROWS_AT_ONCE])
        # What was written out is not kept in memory.
        db.session.expunge_all()


def technicians() -> list[tuple[int, str]]:
    """Everybody who works or worked at the desk, by name."""
    answered = exists().where(Message.author_id == Person.id, Message.from_staff == true())
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.company_id.is_(None))
        .where(or_(type_coerce(Person.roles, Text).contains(Role.TECHNICIAN.value), answered))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]


def companies_named(words: str, limit: int = 5) -> list[str]:
    """Names of companies that hold these words: for whoever types one where words are asked."""
    named = select(Company.name).where(_contains(Company.name, words))
    return list(db.session.scalars(named.distinct().order_by(Company.name).limit(limit)))
