"""What tickets teach the FAQ: the customer's words, and the article that ended the matter.

A job reads what is stored when it runs: a reply that was undone, or a draft that was written on
after «Esto lo resolvió», teaches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import outbox
from core.db import transaction
from kb.learning.actions import note_words
from kb.learning.policy import Source
from kb.models import Article
from kb.searches.queries import recent_searches
from tickets.models import Draft, Message, Ticket
from tickets.vault.masking import masked

#: What was searched so long before a draft was begun belongs to it.
SEARCHED_BEFORE = timedelta(minutes=30)
#: The outbox job that notes the words of one draft, reply or filed ticket.
TEACH_JOB = "tickets.teach"


def plan_reply(message: Message, articles: Sequence[str], *, now: datetime) -> None:
    """A technician answered with articles; it counts once the customer has the answer."""
    if articles:
        payload = {"message_id": message.id, "articles": list(articles)}
        outbox.enqueue(TEACH_JOB, payload, now=now, run_at=message.released_at)


def plan_solved(draft_id: str, *, now: datetime) -> None:
    """«Esto lo resolvió» was pressed."""
    outbox.enqueue(TEACH_JOB, {"draft_id": draft_id}, now=now)


def plan_filed(number: int, opened: Sequence[str], *, now: datetime) -> None:
    """A ticket was filed by somebody who had read articles: a silent No to each."""
    if opened:
        outbox.enqueue(TEACH_JOB, {"filed": number}, now=now)


def teach_of_reply(*, message_id: int, articles: Sequence[str], now: datetime) -> None:
    """Note the customer's words for the articles of a reply."""
    with transaction() as session:
        message = session.get(Message, message_id)
        if message is None or message.internal:
            return
        ticket, text = _matter(session, message.ticket_number)
        _note(session, articles, text, f"p:{ticket.author_id}", Source.REPLY, now)


def teach_of_solved(*, draft_id: str, now: datetime) -> None:
    """Note the words of a draft, and of searches before it, for the article that solved it."""
    with transaction() as session:
        draft = session.get(Draft, draft_id)
        if draft is None or not draft.solved_by or draft.ticket_number is not None:
            return
        since = draft.created_at - SEARCHED_BEFORE
        searched = recent_searches(visitor=draft.owner.removeprefix("v:"), since=since, limit=3)
        text = _text(draft.subject, "\n".join([draft.description, *searched]))
        _note(session, [draft.solved_by], text, draft.owner, Source.SOLVED, now)


def teach_of_filed(*, number: int, now: datetime) -> None:
    """Note the words of a ticket against the articles that were read before it was filed."""
    with transaction() as session:
        ticket, text = _matter(session, number)
        _note(session, ticket.articles_opened, text, f"p:{ticket.author_id}", Source.FILED, now)


def _matter(session: Session, number: int) -> tuple[Ticket, str]:
    """A ticket, and what its author wrote first."""
    ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
    first = select(Message.body).where(Message.ticket_number == number, ~Message.from_staff)
    body = session.scalar(first.order_by(Message.id).limit(1)) or ""
    return ticket, _text(ticket.subject, body)


def _text(subject: str, body: str) -> str:
    return masked(f"{subject}\n{body}")


def _note(
    session: Session,
    slugs: Iterable[str],
    text: str,
    person: str,
    source: Source,
    now: datetime,
) -> None:
    wanted = select(Article.id).where(Article.slug.in_(list(slugs))).order_by(Article.id)
    # In one order, so that two jobs never wait for each other.
    for article_id in session.scalars(wanted).all():
        note_words(session, article_id=article_id, text=text, person=person, source=source, now=now)
