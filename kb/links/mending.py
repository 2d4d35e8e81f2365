"""Links to a former address, led to the present one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from accounts.permissions import Actor
from core.db import db
from kb.actions import save_article
from kb.editor_queries import working_text
from kb.following import Gone
from kb.links.queries import Why, remarks_on
from kb.links.reading import Found, Kind, goal_of
from kb.queries import article_to_edit


def mend_moved(*, actor: Actor, article_id: int, now: datetime) -> int:
    """Write the present addresses into an article in place of former ones; how many links.

    It is a revision like any other; changes that wait unpublished go on waiting. Raises Gone, and
    RevisionConflict where somebody saved it meanwhile.
    """
    db.session.rollback()
    article = article_to_edit(article_id)
    if article is None:
        raise Gone
    text, read = working_text(article), article.last_revision
    waiting = article.has_waiting_changes
    body, count = text.body, 0
    for problem in remarks_on(body, internal=True).problems:
        goal = goal_of(Found(problem.target, ""))
        if problem.why is Why.MOVED and goal.kind is Kind.ARTICLE:
            former = re.compile(rf"(/preguntas/){re.escape(goal.name)}(?![\w-])")
            body, found = former.subn(rf"\g<1>{problem.present}", body)
            count += found
    if count:
        save_article(
            actor=actor,
            text=replace(text, body=body),
            article_id=article_id,
            revision=read,
            hold=waiting,
            now=now,
        )
    return count
