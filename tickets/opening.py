"""A draft becomes a ticket, exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import conditions.queries
from accounts.permissions import Actor, may_authorise_access, may_open
from core import outbox
from core.counters import next_value
from core.db import transaction
from kb.searches.actions import followed_by_ticket
from kb.searches.visitors import Who
from tickets import events, links, places
from tickets.consents.log import declare
from tickets.consents.policy import Kind
from tickets.drafts import NotYours
from tickets.finding import indexing
from tickets.lifecycle import State
from tickets.models import Attachment, Draft, Message, PolicyVersion, Ticket
from tickets.outcomes.recording import record_filing
from tickets.policy import DEFAULT_POLICY, Mark, Typology, key_for
from tickets.previews.actions import ask_for
from tickets.refusals import ConditionsChanged, Incomplete, NotAllowed
from tickets.teaching import actions as teaching
from tickets.vault.actions import follow_draft

#: A draft that its writer files keeps the arrival it was given for this long: kept for later it
#: would be a place in the queue for whatever comes (R3).
ARRIVAL_KEPT_FOR = timedelta(hours=24)


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
    *,
    draft_id: str,
    owner: str,
    actor: Actor,
    shown: int | None = None,
    now: datetime,
    address: str = "",
    searched_by: Sequence[Who] = (),
) -> int:
    """Turn a draft into a ticket, exactly once; the ticket's number.

    `shown` is the version of the conditions that the person was shown, where a page showed one;
    `address` is where the request came from, for the record of their consent (R12);
    `searched_by` are the names under which they searched, for the log of searches.
    Filing the same draft again returns the same number. Raises NotYours, Incomplete,
    ConditionsChanged, and NotAllowed("incident" | "request") for a member without the right (R10).
    """
    with transaction(queue=True) as session:
        draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())
        if draft is None or draft.owner != owner or not owner:
            raise NotYours
        if draft.ticket_number is not None:
            return draft.ticket_number
        for who in searched_by:
            followed_by_ticket(session, visitor=who.visitor, browser=who.browser, now=now)
        return file_draft(session, draft, actor=actor, shown=shown, now=now, address=address)


def file_draft(
    session: Session,
    draft: Draft,
    *,
    actor: Actor,
    shown: int | None,
    now: datetime,
    address: str = "",
    by: Actor | None = None,
) -> int:
    """Make the ticket of a draft that was not filed yet; its number. The one way into the queue.

    `by` is the technician who files it for `actor`, for a matter that came by another way: it
    keeps its arrival, and nobody accepted or authorised anything by it (R12).
    Belongs into a transaction that guards the queue. Raises Incomplete, ConditionsChanged,
    NotAllowed("incident" | "request").
    """
    ticket = _new_ticket(draft, actor, shown, now, by)
    session.add(ticket)
    session.flush()
    _add_first_message(session, ticket, draft, now)
    draft.ticket_number = ticket.number
    record_filing(session, draft, ticket, now=now)
    if by is None:
        declare(session, ticket, Kind.ACCEPTED, actor=actor, address=address, now=now)
    if ticket.authorised_at is not None:
        declare(session, ticket, Kind.GIVEN, actor=actor, address=address, now=now)
    links.add_origin(session, draft, actor=actor, now=now)
    _log_filing(ticket, by or actor, now)
    follow_draft(session, draft, ticket, author_id=actor.person_id, now=now)
    outbox.enqueue("tickets.filed", {"number": ticket.number}, now=now)
    indexing.plan(ticket.number, now=now)
    teaching.plan_filed(ticket.number, draft.opened, now=now)
    return ticket.number


def _add_first_message(session: Session, ticket: Ticket, draft: Draft, now: datetime) -> None:
    message = Message(
        ticket_number=ticket.number,
        author_id=ticket.author_id,
        from_staff=False,
        body=draft.description,
        written_at=now,
    )
    session.add(message)
    session.flush()
    session.execute(
        update(Attachment).where(Attachment.draft_id == draft.id).values(message_id=message.id)
    )
    ask_for(session, message.id, now=now)


def _new_ticket(
    draft: Draft, actor: Actor, shown: int | None, now: datetime, by: Actor | None
) -> Ticket:
    policy = places.current_policy()
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
    opened = _arrival(draft, now, by)
    key = key_for(policy, affection=draft.affection, mark=mark, opened_at=opened, number=number)
    # R12: whoever may authorise does so by filing; for others the desk shows that it is missing.
    authorises = by is None and may_authorise_access(actor, company_id=actor.company_id)
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
        opened_at=opened,
        changed_at=now,
        state=State.QUEUED.value,
        conditions_version=agreed,
        authorised_at=now if authorises else None,
        authorised_by=actor.person_id if authorises else None,
        articles_shown=draft.shown,
        articles_opened=draft.opened,
        searched_before=draft.searched,
    )


def _arrival(draft: Draft, now: datetime, by: Actor | None) -> datetime:
    arrived = draft.arrived_at
    if arrived is None or (by is None and now - arrived > ARRIVAL_KEPT_FOR):
        return now
    return min(arrived, now)


def _log_filing(ticket: Ticket, actor: Actor, now: datetime) -> None:
    facts: dict[str, object] = {
        **events.key_facts(ticket),
        "conditions": ticket.conditions_version,
    }
    if ticket.opened_at != now:
        facts["opened_at"] = ticket.opened_at.isoformat()
    happened = [events.Happened("filed", facts, (events.move(ticket, +1),))]
    if ticket.authorised_at:
        happened.append(events.Happened("authorised"))
    events.record_all(ticket.number, happened, actor_id=actor.person_id, now=now)
