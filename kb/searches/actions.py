"""What is written of searches and openings, and what editors do about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import audit, clock
from core.db import db, transaction
from core.visits import Visit
from kb.models import Article
from kb.searches import intent, keeping
from kb.searches.keys import folded, key_of, masked, query_of, stems_of
from kb.searches.models import ArticleOpening, DismissedSearch, Search
from kb.searches.visitors import Who, browser_hash, is_of, salt_of

#: Searches kept of one visitor, and of all, in a day: more is a program.
PER_VISITOR, PER_DAY = 100, 20_000


def record(visits: Sequence[Visit]) -> None:
    """Write what visitors looked at: searches, results they opened, articles they read."""
    visits = [visit for visit in visits if visit.facts["k"] in {"search", "article"}]
    if not visits:
        return
    with transaction() as session:
        day = clock.in_lima(visits[-1].at).date()
        salt, is_new = salt_of(session, day)
        if is_new:
            # The first visit of a day: the moment to forget what is old.
            keeping.forget(session, day)
        room = PER_DAY - _searches_since(session, visits[-1].at - timedelta(days=1))
        read: Counter[int] = Counter()
        known = _known_articles(session, visits)
        for visit in visits:
            browser = browser_hash(salt, visit.network, visit.browser)
            who = Who(visit.facts.get("v") or browser, browser)
            if visit.facts["k"] == "search":
                room -= _searched(session, visit, who, known, room)
            elif visit.facts["a"] in known:
                read[visit.facts["a"]] += 1
                _opened(session, visit, who)
        _count_openings(session, day, read)


def followed_by_ticket(session: Session, *, visitor: str, now: datetime, browser: str = "") -> int:
    """Note in the caller's transaction that the visitor's searches of the last hour ended in a
    ticket: the last one, and those it reworded. Returns how many. `browser` as in
    `queries.recent_searches`."""
    since = now - intent.FOLLOWING
    recent = session.scalars(
        select(Search)
        .where(is_of(Who(visitor, browser)), Search.last_at >= since, Search.ticket_at.is_(None))
        .order_by(Search.last_at.desc(), Search.id.desc())
        .limit(PER_VISITOR)
    ).all()
    told = [s for place, s in enumerate(recent) if place == 0 or s.reworded_at is not None]
    for search in told:
        search.ticket_at = now
    return len(told)


def dismiss(*, actor: Actor, lang: str, key: str, words: str, visitors: int, now: datetime) -> None:
    """Put a gap aside until it has grown clearly; twice is as good as once."""
    with transaction() as session:
        row = session.get(DismissedSearch, (lang, key))
        if row is None:
            row = DismissedSearch(lang=lang, key=key)
            session.add(row)
        row.words, row.visitors, row.at, row.person_id = words, visitors, now, actor.person_id
        audit.record("search.dismissed", f"search:{key}"[:120], actor_id=actor.person_id, now=now)


def restore(*, actor: Actor, lang: str, key: str, now: datetime) -> None:
    """Show a gap again that was put aside; what was not put aside stays shown."""
    with transaction() as session:
        gone = delete(DismissedSearch).where(
            DismissedSearch.lang == lang, DismissedSearch.key == key
        )
        if session.scalars(gone.returning(DismissedSearch.key)).first() is not None:
            subject = f"search:{key}"[:120]
            audit.record("search.restored", subject, actor_id=actor.person_id, now=now)


def _searched(session: Session, visit: Visit, who: Who, known: set[int], room: int) -> int:
    """Write a search, or what it adds to the one before; how many rows that made."""
    words, lang = masked(visit.facts["q"]), visit.facts["l"]
    key = key_of(words, lang)
    if not key:
        return 0
    before = _latest(session, who)
    told = intent.Asked(folded(words), stems_of(words, lang), visit.at)
    step = intent.step(_asked(before), told)
    if before is not None and step is intent.Step.SAME:
        _tell(before, visit, words, key, known)
        return 0
    if before is not None and step is intent.Step.REWORDED and before.reworded_at is None:
        before.reworded_at = visit.at
    if room <= 0 or _searches_since(session, visit.at - timedelta(days=1), who) >= PER_VISITOR:
        return 0
    search = Search(at=visit.at, visitor=who.visitor, browser=who.browser, lang=lang)
    _tell(search, visit, words, key, known)
    session.add(search)
    session.flush()
    return 1


def _tell(search: Search, visit: Visit, words: str, key: str, known: set[int]) -> None:
    facts = visit.facts
    search.top_id = next((key for key in facts["s"] if key in known), None)
    search.words, search.key, search.last_at = words, key, visit.at
    search.total, search.complete, search.shown = facts["n"], facts["c"], facts["s"]


def _asked(search: Search | None) -> intent.Asked | None:
    if search is None:
        return None
    stems = frozenset(search.key.split())
    return intent.Asked(folded(search.words), stems, search.last_at, search.opened_at is not None)


def _latest(session: Session, who: Who, key: str | None = None) -> Search | None:
    query = select(Search).where(is_of(who)).order_by(Search.last_at.desc(), Search.id.desc())
    return session.scalars((query.where(Search.key == key) if key else query).limit(1)).first()


def _opened(session: Session, visit: Visit, who: Who) -> None:
    """Note the result that was opened on the search that showed it, the first one only."""
    text = query_of(visit.referer, visit.host)
    latest = _latest(session, who) if text else None
    if latest is None:
        return
    search = _latest(session, who, key_of(masked(text), latest.lang))
    if search is None or search.opened_at or visit.at - search.last_at > intent.FOLLOWING:
        return
    article_id = visit.facts["a"]
    search.opened_id, search.opened_at = article_id, visit.at
    if article_id in search.shown:
        search.opened_place = search.shown.index(article_id) + 1


def _searches_since(session: Session, since: datetime, who: Who | None = None) -> int:
    query = select(func.count()).select_from(Search)
    if who is None:
        return session.scalar(query.where(Search.at >= since)) or 0
    mine = (Search.visitor == who.visitor, Search.last_at >= since)
    return session.scalar(query.where(*mine)) or 0


def _known_articles(session: Session, visits: Sequence[Visit]) -> set[int]:
    ids = {visit.facts["a"] for visit in visits if visit.facts["k"] == "article"}
    ids |= {key for visit in visits if visit.facts["k"] == "search" for key in visit.facts["s"][:1]}
    return set(session.scalars(select(Article.id).where(Article.id.in_(ids)))) if ids else set()


def _count_openings(session: Session, day: date, read: Counter[int]) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    for article_id, count in sorted(read.items()):
        adding = dialect.insert(ArticleOpening).values(article_id=article_id, day=day, count=count)
        session.execute(
            adding.on_conflict_do_update(
                index_elements=[ArticleOpening.article_id, ArticleOpening.day],
                set_={"count": ArticleOpening.count + count},
            )
        )
