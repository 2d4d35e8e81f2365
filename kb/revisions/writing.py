"""Pieces of the verbs that store a text: a new revision, and which one readers see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from core.text import plain_text
from kb.models import Article, ArticleRevision
from kb.revisions.policy import ArticleText, measure


def text_of(article: Article, revision: ArticleRevision) -> ArticleText:
    """What a revision said; the address is the article's."""
    return ArticleText(
        title=revision.title,
        slug=article.slug,
        category_id=revision.category_id or article.category_id,
        summary=revision.summary,
        tags=revision.tags,
        lang=revision.lang,
        body=revision.body,
    )


def text_shown(article: Article) -> ArticleText:
    """What readers see of an article."""
    return ArticleText(
        title=article.title,
        slug=article.slug,
        category_id=article.category_id,
        summary=article.summary,
        tags=article.tags,
        lang=article.lang,
        body=article.body,
    )


def revision_of(session: Session, article_id: int, number: int) -> ArticleRevision | None:
    """One revision with its text."""
    wanted = (ArticleRevision.article_id == article_id, ArticleRevision.number == number)
    query = select(ArticleRevision).options(undefer(ArticleRevision.body))
    return session.scalar(query.where(*wanted))


def is_last(session: Session, article: Article, text: ArticleText) -> bool:
    """Whether `text` is what was last saved of the article."""
    last = (
        revision_of(session, article.id, article.last_revision) if article.last_revision else None
    )
    return last is not None and not measure(text_of(article, last), text).parts


def write(
    session: Session,
    article: Article,
    text: ArticleText,
    *,
    plain: str | None,
    author_id: int | None,
    now: datetime,
    restored_from: int | None = None,
) -> None:
    """Store `text` as the next revision. Readers see it unless `plain`, its words, is None."""
    before = None
    if article.last_revision and (last := revision_of(session, article.id, article.last_revision)):
        before = text_of(article, last)
    change = measure(before, text)
    number = article.last_revision + 1
    article.last_revision, article.saved_at = number, now
    if plain is not None:
        _show(article, text, plain, number, now)
    session.add(article)
    session.flush()
    row = ArticleRevision(
        article_id=article.id,
        number=number,
        title=text.title,
        summary=text.summary,
        body=text.body,
        tags=list(text.tags),
        category_id=text.category_id,
        lang=text.lang,
        author_id=author_id,
        saved_at=now,
        published_at=now if plain is not None and article.published_at is not None else None,
        restored_from=restored_from,
        words_added=change.words_added,
        words_removed=change.words_removed,
        changed=list(change.parts),
    )
    session.add(row)


def show_last(session: Session, article: Article, now: datetime) -> None:
    """Give readers the changes that wait. Nothing happens where none do."""
    if article.has_waiting_changes:
        last = revision_of(session, article.id, article.last_revision)
        if last is not None:
            _show(article, text_of(article, last), plain_text(last.body), last.number, now)


def _show(article: Article, text: ArticleText, plain: str, number: int, now: datetime) -> None:
    article.title, article.summary, article.body = text.title, text.summary, text.body
    article.category_id, article.tags, article.lang = text.category_id, list(text.tags), text.lang
    article.plain, article.revision, article.updated_at = plain, number, now
