"""Facts of episodes, each stored in the transaction of the verb that it is part of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from accounts.models import Person
from core.db import add_once
from core.tokens import token_hash
from kb.models import Article
from kb.queries import is_published
from kb.usage.actions import record_use
from kb.usage.policy import Use, key_of_draft, key_of_ticket
from tickets.duplicates import ORDINARY, told_of
from tickets.likeness import most_alike
from tickets.models import Draft, Ticket
from tickets.outcomes.models import Episode, ShownArticle
from tickets.outcomes.policy import (
    CONFIRMS_ONCE_IN,
    LAST_PLACE,
    MOST_SEARCHES,
    MOST_SHOWN,
    OWNER_KEPT_FOR,
    UNKNOWN_PLACE,
    WINDOW,
    Facts,
    Seen,
    is_return,
)

#: Earlier confirmations that a new ticket is compared with, the newest.
LOOKED_BACK_AT = 20


def record_seen(session: Session, draft: Draft, seen: Seen, *, now: datetime) -> None:
    """Add to the draft, and to its episode, what its writer saw and did before sending it."""
    if seen.searched:
        both = dict.fromkeys([*seen.searched, *draft.searched])
        draft.searched = list(both)[:MOST_SEARCHES]
    places: dict[str, int] = {}
    for slug, place in [*seen.shown, *((slug, UNKNOWN_PLACE) for slug in seen.opened)]:
        places.setdefault(slug, min(max(place, UNKNOWN_PLACE), LAST_PLACE))
    known = _published(session, places)
    opened = [slug for slug in seen.opened if slug in known]
    draft.shown = _merged(draft.shown, [slug for slug in places if slug in known])
    draft.opened = _merged(draft.opened, opened)
    if not known:
        return
    episode = _begun(session, draft, now)
    before = {
        row.article_id: row
        for row in session.scalars(
            select(ShownArticle).where(ShownArticle.episode_id == episode.id)
        )
    }
    for slug, place in places.items():
        if slug not in known:
            continue
        row = before.get(known[slug].id)
        if row is None and len(before) < MOST_SHOWN:
            row = _shown(episode, known[slug], place, now)
            session.add(row)
            before[row.article_id] = row
        if row is not None and slug in opened:
            row.opened_at = row.opened_at or now
    session.flush()


def _merged(before: Sequence[str], more: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*before, *more]))[:MOST_SHOWN]


def _published(session: Session, slugs: Iterable[str]) -> dict[str, Article]:
    wanted = list(dict.fromkeys(slugs))[: 2 * MOST_SHOWN]
    if not wanted:
        return {}
    rows = session.scalars(select(Article).where(Article.slug.in_(wanted), is_published()))
    return {article.slug: article for article in rows}


def _shown(episode: Episode, article: Article, place: int, now: datetime) -> ShownArticle:
    return ShownArticle(
        episode_id=episode.id,
        article_id=article.id,
        revision=article.revision,
        place=place,
        shown_at=now,
    )


def _begun(session: Session, draft: Draft, now: datetime) -> Episode:
    """The episode of a draft, begun where it had none."""
    values = {"owner": draft.owner, "company_id": _company_of(session, draft.owner)}
    add_once(session, Episode, draft=token_hash(draft.id), began_at=now, **values)
    return session.scalars(select(Episode).where(Episode.draft == token_hash(draft.id))).one()


def _company_of(session: Session, owner: str) -> int | None:
    kind, _, number = owner.partition(":")
    if kind != "p" or not number.isdecimal():
        return None
    return session.scalar(select(Person.company_id).where(Person.id == int(number)))


def episode_of(session: Session, draft_id: str) -> Episode | None:
    """What is kept of the suggestions of this draft."""
    return session.scalar(
        select(Episode).where(Episode.draft == token_hash(draft_id)).with_for_update()
    )


def record_confirmation(session: Session, draft: Draft, slug: str, *, now: datetime) -> bool:
    """«Esto lo resolvió», on an article that is opened by that; whether it counts.

    Once for a draft, and once for a person and article in CONFIRMS_ONCE_IN: whoever came back
    and presses again was not helped by the first press, and a crowd of one is one person.
    """
    record_seen(session, draft, Seen(opened=[slug]), now=now)
    episode, article = episode_of(session, draft.id), _published(session, [slug]).get(slug)
    if episode is None or article is None or episode.solved_at or episode.filed_at:
        return False
    again = select(Episode.id).where(
        Episode.owner == draft.owner,
        Episode.solved_article == article.id,
        Episode.solved_at > now - CONFIRMS_ONCE_IN,
    )
    if session.scalar(again.limit(1)) is not None:
        return False
    episode.solved_at, episode.solved_article = now, article.id
    record_use(session, article_id=article.id, kind=Use.CONFIRMED, key=_key(episode), now=now)
    return True


def _key(episode: Episode) -> str:
    return key_of_draft(episode.draft[:40])


def record_return(session: Session, draft_id: str, *, now: datetime) -> None:
    """Its writer goes on with a draft that was solved."""
    episode = episode_of(session, draft_id)
    if episode is not None:
        _take_back(session, episode, None, now)


def _take_back(session: Session, episode: Episode, ticket: int | None, now: datetime) -> None:
    facts = Facts(episode.solved_at, episode.filed_at, episode.returned_at)
    if not is_return(facts, now):
        return
    episode.returned_at, episode.returned_ticket = now, ticket
    article, key = episode.solved_article, _key(episode)
    if article is not None:
        record_use(session, article_id=article, kind=Use.CAME_BACK, key=key, now=now)


def record_filing(session: Session, draft: Draft, ticket: Ticket, *, now: datetime) -> None:
    """The draft ended in a ticket, its own or an open one: a silent "no" for what was read, and
    the end of earlier confirmations of the same matter.
    """
    read = _published(session, draft.opened)
    key = key_of_ticket(ticket.number)
    for article in read.values():
        record_use(session, article_id=article.id, kind=Use.FILED_AFTER_READING, key=key, now=now)
    own = episode_of(session, draft.id)
    if own is not None:
        _take_back(session, own, None, now)
        own.filed_at, own.ticket_number = now, ticket.number
        own.owner, own.company_id = draft.owner, ticket.company_id
    for episode in _same_matter(session, draft, ticket, now):
        _take_back(session, episode, ticket.number, now)


def _same_matter(
    session: Session, draft: Draft, ticket: Ticket, now: datetime
) -> Sequence[Episode]:
    """The confirmations of late, of this person or company, that the ticket says were none."""
    rows = session.scalars(
        select(Episode)
        .where(or_(Episode.owner == draft.owner, Episode.company_id == ticket.company_id))
        .where(Episode.solved_at > now - WINDOW, Episode.returned_at.is_(None))
        .where(Episode.draft != token_hash(draft.id))
        .order_by(Episode.solved_at.desc())
        .limit(LOOKED_BACK_AT)
    ).all()
    if not rows:
        return []
    seen = {one.id for one in _published(session, [*draft.shown, *draft.opened]).values()}
    alike = _alike_drafts(session, draft, {row.owner for row in rows}, now)
    return [row for row in rows if row.solved_article in seen or row.draft in alike]


def _alike_drafts(session: Session, draft: Draft, owners: set[str], now: datetime) -> set[str]:
    """The hashes of solved drafts whose words are like this one's; drafts outlive the WINDOW."""
    solved = session.scalars(
        select(Draft)
        .where(Draft.owner.in_(owners), Draft.solved_at > now - WINDOW, Draft.id != draft.id)
        .order_by(Draft.solved_at.desc())
        .limit(LOOKED_BACK_AT)
    ).all()
    told = [told_of(one.subject, one.description, one.affection) for one in solved]
    mine = told_of(draft.subject, draft.description, draft.affection)
    return {token_hash(solved[place].id) for place in most_alike(mine, told, ORDINARY)}


def adopt_episodes(session: Session, *, before: str, after: str) -> None:
    """Episodes of a browser belong to the person who signed in with it."""
    company = _company_of(session, after)
    change = update(Episode).where(Episode.owner == before)
    session.execute(change.values(owner=after, company_id=company))


def forget_owners(session: Session, *, now: datetime) -> None:
    """After a while nothing says any more whose an episode was, unless it became a ticket."""
    session.execute(
        update(Episode)
        .where(Episode.began_at < now - OWNER_KEPT_FOR, Episode.owner != "")
        .where(Episode.ticket_number.is_(None))
        .values(owner="", company_id=None)
    )
