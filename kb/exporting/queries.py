"""Articles as exports read them: all of them, or those that everybody may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, undefer

from core.db import db
from core.wording import clean_text
from kb.addresses.models import FormerAddress
from kb.learning.models import HiddenWord
from kb.models import Article, ArticleRevision, Category
from kb.queries import is_published
from kb.revisions.policy import ArticleText, measure
from kb.revisions.writing import revision_of, text_of, text_shown

AT_A_TIME = 200


def every_article() -> Iterator[Article]:
    """All articles in any state, with body and category, by address."""
    return _in_parts(select(Article.id).order_by(Article.slug))


def public_articles() -> Iterator[Article]:
    """The articles that everybody may read, with body and category, by address."""
    return _in_parts(select(Article.id).where(is_published()).order_by(Article.slug))


def public_slugs() -> set[str]:
    """The addresses of the articles that everybody may read."""
    return set(db.session.scalars(select(Article.slug).where(is_published())))


def _in_parts(query: Select[Any]) -> Iterator[Article]:
    ids = db.session.scalars(query).all()
    for start in range(0, len(ids), AT_A_TIME):
        rows = db.session.scalars(
            select(Article)
            .options(joinedload(Article.category), undefer(Article.body), undefer(Article.plain))
            .where(Article.id.in_(ids[start : start + AT_A_TIME]))
            .order_by(Article.slug)
        )
        yield from rows
        db.session.expunge_all()


def categories() -> Sequence[Category]:
    """Every category, in its order."""
    return db.session.scalars(
        select(Category).order_by(Category.position, Category.name, Category.id)
    ).all()


def hidden_words() -> tuple[Mapping[int, Sequence[str]], Mapping[int, Sequence[str]]]:
    """The hidden words of each article, and those an editor removed, by its number."""
    hidden: dict[int, list[str]] = {}
    removed: dict[int, list[str]] = {}
    rows = db.session.execute(select(HiddenWord.article_id, HiddenWord.word, HiddenWord.removed_at))
    for number, word, removed_at in rows:
        (hidden if removed_at is None else removed).setdefault(number, []).append(word)
    return hidden, removed


def waiting_text(article: Article) -> ArticleRevision | None:
    """What was last saved of an article, where readers see something else."""
    if not article.has_waiting_changes:
        return None
    session = db.session()
    last = revision_of(session, article.id, article.last_revision)
    if last is None:
        return None
    shown, waits = (_as_in_a_file(text) for text in (text_shown(article), text_of(article, last)))
    return last if measure(shown, waits).parts else None


def _as_in_a_file(text: ArticleText) -> ArticleText:
    return replace(text, body=clean_text(text.body).strip("\n"))


def former_slugs() -> Mapping[int, Sequence[str]]:
    """The addresses an article had before, by its number."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(select(FormerAddress.article_id, FormerAddress.slug))
    for number, slug in rows:
        if number is not None:
            found.setdefault(number, []).append(slug)
    return found
