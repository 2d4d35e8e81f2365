"""Reading canned answers: the list of the desk, and those that fit a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Actor
from core.db import db
from kb.analysis import fold
from tickets.canned import placeholders
from tickets.canned.models import EVERY, CannedAnswer
from tickets.models import Ticket

#: More than a page can hold in order are found by their words in the list of the desk.
OFFERED = 60
MAX_WORDS = 8


@dataclass(frozen=True)
class Offered:
    """An answer filled for one ticket; `own`: it was written for the ticket's affection."""

    id: int
    title: str
    text: str
    lang: str
    own: bool


def answers(
    *, text: str, affection: str | None, archived: bool, offset: int, limit: int
) -> tuple[Sequence[CannedAnswer], int]:
    """One page of the list by title, and how many match. `affection` None asks for all."""
    where = [_in_use(not archived), *_holding(text)]
    if affection is not None:
        where.append(CannedAnswer.affection == affection)
    total = db.session.scalar(select(func.count()).select_from(CannedAnswer).where(*where)) or 0
    query = select(CannedAnswer).options(joinedload(CannedAnswer.author)).where(*where)
    query = query.order_by(func.lower(CannedAnswer.title), CannedAnswer.id)
    return db.session.scalars(query.offset(offset).limit(limit)).all(), total


def counts() -> tuple[int, int]:
    """How many answers are in use, and how many are archived."""
    used = func.coalesce(func.sum(case((CannedAnswer.archived_at.is_(None), 1), else_=0)), 0)
    row = db.session.execute(select(used, func.count()).select_from(CannedAnswer)).one()
    return int(row[0]), int(row[1]) - int(row[0])


def answer_to_edit(answer_id: int) -> CannedAnswer | None:
    """Any answer, archived or not."""
    return db.session.scalar(
        select(CannedAnswer)
        .where(CannedAnswer.id == answer_id)
        .options(joinedload(CannedAnswer.author))
    )


def offered_for(ticket: Ticket, actor: Actor) -> list[Offered]:
    """What fits a ticket, filled for it: those of its affection first, then the general ones,
    in the customer's language before the other."""
    fitting = CannedAnswer.affection.in_({EVERY, ticket.affection})
    order = (
        case((CannedAnswer.affection == EVERY, 1), else_=0),
        case((CannedAnswer.lang == ticket.author.locale, 0), else_=1),
        func.lower(CannedAnswer.title),
        CannedAnswer.id,
    )
    rows = select(CannedAnswer).where(_in_use(True), fitting).order_by(*order).limit(OFFERED)
    return [_filled(answer, ticket, actor) for answer in db.session.scalars(rows)]


def offered_outside(values: Mapping[str, str], locale: str) -> list[Offered]:
    """The general answers for somebody who has no ticket (the chat), filled with what is known of
    them; what speaks of a ticket is left out."""
    order = (case((CannedAnswer.lang == locale, 0), else_=1), func.lower(CannedAnswer.title))
    general = select(CannedAnswer).where(_in_use(True), CannedAnswer.affection == EVERY)
    rows = db.session.scalars(general.order_by(*order, CannedAnswer.id).limit(OFFERED))
    texts = [(answer, placeholders.fill(answer.body, values)) for answer in rows]
    return [Offered(a.id, a.title, text, a.lang, False) for a, text in texts if "{{" not in text]


def offered(answer_id: int, ticket: Ticket, actor: Actor) -> Offered | None:
    """One answer in use, filled for a ticket."""
    answer = db.session.scalar(
        select(CannedAnswer).where(CannedAnswer.id == answer_id, _in_use(True))
    )
    return _filled(answer, ticket, actor) if answer else None


def _filled(answer: CannedAnswer, ticket: Ticket, actor: Actor) -> Offered:
    values = {
        "cliente": ticket.author.name,
        "empresa": ticket.company.name,
        "ticket": str(ticket.number),
        "asunto": ticket.subject,
        "tecnico": actor.name,
    }
    text = placeholders.fill(answer.body, values)
    return Offered(answer.id, answer.title, text, answer.lang, answer.affection != EVERY)


def _in_use(wanted: bool) -> ColumnElement[bool]:
    archived = CannedAnswer.archived_at
    return archived.is_(None) if wanted else archived.is_not(None)


def _holding(text: str) -> list[ColumnElement[bool]]:
    words = fold(text).split()[:MAX_WORDS]
    return [CannedAnswer.words.contains(word, autoescape=True) for word in words]
