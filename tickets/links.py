"""Tickets that point to one another; each page shows only those its reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_read_desk, may_work_desk
from core.db import db, transaction
from core.tokens import new_token, once_key
from tickets import drafts, events
from tickets.drafts import SUBJECT_LIMIT, Written
from tickets.lifecycle import State
from tickets.models import Draft, Ticket, TicketLink
from tickets.participants.queries import may_see, seen_of
from tickets.places import seen_state
from tickets.policy import Mark
from tickets.refusals import NotAllowed

#: A ticket about something else, begun out of an answered one (R6, R11).
APART = "otra_cosa"
#: A part of a ticket that the desk made its own; two tickets that the desk reads together.
SPLIT, RELATED = "dividido", "relacionado"


@dataclass(frozen=True)
class Linked:
    """The other end of a link. `outgoing`: the ticket that was asked about points to it."""

    number: int
    subject: str
    state: str
    kind: str
    outgoing: bool
    at: datetime


def add(
    session: Session,
    *,
    from_number: int,
    to_number: int,
    kind: str,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """Link two tickets in the transaction under way; False when they are linked so already.

    Whether the actor may see both is asked by the caller. A ticket is not linked to itself.
    """
    if from_number == to_number:
        return False
    same = select(TicketLink.id).where(
        TicketLink.from_number == from_number,
        TicketLink.to_number == to_number,
        TicketLink.kind == kind,
    )
    if session.scalar(same) is not None:
        return False
    session.add(
        TicketLink(from_number=from_number, to_number=to_number, kind=kind, at=now, by=actor_id)
    )
    return True


def relate(*, number: int, other: int, actor: Actor, now: datetime) -> None:
    """The desk reads two tickets together; again changes nothing, and no place changes.

    Raises NotAllowed("desk"), LookupError where there is no such other ticket.
    """
    with transaction() as session:
        if not may_work_desk(actor) or session.get(Ticket, number) is None:
            raise NotAllowed("desk")
        if other == number or session.get(Ticket, other) is None:
            raise LookupError(other)
        # One link for both, whichever page it was made on.
        first, second = sorted((number, other))
        by = actor.person_id
        if add(session, from_number=first, to_number=second, kind=RELATED, actor_id=by, now=now):
            _record_both("linked", number, other, by, now)


def unrelate(*, number: int, other: int, actor: Actor, now: datetime) -> None:
    """They have nothing to do with one another after all. Raises NotAllowed."""
    with transaction() as session:
        if not may_work_desk(actor):
            raise NotAllowed("desk")
        first, second = sorted((number, other))
        link = session.scalar(
            select(TicketLink).where(
                TicketLink.from_number == first,
                TicketLink.to_number == second,
                TicketLink.kind == RELATED,
            )
        )
        if link is not None:
            session.delete(link)
            _record_both("unlinked", number, other, actor.person_id, now)


def _record_both(kind: str, number: int, other: int, by: int, now: datetime) -> None:
    happened = [
        (a, events.Happened(kind, {"other": b})) for a, b in ((number, other), (other, number))
    ]
    events.record_many(happened, actor_id=by, now=now)


def of(actor: Actor, ticket: Ticket) -> list[Linked]:
    """What this ticket is linked with, as far as `actor` may see it, the oldest link first."""
    links = db.session.scalars(
        select(TicketLink)
        .where(or_(TicketLink.from_number == ticket.number, TicketLink.to_number == ticket.number))
        .order_by(TicketLink.id)
    ).all()
    if not links:
        return []
    ends = {link.from_number for link in links} | {link.to_number for link in links}
    seen = {
        other.number: other
        for other in seen_of(
            actor, db.session.scalars(select(Ticket).where(Ticket.number.in_(ends)))
        )
    }
    return [
        _linked(link, ticket.number, seen[n], actor)
        for link in links
        if (n := _end(link, ticket)) in seen
    ]


def _end(link: TicketLink, ticket: Ticket) -> int:
    return link.to_number if link.from_number == ticket.number else link.from_number


def _linked(link: TicketLink, number: int, other: Ticket, actor: Actor) -> Linked:
    outgoing = link.from_number == number
    state = other.state if may_read_desk(actor) else seen_state(other)
    return Linked(other.number, other.subject, state, link.kind, outgoing, link.at)


def begin_apart(*, origin: int, actor: Actor, text: str, form_id: str, now: datetime) -> str:
    """«Es otra cosa»: a draft that holds the text and remembers the ticket; its id.

    The same form begins one draft. Raises drafts.AlreadyFiled where that one was sent already.
    Whether the actor may write in `origin` is asked by the caller, and again when it is filed.
    """
    draft_id = once_key("apart", form_id, origin, actor.person_id) if form_id else new_token()
    first = next((line for line in text.splitlines() if line.strip()), "")
    drafts.save_draft(
        draft_id=draft_id,
        owner=drafts.owner_of(actor, ""),
        # The first line is what the matter is called until its writer says it better.
        written=Written(_shortened(first), text, "", Mark.NORMAL.value),
        origin=origin,
        now=now,
    )
    return draft_id


def _shortened(line: str, limit: int = 100) -> str:
    words = " ".join(line.split())[:SUBJECT_LIMIT]
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def add_origin(session: Session, draft: Draft, *, actor: Actor, now: datetime) -> None:
    """Link the ticket of a draft with the one it was begun out of, while the filer may see it."""
    if draft.origin_number is None or draft.ticket_number is None:
        return
    origin = session.get(Ticket, draft.origin_number)
    if origin is None or origin.state == State.MERGED or not may_see(actor, origin):
        return
    add(
        session,
        from_number=draft.ticket_number,
        to_number=origin.number,
        kind=APART,
        actor_id=actor.person_id,
        now=now,
    )
