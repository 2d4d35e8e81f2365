"""What an editor types survives a closed tab: one draft a person and article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core.db import transaction
from kb.actions import Gone
from kb.models import Article
from kb.writing.models import ArticleDraft, ArticlePresence
from kb.writing.policy import DRAFTS_KEPT_FOR, MOST_NEW_DRAFTS, PRESENT_FOR, place_of


@dataclass(frozen=True)
class Typed:
    """The form of an article as it stands. `fields` are all but the text, by name."""

    title: str
    text: str
    fields: Mapping[str, Sequence[str]]

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.title.strip()


def save_draft(*, actor: Actor, article_id: int, typed: Typed, now: datetime) -> None:
    """Keep what is being typed into an article. Raises Gone."""
    _store_again(actor, article_id, "", typed, now)


def save_new_draft(*, actor: Actor, place: str, typed: Typed, now: datetime) -> None:
    """Keep what is being typed as a new article; an empty form is forgotten. A draft whose
    article was deleted is kept in its place. `place` is the token of its page."""
    if typed.is_empty:
        forget_new(actor=actor, place=place)
    else:
        _store_again(actor, None, place, typed, now)


def _store_again(
    actor: Actor, article_id: int | None, place: str, typed: Typed, now: datetime
) -> None:
    try:
        _store(actor, article_id, place, typed, now)
    except IntegrityError:
        # Two pages of one person saved the first words at once, or the article just went.
        _store(actor, article_id, place, typed, now)


def _store(actor: Actor, article_id: int | None, place: str, typed: Typed, now: datetime) -> None:
    with transaction() as session:
        if article_id is not None:
            article = session.get(Article, article_id)
            if article is None:
                raise Gone
            place = place_of(article.id, article.created_at)
        draft = session.get(ArticleDraft, (actor.person_id, place), with_for_update=True)
        if draft is None:
            draft = ArticleDraft(person_id=actor.person_id, place=place, article_id=article_id)
            session.add(draft)
        draft.title, draft.text = typed.title[:300], typed.text
        draft.fields = {name: list(values) for name, values in typed.fields.items()}
        draft.updated_at = now
        session.flush()
        if article_id is None:
            _forget_the_oldest(session, actor)


def _forget_the_oldest(session: Session, actor: Actor) -> None:
    too_many = session.scalars(
        select(ArticleDraft)
        .where(ArticleDraft.person_id == actor.person_id, ArticleDraft.article_id.is_(None))
        .order_by(ArticleDraft.updated_at.desc(), ArticleDraft.place)
        .offset(MOST_NEW_DRAFTS)
    )
    for draft in too_many:
        session.delete(draft)


def forget(*, actor: Actor, article_id: int) -> None:
    """Drop what this person typed into an article: it was saved, or is not wanted."""
    _delete(actor, ArticleDraft.article_id == article_id)


def forget_new(*, actor: Actor, place: str) -> None:
    """Drop a new article that was begun: it was saved, or is not wanted."""
    _delete(actor, ArticleDraft.article_id.is_(None), ArticleDraft.place == place)


def _delete(actor: Actor, *which: object) -> None:
    own = delete(ArticleDraft).where(ArticleDraft.person_id == actor.person_id)
    with transaction() as session:
        session.execute(own.where(*which))  # type: ignore[arg-type]


def purge(*, now: datetime) -> int:
    """Forget drafts that nobody came back to, and who was where; how many drafts."""
    with transaction() as session:
        session.execute(delete(ArticlePresence).where(ArticlePresence.seen_at < now - PRESENT_FOR))
        old = delete(ArticleDraft).where(ArticleDraft.updated_at < now - DRAFTS_KEPT_FOR)
        return len(session.scalars(old.returning(ArticleDraft.place)).all())
