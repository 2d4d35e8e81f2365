"""What readers said of an article, revision by revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from kb.models import ArticleRevision, ArticleVote
from kb.searches.masking import mask
from kb.usage.models import ArticleUse
from kb.usage.policy import Use
from kb.votes.policy import share_of

#: Comments shown of one article, the last ones.
COMMENTS_SHOWN = 100


@dataclass(frozen=True)
class Comment:
    """What a reader wrote, with personal data masked."""

    at: datetime
    useful: bool
    reason: str
    lines: Sequence[str]


@dataclass
class Opinions:
    """What readers of one revision said. `reasons` counts those given, by `policy.Reason`;
    `silent` counts tickets filed after reading, `confirmed` those that were not needed."""

    revision: int
    saved_at: datetime | None = None
    useful: int = 0
    useless: int = 0
    silent: int = 0
    confirmed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)

    @property
    def share(self) -> int | None:
        """The percentage of useful votes; None while there are few."""
        return share_of(self.useful, self.useful + self.useless)


def vote_of(article_id: int, revision: int, visitor: str) -> ArticleVote | None:
    """What a visitor answered about this revision; None for who has no name yet."""
    if not visitor:
        return None
    return db.session.scalar(
        select(ArticleVote).where(
            ArticleVote.article_id == article_id,
            ArticleVote.revision == revision,
            ArticleVote.visitor == visitor,
        )
    )


def opinions_of(article_id: int) -> list[Opinions]:
    """The revisions of which anybody said something, the newest first. For editors."""
    found: dict[int, Opinions] = {}
    votes = select(ArticleVote.revision, ArticleVote.useful, ArticleVote.reason, func.count())
    for revision, useful, reason, count in db.session.execute(
        votes.where(ArticleVote.article_id == article_id).group_by(
            ArticleVote.revision, ArticleVote.useful, ArticleVote.reason
        )
    ):
        _add(found.setdefault(revision, Opinions(revision)), useful, reason, count)
    uses = select(ArticleUse.revision, ArticleUse.kind, func.count())
    for revision, kind, count in db.session.execute(
        uses.where(
            ArticleUse.article_id == article_id,
            ArticleUse.kind.in_((Use.FILED_AFTER_READING, Use.CONFIRMED)),
        ).group_by(ArticleUse.revision, ArticleUse.kind)
    ):
        opinions = found.setdefault(revision, Opinions(revision))
        if kind == Use.CONFIRMED:
            opinions.confirmed = count
        else:
            opinions.silent = count
    _put_comments(article_id, found)
    _put_moments(article_id, found)
    return [found[revision] for revision in sorted(found, reverse=True)]


def _add(opinions: Opinions, useful: bool, reason: str, count: int) -> None:
    if useful:
        opinions.useful += count
        return
    opinions.useless += count
    if reason:
        opinions.reasons[reason] = opinions.reasons.get(reason, 0) + count


def _put_comments(article_id: int, found: dict[int, Opinions]) -> None:
    last = db.session.scalars(
        select(ArticleVote)
        .where(ArticleVote.article_id == article_id, ArticleVote.comment != "")
        .order_by(ArticleVote.at.desc(), ArticleVote.id.desc())
        .limit(COMMENTS_SHOWN)
    )
    for vote in last:
        lines = [mask(line) for line in vote.comment.splitlines() if line.strip()]
        comment = Comment(vote.at, vote.useful, "" if vote.useful else vote.reason, lines)
        found[vote.revision].comments.append(comment)


def _put_moments(article_id: int, found: dict[int, Opinions]) -> None:
    rows = db.session.execute(
        select(ArticleRevision.number, ArticleRevision.saved_at).where(
            ArticleRevision.article_id == article_id, ArticleRevision.number.in_(list(found))
        )
    )
    for number, saved_at in rows:
        found[number].saved_at = saved_at
