"""What customers do with tickets. Each verb is one transaction: rows, events, outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_authorise_access, may_write_in_ticket
from core import outbox
from core.db import transaction
from tickets import events, queueing
from tickets.consents.log import declare
from tickets.consents.policy import Kind
from tickets.drafts import NotYours, Upload
from tickets.lifecycle import (
    OPEN_STATES,
    Reopening,
    State,
    Step,
    StepNotAllowed,
    after,
    as_customers_see,
)
from tickets.messages import add_message
from tickets.models import Attachment, Draft, Message, Satisfaction, Ticket
from tickets.news.actions import tell
from tickets.news.policy import What
from tickets.outcomes.recording import record_filing
from tickets.participants.queries import takes_part
from tickets.previews.actions import ask_for
from tickets.refusals import Incomplete, NotAllowed
from tickets.vault import wiping
from tickets.vault.actions import follow_draft, renumbered


def customers_ticket(session: Session, number: int, actor: Actor) -> Ticket:
    """The ticket, locked, for a customer who may write in it. Raises NotAllowed."""
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_write_in_ticket(
        actor,
        company_id=ticket.company_id,
        author_id=ticket.author_id,
        participates=takes_part(actor, number),
    ):
        raise NotAllowed("write")
    return ticket


def _crossed(ticket: Ticket, now: datetime) -> bool:
    """Whether the customer acts before they can know of the reply that ended it (decision 0021)."""
    state = State(ticket.state)
    return as_customers_see(state, ticket.settles_at, now) != state


def reply_as_customer(
    *,
    number: int,
    actor: Actor,
    text: str,
    form_id: str,
    uploads: Sequence[Upload] = (),
    also: Callable[[Session, Message, State], None] | None = None,
    now: datetime,
) -> State:
    """Write in the thread. A waiting ticket goes back to its place in the queue; a resolved
    one stays resolved, for a «gracias» never reopens (R11), unless they could not know yet that
    it was: then nobody would read it. The state afterwards. `also` is stored with the message.

    Raises NotAllowed, and StepNotAllowed for a closed ticket.
    """
    with transaction(queue=True) as session:
        ticket = customers_ticket(session, number, actor)
        _require_open_thread(ticket)
        message = add_message(
            session,
            ticket,
            actor=actor,
            text=text,
            form_id=form_id,
            uploads=uploads,
            now=now,
            from_staff=False,
        )
        if message is None:
            return State(ticket.state)
        state = customer_wrote(ticket, message, actor, now)
        if also is not None:
            also(session, message, state)
        return state


def _require_open_thread(ticket: Ticket) -> None:
    state = State(ticket.state)
    if state not in OPEN_STATES | {State.RESOLVED}:
        raise StepNotAllowed(state, Step.ANSWER)


def customer_wrote(ticket: Ticket, message: Message, actor: Actor, now: datetime) -> State:
    """What follows from a customer's message, by whatever way it came; the state afterwards."""
    number, by = ticket.number, actor.person_id
    told_place = [ticket.author_id] if ticket.state in {State.RESOLVED, State.WAITING} else []
    crossed = ticket.settles_at if _crossed(ticket, now) else None
    if ticket.state == State.RESOLVED and crossed:
        queueing.enter(ticket, Step.REOPEN, "reopened", actor_id=by, now=now, crossed=True)
        _tell_place(number, message, reopened=True, now=now, run_at=crossed)
    elif ticket.state == State.WAITING:
        queueing.enter(ticket, Step.ANSWER, "answered", actor_id=by, now=now)
        # The mail with the question goes first.
        _tell_place(number, message, reopened=False, now=now, run_at=crossed)
    else:
        events.record(number, "customer_replied", actor_id=by, now=now)
    about = {"message_id": message.id}
    tell(ticket, What.WRITTEN, by=by, now=now, without=told_place, **about)
    return State(ticket.state)


def add_draft_to_ticket(
    *, draft_id: str, owner: str, number: int, actor: Actor, now: datetime
) -> int:
    """Put a draft, its text and its files, into the thread of an open ticket (R8); the number of
    the ticket that the draft ended in, which is another one where it was filed before.

    Raises NotYours, Incomplete, NotAllowed, and StepNotAllowed for a ticket that is not open.
    """
    with transaction(queue=True) as session:
        draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())
        if draft is None or draft.owner != owner or not owner:
            raise NotYours
        if draft.ticket_number is not None:
            return draft.ticket_number
        if not draft.subject.strip() or not draft.description.strip():
            raise Incomplete
        ticket = customers_ticket(session, number, actor)
        if State(ticket.state) not in OPEN_STATES:
            raise StepNotAllowed(State(ticket.state), Step.ANSWER)
        _write_draft(session, draft, ticket, actor, now)
        return number


def _write_draft(
    session: Session, draft: Draft, ticket: Ticket, actor: Actor, now: datetime
) -> None:
    shift = follow_draft(session, draft, ticket, author_id=actor.person_id, now=now)
    text = renumbered(f"{draft.subject}\n\n{draft.description}", shift)
    message = add_message(
        session,
        ticket,
        actor=actor,
        text=text,
        form_id=None,
        now=now,
        from_staff=False,
    )
    if message is None:
        return
    files = update(Attachment).where(Attachment.draft_id == draft.id)
    session.execute(files.values(message_id=message.id))
    ask_for(session, message.id, now=now)
    draft.ticket_number = ticket.number
    record_filing(session, draft, ticket, now=now)
    customer_wrote(ticket, message, actor, now)


def was_withdrawn(ticket: Ticket) -> bool:
    """Whether its customer closed it before anybody resolved it."""
    return ticket.state == State.CLOSED and ticket.resolved_at is None


def reopen(
    *,
    number: int,
    actor: Actor,
    text: str,
    form_id: str,
    reason: Reopening = Reopening.NOT_SOLVED,
    now: datetime,
) -> None:
    """The solution does not satisfy (R11): it was none, or it did not last.

    Raises NotAllowed, StepNotAllowed. What is «otra cosa» is no reopening: `links.begin_apart`.
    """
    with transaction(queue=True) as session:
        ticket = customers_ticket(session, number, actor)
        if _crossed(ticket, now):
            raise StepNotAllowed(State.ACTIVE, Step.REOPEN)
        if was_withdrawn(ticket):
            # There was no solution to be unhappy with: a place cannot be kept by closing (R3).
            raise StepNotAllowed(State.CLOSED, Step.REOPEN)
        sent = add_message(
            session,
            ticket,
            actor=actor,
            text=text,
            form_id=form_id,
            now=now,
            from_staff=False,
        )
        if sent is None:
            return
        ticket.changed_at = now
        by, why = actor.person_id, reason.value
        queueing.enter(ticket, Step.REOPEN, "reopened", actor_id=by, now=now, reason=why)
        _tell_place(number, sent, reopened=True, now=now)
        tell(ticket, What.REOPENED, by=by, now=now, message_id=sent.id)


def _tell_place(
    number: int,
    message: Message,
    *,
    reopened: bool,
    now: datetime,
    run_at: datetime | None = None,
) -> None:
    payload = {"number": number, "message_id": message.id, "reopened": reopened}
    outbox.enqueue("tickets.queued", payload, now=now, run_at=run_at)


def close(*, number: int, actor: Actor, now: datetime) -> None:
    """The customer ends it: a resolved ticket is closed, one that waits is withdrawn.

    Raises NotAllowed, and StepNotAllowed while a technician is on it.
    """
    with transaction(queue=True) as session:
        ticket = customers_ticket(session, number, actor)
        state = State(ticket.state)
        if state == State.CLOSED:
            return
        if _crossed(ticket, now):
            raise StepNotAllowed(State.ACTIVE, Step.CLOSE)
        moves = queueing.leaving(ticket)
        ticket.state = after(state, Step.CLOSE if state == State.RESOLVED else Step.WITHDRAW).value
        ticket.holder_id = None
        ticket.closed_at = ticket.changed_at = now
        wiping.with_ticket(session, number, now=now)
        closed = events.Happened("closed", {"was": state.value}, moves)
        events.record_all(number, [closed], actor_id=actor.person_id, now=now)
        tell(ticket, What.CLOSED, by=actor.person_id, now=now)


def rate(*, number: int, actor: Actor, satisfied: bool, comment: str, now: datetime) -> None:
    """Whether the solution satisfies (R11); the last answer counts. Raises NotAllowed."""
    with transaction() as session:
        ticket = customers_ticket(session, number, actor)
        if State(ticket.state) not in {State.RESOLVED, State.CLOSED} or _crossed(ticket, now):
            raise StepNotAllowed(State(ticket.state), Step.CLOSE)
        session.add(
            Satisfaction(
                ticket_number=number,
                person_id=actor.person_id,
                satisfied=satisfied,
                comment=comment[:1000],
                at=now,
            )
        )
        events.record(number, "rated", actor_id=actor.person_id, now=now, satisfied=satisfied)


def authorise(
    *, number: int, actor: Actor, now: datetime, address: str = "", form_id: str = ""
) -> None:
    """Give the access of R12 afterwards. Raises NotAllowed."""
    with transaction() as session:
        ticket = _own_companys_ticket(session, number, actor)
        if ticket.authorised_at is not None:
            return
        if declare(
            session, ticket, Kind.GIVEN, actor=actor, address=address, now=now, form_id=form_id
        ):
            ticket.authorised_at, ticket.authorised_by = now, actor.person_id
            events.record(number, "authorised", actor_id=actor.person_id, now=now)
            tell(ticket, What.ACCESS_GIVEN, by=actor.person_id, now=now)


def withdraw_authorisation(
    *, number: int, actor: Actor, now: datetime, address: str = "", form_id: str = ""
) -> None:
    """Take the access of R12 back; whoever may give it may. Raises NotAllowed."""
    with transaction() as session:
        ticket = _own_companys_ticket(session, number, actor)
        if ticket.authorised_at is None:
            return
        if declare(
            session, ticket, Kind.WITHDRAWN, actor=actor, address=address, now=now, form_id=form_id
        ):
            ticket.authorised_at = ticket.authorised_by = None
            events.record(number, "authorisation_withdrawn", actor_id=actor.person_id, now=now)
            tell(ticket, What.ACCESS_WITHDRAWN, by=actor.person_id, now=now)


def _own_companys_ticket(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_authorise_access(actor, company_id=ticket.company_id):
        raise NotAllowed("authorise")
    return ticket
