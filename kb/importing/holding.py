"""Storing texts of an import that readers do not see yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Actor
from core.db import transaction
from kb import following
from kb.addresses import resolving
from kb.revisions import writing
from kb.revisions.policy import ArticleText


@dataclass(frozen=True)
class Held:
    """A text to be stored beside what readers see of the article at its slug."""

    text: ArticleText
    saved_at: datetime | None


def hold(*, texts: Sequence[Held], actor: Actor | None, now: datetime) -> int:
    """Store texts that readers do not see yet; how many. One that was saved last already, or
    whose article is gone or would change the language its translation counts on, is left."""
    person_id = actor.person_id if actor else None
    made = 0
    with transaction() as session:
        articles = resolving.articles_at(session, [one.text.slug for one in texts])
        for one in texts:
            article = articles.get(one.text.slug)
            if article is None or writing.is_last(session, article, one.text):
                continue
            if one.text.lang != article.lang and resolving.is_linked(session, article):
                continue
            at = one.saved_at or now
            writing.write(session, article, one.text, plain=None, author_id=person_id, now=at)
            following.note(article, "article.saved_for_later", actor_id=person_id, now=now)
            made += 1
    return made
