"""What the desk shows beside a thread: drafts, who is there, articles, what can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

import kb.queries
from accounts.permissions import Actor
from core.db import db
from kb.lifecycle import Audience
from kb.models import Article
from kb.search import completions, search_page, suggest_articles
from tickets.models import Message, Ticket
from tickets.outcomes.queries import Provenance, provenance
from tickets.workbench.answers import Named
from tickets.workbench.models import Presence, ReplyDraft
from tickets.workbench.policy import PRESENT_FOR, slugs_in

FOUND_AT_MOST = 6


@dataclass(frozen=True)
class Offered:
    """An article to insert; `shown` and `read` say what the customer did with it before asking.
    An `internal` one is for staff alone: it is read, not inserted."""

    slug: str
    title: str
    line: str = ""
    shown: bool = False
    read: bool = False
    internal: bool = False


@dataclass(frozen=True)
class Bench:
    """What one person finds beside one thread."""

    draft: ReplyDraft | None
    here: Sequence[Presence]
    undoable: Sequence[Message]
    suggested: Sequence[Offered]
    before: Provenance


def bench(
    actor: Actor, ticket: Ticket, messages: Sequence[Message], *, now: datetime, writes: bool
) -> Bench:
    """Everything at once; articles to insert only for whoever `writes`. A constant number of
    queries, however long the thread."""
    first = messages[0].body if messages else ""
    return Bench(
        draft=draft_of(actor, ticket.number),
        here=others_here(actor, ticket.number, now=now),
        undoable=undoable(actor, now=now),
        suggested=suggested(ticket, first) if writes else (),
        before=provenance(ticket),
    )


def draft_of(actor: Actor, number: int) -> ReplyDraft | None:
    return db.session.get(ReplyDraft, (number, actor.person_id))


def others_here(actor: Actor, number: int, *, now: datetime) -> list[Presence]:
    """Who else of the desk has the page before them; who writes comes first."""
    rows = db.session.scalars(
        select(Presence)
        .where(Presence.ticket_number == number, Presence.person_id != actor.person_id)
        .where(Presence.seen_at > now - PRESENT_FOR)
        .options(joinedload(Presence.person))
        .order_by(Presence.writing.desc(), Presence.seen_at.desc())
        .limit(10)
    )
    return list(rows)


def undoable(actor: Actor, *, now: datetime) -> list[Message]:
    """The replies of this person that no customer has yet, the last first."""
    rows = db.session.scalars(
        select(Message)
        .where(Message.author_id == actor.person_id, Message.released_at > now)
        .order_by(Message.id.desc())
    )
    return list(rows)


def suggested(ticket: Ticket, first_message: str) -> list[Offered]:
    """Articles that may answer the ticket, without those its author saw before asking."""
    found = suggest_articles(ticket.subject, first_message, internal=True)
    known = set(ticket.articles_shown)
    return [
        Offered(one.slug, one.title, one.line, internal=one.internal)
        for one in found
        if one.slug not in known
    ]


def named_in(ticket: Ticket, messages: Sequence[Message]) -> Named:
    """Whoever wrote in a ticket as a customer, their company, and the domains of their mail."""
    authors = {m.author.name: m.author.email for m in messages if not m.from_staff}
    authors.setdefault(ticket.author.name, ticket.author.email)
    domains = {email.rpartition("@")[2].lower() for email in authors.values()}
    return Named(frozenset(authors), frozenset({ticket.company.name}), frozenset(domains - {""}))


def likely_category(ticket: Ticket, first_message: str) -> int | None:
    """Where an article about this belongs: beside the likeliest one, else on the first shelf."""
    found = suggest_articles(ticket.subject, first_message, limit=1)
    beside = kb.queries.published_by_ids([one.article_id for one in found])
    if beside:
        return next(iter(beside.values())).category_id
    return next((shelf.id for shelf in kb.queries.categories()), None)


def published_by_slugs(slugs: Sequence[str]) -> dict[str, Article]:
    """Which of these articles a visitor may see, by their address."""
    if not slugs:
        return {}
    query = select(Article).where(Article.slug.in_(slugs), kb.queries.is_published())
    return {article.slug: article for article in db.session.scalars(query)}


def found(ticket: Ticket, text: str) -> list[Offered]:
    """Published articles for the words of a technician, also while they are being typed."""
    rows = [item.article for item in search_page(text, internal=True).items]
    rows = rows or completions(text, internal=True)
    return [
        Offered(
            row.slug,
            row.title,
            row.summary,
            shown=row.slug in ticket.articles_shown,
            read=row.slug in ticket.articles_opened,
            internal=row.audience != Audience.EVERYBODY,
        )
        for row in rows[:FOUND_AT_MOST]
    ]


def linked_articles(text: str, public_url: str) -> list[str]:
    """The slugs of the published articles that a text links to."""
    slugs = slugs_in(text, public_url)
    known = published_by_slugs(slugs)
    return [slug for slug in slugs if slug in known]


def later_messages(actor: Actor, messages: Sequence[Message], seen: int) -> list[Message]:
    """What others wrote after the message `seen`."""
    return [one for one in messages if one.id > seen and one.author_id != actor.person_id]
