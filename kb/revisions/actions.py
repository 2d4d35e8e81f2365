"""Bringing an old text back."""

from __future__ import annotations

from datetime import datetime

from accounts.permissions import Actor, may_edit_articles
from core.db import transaction
from core.text import plain_text
from kb import following
from kb.actions import LinkedLanguage
from kb.addresses import resolving
from kb.following import Gone
from kb.lifecycle import State, state_of
from kb.revisions import writing
from kb.steps import StepNotAllowed


def restore(*, actor: Actor, article_id: int, number: int, now: datetime) -> None:
    """Make revision `number` the last saved text again, as a new revision: none is lost. Readers
    of a published article go on seeing what they see until the change is published.

    Raises Gone, StepNotAllowed, LinkedLanguage.
    """
    with transaction() as session:
        article = following.locked(session, article_id)
        if not may_edit_articles(actor):
            raise StepNotAllowed
        revision = writing.revision_of(session, article_id, number)
        if revision is None:
            raise Gone
        if revision.lang != article.lang and resolving.is_linked(session, article):
            raise LinkedLanguage
        hidden = state_of(article, now) is State.PUBLISHED
        writing.write(
            session,
            article,
            writing.text_of(article, revision),
            plain=None if hidden else plain_text(revision.body),
            author_id=actor.person_id,
            now=now,
            restored_from=number,
        )
        change = following.note if hidden else following.follow
        change(article, "article.restored", actor_id=actor.person_id, now=now, restored=number)
