"""The causes for which an article needs work: each finds them for all articles at once.

Adding one is a function here and its name in `CAUSES`, with a `Kind` in `policy` and a line of
words in `templates/editor/needs.html`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, distinct, func, select

from core.db import db
from core.settings import load
from kb.editor_queries import is_due
from kb.links.queries import broken_counts
from kb.models import Article, ArticleVote
from kb.needs.policy import RECENT, Cause, Kind, growing
from kb.searches.gaps import REWORDED, TICKET, UNOPENED
from kb.searches.models import Search
from kb.translations.queries import behind
from kb.usage.models import ArticleUse
from kb.usage.policy import Use
from kb.votes.policy import lower_bound

#: What is a task for a quiet day beside what readers complain of.
TASK_WEIGHT = 0.3

Found = Mapping[int, Cause]
#: Takes the moment; says which articles need work and why.
Finder = Callable[[datetime], Found]


def votes(_now: datetime) -> Found:
    """«No» of readers of the present revision, by the least share of them that is sure."""
    rows = db.session.execute(
        select(
            ArticleVote.article_id,
            func.sum(case((ArticleVote.useful, 0), else_=1)),
            func.count(),
            func.max(case((~ArticleVote.useful, ArticleVote.at))),
        )
        .join(Article, _present(ArticleVote))
        .group_by(ArticleVote.article_id)
    )
    return {
        key: Cause(Kind.VOTES, lower_bound(no, total), no, at) for key, no, total, at in rows if no
    }


def silent(now: datetime) -> Found:
    """Tickets filed after reading the present revision, lately."""
    rows = db.session.execute(
        select(ArticleUse.article_id, func.count(), func.max(ArticleUse.at))
        .join(Article, _present(ArticleUse))
        .where(ArticleUse.kind == Use.FILED_AFTER_READING, ArticleUse.at >= now - RECENT)
        .group_by(ArticleUse.article_id)
    )
    return {key: Cause(Kind.SILENT, growing(count), count, at) for key, count, at in rows}


def gaps(now: datetime) -> Found:
    """Visitors whose search showed the article first and did not help, since it was saved."""
    count = func.count(distinct(Search.visitor))
    landed = and_(Search.top_id == Article.id, Search.at >= Article.updated_at)
    rows = db.session.execute(
        select(Search.top_id, count, func.max(Search.last_at))
        .join(Article, landed)
        .where(Search.at >= now - RECENT, UNOPENED | REWORDED | TICKET)
        .group_by(Search.top_id)
    )
    return {key: Cause(Kind.GAPS, growing(n) / 2, n, at) for key, n, at in rows if key}


def review(now: datetime) -> Found:
    """Articles whose review is due, by date or by the months of the settings."""
    due = is_due(now, load().review_months)
    rows = db.session.execute(select(Article.id, Article.review_at).where(due))
    return {key: Cause(Kind.REVIEW, TASK_WEIGHT, at=at) for key, at in rows}


def links(_now: datetime) -> Found:
    """Links and pictures that lead nowhere."""
    return {key: Cause(Kind.LINKS, growing(n), n) for key, n in broken_counts().items()}


def translation(_now: datetime) -> Found:
    """Translations of a text that was changed since."""
    rows = db.session.scalars(select(Article.id).where(behind()))
    return {key: Cause(Kind.TRANSLATION, TASK_WEIGHT) for key in rows}


CAUSES: tuple[Finder, ...] = (votes, silent, gaps, review, links, translation)


def _present(model: type[ArticleVote] | type[ArticleUse]) -> ColumnElement[bool]:
    """The join with the article in the revision that was meant."""
    return and_(model.article_id == Article.id, model.revision == Article.revision)
