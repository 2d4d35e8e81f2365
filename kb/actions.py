"""What editors, readers and the importer do to the FAQ: one verb, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import audit, outbox
from core.counters import touch_content
from core.db import transaction
from core.text import plain_text
from kb.models import Article, ArticleRevision, ArticleVote, Category
from kb.policy import slug_from

#: The outbox job that brings these articles' present state into the index.
INDEX_JOB = "kb.index"
#: The outbox job that replaces an index that failed a reader.
REBUILD_JOB = "kb.rebuild"


class RevisionConflict(Exception):
    """Somebody saved the article since it was read; nothing was stored."""


class SlugTaken(Exception):
    """Another article has this address; nothing was stored."""


class StillPublished(Exception):
    """A published article is withdrawn before it is deleted; nothing was stored."""


class Gone(Exception):
    """The article or category does not exist any more."""


@dataclass(frozen=True)
class ArticleText:
    """What an editor writes. `slug` '' asks for one made from the title; `body` is Markdown."""

    title: str
    slug: str
    category_id: int
    summary: str
    tags: Sequence[str]
    lang: str
    body: str


@dataclass(frozen=True)
class ImportedArticle:
    """An article of a folder. `plain` is its body without markup."""

    text: ArticleText
    plain: str
    updated_at: datetime | None


def save_article(
    *,
    actor: Actor,
    text: ArticleText,
    article_id: int | None = None,
    revision: int | None = None,
    publish: bool = False,
    now: datetime,
) -> int:
    """Store a new article, or a new revision of the one that was read as `revision`; its id.

    The address of an article that was ever public stays. Raises RevisionConflict, SlugTaken,
    Gone, and ValueError for a body that is too long.
    """
    plain = plain_text(text.body)
    with transaction() as session:
        if session.get(Category, text.category_id) is None:
            raise Gone
        if article_id is None:
            article = Article(slug="", revision=0, created_at=now)
        else:
            article = _locked(session, article_id)
            if article.revision != revision:
                raise RevisionConflict
        if article.published_at is None and article.withdrawn_at is None:
            article.slug = _free_slug(session, text, article_id)
        _write(session, article, text, plain, actor.person_id, now)
        if publish and article.published_at is None:
            article.published_at = now
        session.flush()
        verb = "published" if publish else "saved"
        _follow(article, f"article.{verb}", actor, now)
        return article.id


def publish_article(*, actor: Actor, article_id: int, now: datetime) -> None:
    """Make an article public; once is as good as twice. Raises Gone."""
    with transaction() as session:
        article = _locked(session, article_id)
        if article.published_at is None:
            article.published_at = now
            _follow(article, "article.published", actor, now)


def withdraw_article(*, actor: Actor, article_id: int, now: datetime) -> None:
    """Take an article out of sight; once is as good as twice. Raises Gone."""
    with transaction() as session:
        article = _locked(session, article_id)
        if article.published_at is not None:
            article.published_at, article.withdrawn_at = None, now
            _follow(article, "article.withdrawn", actor, now)


def delete_article(*, actor: Actor, article_id: int, now: datetime) -> None:
    """Remove an article with its revisions and votes. Raises Gone, StillPublished."""
    with transaction() as session:
        article = _locked(session, article_id)
        if article.published_at is not None:
            raise StillPublished
        for belonging in (ArticleVote, ArticleRevision):
            session.execute(delete(belonging).where(belonging.article_id == article_id))
        _follow(article, "article.deleted", actor, now)
        session.delete(article)


def rate_article(
    *,
    article_id: int,
    revision: int,
    visitor: str,
    useful: bool,
    comment: str,
    now: datetime,
) -> None:
    """Store «¿Le resultó útil?» of a visitor; a second answer replaces the first. Raises Gone.

    `visitor` is any text of up to 64 characters that names a browser or a person.
    """
    with transaction() as session:
        # The row is locked, so that two presses of one button meet each other.
        article = _locked(session, article_id)
        if article.published_at is None:
            raise Gone
        vote = session.scalar(
            select(ArticleVote).where(
                ArticleVote.article_id == article_id,
                ArticleVote.revision == revision,
                ArticleVote.visitor == visitor,
            )
        )
        if vote is None:
            vote = ArticleVote(article_id=article_id, revision=revision, visitor=visitor)
            session.add(vote)
        vote.useful, vote.comment, vote.at = useful, comment, now


def import_articles(*, articles: Sequence[ImportedArticle], now: datetime) -> None:
    """Store articles of a folder: new ones are public at once, others get a new revision and
    keep their state. The caller leaves out what is stored as it is."""
    with transaction() as session:
        slugs = [article.text.slug for article in articles]
        rows = session.scalars(select(Article).where(Article.slug.in_(slugs)))
        stored = {article.slug: article for article in rows}
        for given, slug in zip(articles, slugs, strict=True):
            if slug not in stored:
                stored[slug] = Article(slug=slug, revision=0, created_at=now, published_at=now)
            _write(session, stored[slug], given.text, given.plain, None, given.updated_at or now)
        ids = [stored[slug].id for slug in slugs]
        audit.record("articles.imported", "kb", actor_id=None, now=now, articles=ids)
        outbox.enqueue(INDEX_JOB, {"article_ids": ids}, now=now)
        touch_content()


def request_rebuild(*, generation: str, now: datetime) -> None:
    """Ask for a new index after one of `generation` ('' where none could be opened) failed a
    reader. Asking again while that waits changes nothing."""
    if not outbox.pending([REBUILD_JOB]):
        with transaction():
            outbox.enqueue(REBUILD_JOB, {"generation": generation}, now=now)


def _locked(session: Session, article_id: int) -> Article:
    article = session.get(Article, article_id, with_for_update=True)
    if article is None:
        raise Gone
    return article


def _free_slug(session: Session, text: ArticleText, article_id: int | None) -> str:
    slug = wanted = text.slug or slug_from(text.title)
    number = 1
    others = select(Article.id).where(Article.id != article_id)
    while session.scalar(others.where(Article.slug == slug)) is not None:
        if text.slug:
            raise SlugTaken
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _write(
    session: Session,
    article: Article,
    text: ArticleText,
    plain: str,
    author_id: int | None,
    now: datetime,
) -> None:
    article.title, article.summary, article.body = text.title, text.summary, text.body
    article.category_id, article.tags, article.lang = text.category_id, list(text.tags), text.lang
    article.plain, article.updated_at = plain, now
    article.revision += 1
    session.add(article)
    session.flush()
    session.add(
        ArticleRevision(
            article_id=article.id,
            number=article.revision,
            title=text.title,
            summary=text.summary,
            body=text.body,
            author_id=author_id,
            saved_at=now,
        )
    )


def _follow(article: Article, action: str, actor: Actor, now: datetime) -> None:
    """What every change of an article brings with it."""
    audit.record(
        action,
        f"article:{article.id}",
        actor_id=actor.person_id,
        now=now,
        slug=article.slug,
        revision=article.revision,
    )
    outbox.enqueue(INDEX_JOB, {"article_ids": [article.id]}, now=now)
    touch_content()
