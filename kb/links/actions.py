"""Reading the links of articles, after they changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core.db import db, transaction
from core.text import render_markdown
from core.wording import clean_line
from kb.links.models import ArticleLink, LinkReading
from kb.links.queries import own_hosts
from kb.links.reading import LONGEST_TARGET, Contents, contents_of, goal_of
from kb.models import Article

ARTICLES_AT_A_TIME = 50


def read_what_is_behind(*, now: datetime) -> int:
    """Read the links of every article that changed since they were read; how many articles.

    It may run twice and at any time. What is read is what the page shows.
    """
    done = 0
    while behind := _behind():
        texts = {key: contents_of(str(render_markdown(body).html)) for key, _, body in behind}
        numbers = {key: number for key, number, _ in behind}
        _store(texts, numbers, now)
        done += len(behind)
    return done


def _behind() -> Sequence[tuple[int, int, str]]:
    db.session.rollback()
    unread = or_(LinkReading.article_id.is_(None), LinkReading.revision != Article.revision)
    rows = db.session.execute(
        select(Article.id, Article.revision, Article.body)
        .outerjoin(LinkReading, LinkReading.article_id == Article.id)
        .where(unread)
        .order_by(Article.id)
        .limit(ARTICLES_AT_A_TIME)
    )
    return [(key, number, body) for key, number, body in rows]


def _store(texts: dict[int, Contents], numbers: dict[int, int], now: datetime) -> None:
    """Store what was read. An article that went meanwhile is left out, one that changed is read
    again with the next round."""
    with transaction() as session:
        there = session.scalars(
            select(Article.id).where(Article.id.in_(texts)).order_by(Article.id).with_for_update()
        ).all()
        session.execute(delete(ArticleLink).where(ArticleLink.article_id.in_(there)))
        session.execute(delete(LinkReading).where(LinkReading.article_id.in_(there)))
        for key in there:
            reading = LinkReading(
                article_id=key, revision=numbers[key], anchors=texts[key].anchors, read_at=now
            )
            session.add(reading)
            _add_links(session, key, texts[key])


def _add_links(session: Session, article_id: int, text: Contents) -> None:
    hosts = own_hosts()
    for position, found in enumerate(text.links):
        goal = goal_of(found, hosts)
        link = ArticleLink(
            article_id=article_id,
            position=position,
            kind=goal.kind.value,
            goal=goal.name,
            anchor=goal.anchor,
            target=found.target[:LONGEST_TARGET],
            words=clean_line(found.words, 200),
        )
        session.add(link)
