"""Articles in technicians' replies: put in, resolved with, and taken back. In the verb's
transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kb.models import Article
from kb.usage.actions import record_use, withdraw_uses
from kb.usage.models import ArticleUse
from kb.usage.policy import IN_TICKETS, Use, key_of_ticket
from tickets.models import Message, TicketEvent


def record_reply(
    session: Session, number: int, slugs: Sequence[str], *, resolves: bool, now: datetime
) -> None:
    """A reply links to these articles; with it, or by it alone, the ticket is resolved."""
    key = key_of_ticket(number)
    wanted = select(Article.id).where(Article.slug.in_(slugs))
    for article_id in session.scalars(wanted).all() if slugs else ():
        record_use(session, article_id=article_id, kind=Use.INSERTED, key=key, now=now)
    if not resolves:
        return
    used = select(ArticleUse.article_id).where(ArticleUse.key == key)
    for article_id in session.scalars(used.where(ArticleUse.kind == Use.INSERTED.value)).all():
        record_use(session, article_id=article_id, kind=Use.RESOLVED, key=key, now=now)


def withdraw_resolution(session: Session, number: int) -> None:
    """The ticket is open again: nothing resolved it."""
    withdraw_uses(session, key=key_of_ticket(number), kinds=[Use.RESOLVED.value])


def withdraw_reply(session: Session, number: int, message_id: int, *, resolved: bool) -> None:
    """A reply was undone: what it alone linked to was never used. Call it before the message is
    deleted."""
    if resolved:
        withdraw_resolution(session, number)
    linked: dict[int, set[str]] = {}
    rows = select(TicketEvent.data).where(
        TicketEvent.ticket_number == number, TicketEvent.kind.in_(("replied", "asked", "resolved"))
    )
    for data in session.scalars(rows):
        if data.get("message") is not None:
            linked.setdefault(int(data["message"]), set()).update(data.get("articles") or ())
    gone = linked.pop(message_id, set())
    there = set(session.scalars(select(Message.id).where(Message.ticket_number == number)))
    kept = {slug for message, slugs in linked.items() if message in there for slug in slugs}
    ids = select(Article.id).where(Article.slug.in_(gone - kept))
    session.execute(
        delete(ArticleUse)
        .where(ArticleUse.key == key_of_ticket(number), ArticleUse.article_id.in_(ids))
        .where(ArticleUse.kind.in_([use.value for use in IN_TICKETS]))
    )
