"""Reading episodes: what a ticket's author had before them, and how many ended in which way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Case, Select, and_, case, func, select

from core.db import db
from kb.models import Article
from kb.queries import is_published
from tickets.models import Ticket
from tickets.outcomes.models import Episode, ShownArticle
from tickets.outcomes.policy import WINDOW, Facts, Outcome, is_waiting, outcome

ARTICLES_LISTED = 100


@dataclass(frozen=True)
class ShownBefore:
    """An article that the author was shown. `place` is 0 where nobody knows it."""

    slug: str
    title: str
    place: int = 0
    opened: bool = False
    opened_at: datetime | None = None
    #: They said that it solved the matter, and then wrote all the same.
    confirmed: bool = False


@dataclass(frozen=True)
class Provenance:
    """What came before a ticket, for those who answer it."""

    searched: Sequence[str] = ()
    shown: Sequence[ShownBefore] = ()

    @property
    def opened(self) -> list[ShownBefore]:
        return [one for one in self.shown if one.opened]


def provenance(ticket: Ticket) -> Provenance:
    """What its author searched for, was shown and opened; withdrawn articles are left out."""
    if not ticket.articles_shown:
        return Provenance(ticket.searched_before)
    articles = db.session.scalars(
        select(Article).where(Article.slug.in_(ticket.articles_shown), is_published())
    )
    known = {article.slug: article for article in articles}
    facts = {row.article_id: (row, solved) for row, solved in _facts_of(ticket.number)}
    shown = [
        _shown_before(known[slug], slug in ticket.articles_opened, facts.get(known[slug].id))
        for slug in ticket.articles_shown
        if slug in known
    ]
    return Provenance(ticket.searched_before, shown)


def _facts_of(number: int) -> Sequence[tuple[ShownArticle, int | None]]:
    rows = db.session.execute(
        select(ShownArticle, Episode.solved_article)
        .join(Episode, Episode.id == ShownArticle.episode_id)
        .where(Episode.ticket_number == number)
        .order_by(ShownArticle.shown_at)
    )
    return [(row[0], row[1]) for row in rows]


def _shown_before(
    article: Article, opened: bool, facts: tuple[ShownArticle, int | None] | None
) -> ShownBefore:
    if facts is None:
        return ShownBefore(article.slug, article.title, opened=opened)
    row, solved = facts
    return ShownBefore(
        article.slug,
        article.title,
        row.place,
        opened,
        row.opened_at,
        confirmed=solved == article.id,
    )


@dataclass
class Counts:
    """How many episodes ended in each way; `waiting` of the unknown are confirmed for less than
    the window. `shown`: in how many an article was shown, where it is about one.
    """

    by: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    waiting: int = 0
    shown: int = 0

    @property
    def total(self) -> int:
        return sum(self.by.values())

    def add(self, facts: Facts, count: int, now: datetime) -> None:
        self.by[outcome(facts, now)] += count
        self.waiting += count if is_waiting(facts, now) else 0


def _group_columns(now: datetime) -> list[Case[int]]:
    """The facts of an episode as a database can group by them: solved, long enough ago, taken
    back, filed. The policy then judges each group, so that there is one judge."""
    conditions = (
        Episode.solved_at.is_not(None),
        and_(Episode.solved_at.is_not(None), Episode.solved_at <= now - WINDOW),
        Episode.returned_at.is_not(None),
        Episode.filed_at.is_not(None),
    )
    return [case((condition, 1), else_=0) for condition in conditions]


def _facts(group: Sequence[int], now: datetime) -> Facts:
    solved, stood, returned, filed = group
    return Facts(
        solved_at=(now - WINDOW if stood else now) if solved else None,
        filed_at=now if filed else None,
        returned_at=now if returned else None,
    )


def counts_by_period(bounds: Sequence[datetime], now: datetime) -> list[Counts]:
    """The outcomes of the episodes that began between each bound and the next; one query."""
    found = [Counts() for _ in bounds[1:]]
    period = case(
        *((Episode.began_at < bound, place) for place, bound in enumerate(bounds[1:])),
        else_=len(found),
    )
    groups = _group_columns(now)
    rows = db.session.execute(
        _between(select(period, *groups, func.count()), bounds).group_by(period, *groups)
    )
    for place, *group, count in rows:
        found[place].add(_facts(group, now), count, now)
    return found


def total_of(parts: Sequence[Counts]) -> Counts:
    """The sum of several periods."""
    whole = Counts(waiting=sum(one.waiting for one in parts))
    for outcome_ in Outcome:
        whole.by[outcome_] = sum(one.by[outcome_] for one in parts)
    return whole


def _between(query: Select, bounds: Sequence[datetime]) -> Select:  # type: ignore[type-arg]
    return query.where(Episode.began_at >= bounds[0], Episode.began_at < bounds[-1])


def counts_by_article(bounds: Sequence[datetime], now: datetime) -> list[tuple[Article, Counts]]:
    """The outcomes by article, of the episodes in which it was opened; the most shown first.

    A «sí» counts for the article it was said of; for another one that was opened there, nobody
    knows.
    """
    here = case((Episode.solved_article == ShownArticle.article_id, 1), else_=0)
    was_opened = case((ShownArticle.opened_at.is_not(None), 1), else_=0)
    groups = [was_opened, here, *_group_columns(now)]
    query = select(ShownArticle.article_id, *groups, func.count()).join(
        Episode, Episode.id == ShownArticle.episode_id
    )
    found: dict[int, Counts] = {}
    for row in db.session.execute(
        _between(query, bounds).group_by(ShownArticle.article_id, *groups)
    ):
        article_id, was, its, *group, count = row
        counts = found.setdefault(article_id, Counts())
        counts.shown += count
        if was:
            counts.add(_facts(group, now) if its else _without_yes(group, now), count, now)
    first = sorted(found, key=lambda i: (-found[i].shown, i))[:ARTICLES_LISTED]
    known = {a.id: a for a in db.session.scalars(select(Article).where(Article.id.in_(first)))}
    return [(known[i], found[i]) for i in first if i in known]


def _without_yes(group: Sequence[int], now: datetime) -> Facts:
    """What an episode says of an article that the «sí», if any, was not about."""
    solved, _stood, _returned, filed = group
    return Facts(filed_at=now if filed and not solved else None)
