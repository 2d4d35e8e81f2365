"""What editors, readers and the importer do to the FAQ: one verb, one transaction.

The steps of an article as a whole (review, publish, archive, delete) are in `kb.steps`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import audit, outbox
from core.counters import touch_content
from core.db import transaction
from core.text import plain_text
from kb import following
from kb.addresses import leading, resolving
from kb.addresses.leading import SlugTaken as SlugTaken
from kb.following import INDEX_JOB as INDEX_JOB
from kb.following import Gone as Gone
from kb.learning.actions import note_searches
from kb.lifecycle import Audience, State, state_of
from kb.models import Article, ArticleVote, Category
from kb.revisions import writing
from kb.revisions.policy import ArticleText as ArticleText
from kb.steps import StillPublished as StillPublished
from kb.steps import archive_article as archive_article
from kb.steps import delete_article as delete_article
from kb.steps import publish_article as publish_article
from kb.timetable.actions import come_by
from kb.votes import standing

#: The outbox job that replaces an index that failed a reader.
REBUILD_JOB = "kb.rebuild"


class RevisionConflict(Exception):
    """Somebody saved the article since it was read; nothing was stored."""


class LinkedLanguage(Exception):
    """The article is one of two languages of one answer: its own cannot change; nothing was
    stored."""


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
    hold: bool = False,
    audience: Audience | None = None,
    now: datetime,
) -> int:
    """Store a new article, or a new revision of the one whose last was read as `revision`; its
    id. What is saved of a published article is public at once, unless it shall `hold`. The text
    that is stored already makes no revision: its votes and its translation stay right.

    The address of an article that was ever public stays, see `kb.addresses.actions`; so does
    the `audience` of one that is public. Raises RevisionConflict, SlugTaken, LinkedLanguage,
    Gone, and ValueError for a body that is too long.
    """
    plain = plain_text(text.body)
    with transaction() as session:
        if session.get(Category, text.category_id) is None:
            raise Gone
        article = _to_write(session, article_id, revision, text, now)
        if article.first_published_at is None:
            article.slug = leading.free_slug(session, text.slug, text.title, article_id)
            leading.settle(session, article.slug)
        public = state_of(article, now) is State.PUBLISHED
        if audience is not None and not public:
            article.audience = audience.value
        hold = hold and public and not publish
        if not writing.is_last(session, article, text):
            shown = None if hold else plain
            writing.write(session, article, text, plain=shown, author_id=actor.person_id, now=now)
        elif hold and not article.has_waiting_changes:
            return article.id
        _after_saving(session, article, actor, publish=publish, public=public, hold=hold, now=now)
        return article.id


def _to_write(
    session: Session, article_id: int | None, revision: int | None, text: ArticleText, now: datetime
) -> Article:
    if article_id is None:
        return Article(slug="", revision=0, last_revision=0, created_at=now)
    article = following.locked(session, article_id)
    if article.last_revision != revision:
        raise RevisionConflict
    if text.lang != article.lang and resolving.is_linked(session, article):
        raise LinkedLanguage
    return article


def _after_saving(
    session: Session,
    article: Article,
    actor: Actor,
    *,
    publish: bool,
    public: bool,
    hold: bool,
    now: datetime,
) -> None:
    session.flush()
    by = actor.person_id
    if hold:
        following.note(article, "article.saved_for_later", actor_id=by, now=now)
        return
    if publish or public:
        following.make_public(session, article, by=by, at=now)
    verb = "published" if publish else "saved"
    following.follow(article, f"article.{verb}", actor_id=by, now=now)


def rate_article(
    *,
    article_id: int,
    revision: int,
    visitor: str,
    useful: bool,
    comment: str,
    searched: Sequence[str] = (),
    reason: str = "",
    now: datetime,
) -> None:
    """Store «¿Le resultó útil?» of a visitor; a second answer replaces the first. Raises Gone.

    `visitor` is any text of up to 64 characters that names a browser or a person. `searched` is
    what they searched before: where the article helped, it learns those words.
    """
    with transaction() as session:
        # The row is locked, so that two presses of one button meet each other.
        article = following.locked(session, article_id)
        if state_of(article, now) is not State.PUBLISHED or article.audience != Audience.EVERYBODY:
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
        vote.reason = "" if useful else reason
        standing.recount(session, article_id)
        if useful:
            note_searches(session, searched, article_id=article_id, person=visitor, now=now)


def import_articles(
    *,
    articles: Sequence[ImportedArticle],
    now: datetime,
    actor: Actor | None = None,
    settle: Callable[[Article], None] | None = None,
) -> None:
    """Store articles of a folder: new ones are public at once unless `settle` says otherwise,
    others get a new revision and keep their state. A former address means the article that has
    moved. The caller leaves out what is stored as it is."""
    person_id = actor.person_id if actor else None
    with transaction() as session:
        slugs = [article.text.slug for article in articles]
        stored = resolving.articles_at(session, slugs)
        for given, slug in zip(articles, slugs, strict=True):
            at = given.updated_at or now
            if slug not in stored:
                leading.settle(session, slug)
                new = Article(slug=slug, revision=0, last_revision=0, created_at=now)
                new.published_at = new.first_published_at = now
                stored[slug] = new
                if settle is not None:
                    settle(new)
                else:
                    new.verified_at = at
            else:
                stored[slug].verified_at = at
            article = stored[slug]
            writing.write(
                session, article, given.text, plain=given.plain, author_id=person_id, now=at
            )
            for planned in (article.publish_at, article.expire_at):
                if planned is not None and planned > now:
                    come_by(article, planned, now)
        ids = [stored[slug].id for slug in slugs]
        audit.record("articles.imported", "kb", actor_id=person_id, now=now, articles=ids)
        outbox.enqueue(INDEX_JOB, {"article_ids": ids}, now=now)
        touch_content()


def request_rebuild(*, generation: str, now: datetime) -> None:
    """Ask for a new index after one of `generation` ('' where none could be opened) failed a
    reader. Asking again while that waits changes nothing."""
    if not outbox.pending([REBUILD_JOB]):
        with transaction():
            outbox.enqueue(REBUILD_JOB, {"generation": generation}, now=now)
