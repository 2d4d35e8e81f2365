"""What customers do with tickets. Each verb is one transaction: rows, events, outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import conditions.queries
from accounts.permissions import Actor, may_authorise_access, may_open, may_write_in_ticket
from core import outbox
from core.counters import next_value
from core.db import transaction
from core.tokens import once_key
from tickets import events, queries
from tickets.drafts import NotYours, Upload, attach
from tickets.lifecycle import OPEN_STATES, State, Step, StepNotAllowed, after
from tickets.models import Attachment, Draft, Message, PolicyVersion, Satisfaction, Ticket
from tickets.policy import DEFAULT_POLICY, Mark, Typology, key_for


class NotAllowed(Exception):
    """The actor may not do this; `reason` is one of the words below."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConditionsChanged(Exception):
    """Other conditions than those in force were shown to whoever files (R12)."""


class Incomplete(Exception):
    """The draft lacks what a ticket needs."""


def publish_first_policy(*, now: datetime) -> None:
    """Publish the table of DESIGN section 2 where none was published yet."""
    with transaction() as session:
        if session.get(PolicyVersion, DEFAULT_POLICY.version) is None:
            session.add(
                PolicyVersion(
                    version=DEFAULT_POLICY.version,
                    table=DEFAULT_POLICY.to_json(),
                    published_at=now,
                )
            )


def file_ticket(
    *, draft_id: str, owner: str, actor: Actor, shown: int | None = None, now: datetime
) -> int:
    """Turn a draft into a ticket, exactly once; the ticket's number.

    `shown` is the version of the conditions that the person was shown, where a page showed one.
    Filing the same draft again returns the same number. Raises NotYours, Incomplete,
    ConditionsChanged, and NotAllowed("incident" | "request") for a member without the right (R10).
    """
    with transaction(queue=True) as session:
        draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())
        if draft is None or draft.owner != owner or not owner:
            raise NotYours
        if draft.ticket_number is not None:
            return draft.ticket_number
        ticket = _new_ticket(draft, actor, shown, now)
        session.add(ticket)
        session.flush()
        message = Message(
            ticket_number=ticket.number,
            author_id=actor.person_id,
            from_staff=False,
            body=draft.description,
            written_at=now,
        )
        session.add(message)
        session.flush()
        session.execute(
            update(Attachment).where(Attachment.draft_id == draft.id).values(message_id=message.id)
        )
        draft.ticket_number = ticket.number
        _log_filing(ticket, actor, now)
        outbox.enqueue("tickets.filed", {"number": ticket.number}, now=now)
        return ticket.number


def _new_ticket(draft: Draft, actor: Actor, shown: int | None, now: datetime) -> Ticket:
    policy = queries.current_policy()
    affection = policy.affections.get(draft.affection)
    if affection is None or not draft.subject.strip() or not draft.description.strip():
        raise Incomplete
    incident = affection.typology == Typology.INCIDENT
    if actor.company_id is None or not may_open(actor, incident=incident):
        raise NotAllowed("incident" if incident else "request")
    agreed = conditions.queries.current_version()
    if shown not in {None, agreed}:
        raise ConditionsChanged
    number = next_value("ticket")
    mark = Mark(draft.mark)
    key = key_for(policy, affection=draft.affection, mark=mark, opened_at=now, number=number)
    # R12: whoever may authorise does so by filing; for others the desk shows that it is missing.
    authorises = may_authorise_access(actor, company_id=actor.company_id)
    return Ticket(
        number=number,
        company_id=actor.company_id,
        author_id=actor.person_id,
        subject=draft.subject,
        affection=draft.affection,
        mark=mark.value,
        policy_version=policy.version,
        typology=int(key.typology),
        effective_arrival=key.effective_arrival,
        opened_at=now,
        changed_at=now,
        state=State.QUEUED.value,
        conditions_version=agreed,
        authorised_at=now if authorises else None,
        authorised_by=actor.person_id if authorises else None,
        articles_shown=draft.shown,
        articles_opened=draft.opened,
    )


def _log_filing(ticket: Ticket, actor: Actor, now: datetime) -> None:
    facts = {
        "affection": ticket.affection,
        "mark": ticket.mark,
        "policy": ticket.policy_version,
        "typology": ticket.typology,
        "effective_arrival": ticket.effective_arrival.isoformat(),
        "conditions": ticket.conditions_version,
    }
    happened = [events.Happened("filed", facts)]
    if ticket.authorised_at:
        happened.append(events.Happened("authorised"))
    events.record_all(ticket.number, happened, actor_id=actor.person_id, now=now)


def _customers_ticket(session: Session, number: int, actor: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_write_in_ticket(
        actor, company_id=ticket.company_id, author_id=ticket.author_id
    ):
        raise NotAllowed("write")
    return ticket


def add_message(
    session: Session,
    ticket: Ticket,
    *,
    actor: Actor,
    text: str,
    form_id: str | None,
    uploads: Sequence[Upload],
    now: datetime,
    from_staff: bool,
    internal: bool = False,
) -> Message | None:
    """Add a message to the transaction under way; None when this form was already sent."""
    once = None
    if form_id:
        # With what it says: a text that was changed after a press that seemed lost is another.
        files = [upload.checked.sha256 for upload in uploads]
        once = once_key(form_id, ticket.number, actor.person_id, internal, text, *files)
        if session.scalar(select(Message.id).where(Message.form_id == once)):
            return None
    message = Message(
        ticket_number=ticket.number,
        author_id=actor.person_id,
        from_staff=from_staff,
        internal=internal,
        body=text,
        written_at=now,
        form_id=once,
    )
    session.add(message)
    session.flush()
    session.add_all(attach(session, upload, now=now, message_id=message.id) for upload in uploads)
    if not internal:
        ticket.changed_at = now
    return message


def reply_as_customer(
    *,
    number: int,
    actor: Actor,
    text: str,
    form_id: str,
    uploads: Sequence[Upload] = (),
    now: datetime,
) -> State:
    """Write in the thread. A waiting ticket goes back to its place in the queue; a resolved
    one stays resolved, for a «gracias» never reopens (R11). The state afterwards.

    Raises NotAllowed, and StepNotAllowed for a closed ticket.
    """
    with transaction(queue=True) as session:
        ticket = _customers_ticket(session, number, actor)
        state = State(ticket.state)
        if state not in OPEN_STATES | {State.RESOLVED}:
            raise StepNotAllowed(state, Step.ANSWER)
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
            return state
        if state != State.WAITING:
            events.record(number, "customer_replied", actor_id=actor.person_id, now=now)
            return state
        back_to_queue(ticket, Step.ANSWER)
        events.record(number, "answered", actor_id=actor.person_id, now=now)
        return State.QUEUED


def back_to_queue(ticket: Ticket, step: Step) -> None:
    """Into the queue with the key it always had: the first arrival stays (DESIGN section 2)."""
    ticket.state = after(State(ticket.state), step).value
    ticket.holder_id = None
    ticket.taken_at = ticket.taken_with = None
    ticket.resolved_at = ticket.closed_at = None


def reopen(*, number: int, actor: Actor, text: str, form_id: str, now: datetime) -> None:
    """The solution does not satisfy (R11). Raises NotAllowed, StepNotAllowed."""
    with transaction(queue=True) as session:
        ticket = _customers_ticket(session, number, actor)
        sent = add_message(
            session,
            ticket,
            actor=actor,
            text=text,
            form_id=form_id,
            uploads=(),
            now=now,
            from_staff=False,
        )
        if sent is None:
            return
        back_to_queue(ticket, Step.REOPEN)
        ticket.changed_at = now
        events.record(number, "reopened", actor_id=actor.person_id, now=now)


def close(*, number: int, actor: Actor, now: datetime) -> None:
    """The customer ends it: a resolved ticket is closed, one that waits is withdrawn.

    Raises NotAllowed, and StepNotAllowed while a technician is on it.
    """
    with transaction(queue=True) as session:
        ticket = _customers_ticket(session, number, actor)
        state = State(ticket.state)
        if state == State.CLOSED:
            return
        ticket.state = after(state, Step.CLOSE if state == State.RESOLVED else Step.WITHDRAW).value
        ticket.holder_id = None
        ticket.closed_at = ticket.changed_at = now
        events.record(number, "closed", actor_id=actor.person_id, now=now, was=state.value)


def rate(*, number: int, actor: Actor, satisfied: bool, comment: str, now: datetime) -> None:
    """Whether the solution satisfies (R11); the last answer counts. Raises NotAllowed."""
    with transaction() as session:
        ticket = _customers_ticket(session, number, actor)
        if State(ticket.state) not in {State.RESOLVED, State.CLOSED}:
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


def authorise(*, number: int, actor: Actor, now: datetime) -> None:
    """Give the access of R12 afterwards. Raises NotAllowed."""
    with transaction() as session:
        ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
        if ticket is None or not may_authorise_access(actor, company_id=ticket.company_id):
            raise NotAllowed("authorise")
        if ticket.authorised_at is None:
            ticket.authorised_at, ticket.authorised_by = now, actor.person_id
            events.record(number, "authorised", actor_id=actor.person_id, now=now)
