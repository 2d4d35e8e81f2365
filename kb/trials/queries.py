"""Reading trials: how every question stands now, against what was accepted last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core import outbox
from core.db import db
from kb.models import Article
from kb.trials import policy, running
from kb.trials.actions import RUN_JOB
from kb.trials.models import Trial
from kb.trials.policy import Change


@dataclass(frozen=True)
class Stand:
    """One question as it stands: `place` from 1, None where nothing expected was found."""

    trial: Trial
    place: int | None
    change: Change

    @property
    def passes(self) -> bool:
        """Whether an expected article is at the top."""
        return policy.passes(self.place)


@dataclass(frozen=True)
class Standing:
    """All questions. While some were not tried with the index as it is, `waiting` counts them;
    `running` says that the outbox is at it."""

    stands: Sequence[Stand] = field(default_factory=list)
    running: bool = False

    def having(self, change: Change) -> list[Stand]:
        """The questions with this change."""
        return [stand for stand in self.stands if stand.change is change]

    @property
    def worse(self) -> int:
        """How many passed when they were accepted, and fail now."""
        return len(self.having(Change.WORSE))

    @property
    def better(self) -> int:
        """How many failed when they were accepted, and pass now."""
        return len(self.having(Change.BETTER))

    @property
    def waiting(self) -> int:
        """How many were not tried yet."""
        return len(self.having(Change.UNKNOWN))

    @property
    def passing(self) -> int:
        """How many pass, of those that were tried."""
        return sum(s.passes for s in self.stands if s.change is not Change.UNKNOWN)


def standing(*, at_once: bool = False) -> Standing:
    """How every question stands; reads only.

    Up to `policy.QUICK` questions are tried here; with more, the results of the last run count
    as long as index and content are the same. `at_once` tries them all, however many.
    """
    trials, key = all_trials(), running.present_key()
    stale = [trial for trial in trials if trial.tested_with != key or not key]
    places: dict[int, int | None] = {}
    if at_once or len(stale) <= policy.QUICK:
        places = running.places_of(stale, key)
    stands = []
    for trial in trials:
        known = trial.id in places or trial not in stale
        place = places.get(trial.id, trial.place)
        change = policy.change_of(
            accepted=trial.accepted_at is not None,
            before=trial.accepted_place,
            place=place,
            known=known,
        )
        stands.append(Stand(trial, place, change))
    return Standing(stands, running=bool(outbox.pending([RUN_JOB])))


def all_trials() -> Sequence[Trial]:
    """Every question with its expected articles, the newest first."""
    query = select(Trial).options(selectinload(Trial.articles))
    return db.session.scalars(query.order_by(Trial.id.desc())).all()


def trial_to_edit(trial_id: int) -> Trial | None:
    return db.session.scalar(
        select(Trial).options(selectinload(Trial.articles)).where(Trial.id == trial_id)
    )


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Trial)) or 0


def articles_by_slug(slugs: Sequence[str]) -> dict[str, Article]:
    """Articles in any state by their address."""
    rows = db.session.scalars(select(Article).where(Article.slug.in_(list(slugs))))
    return {article.slug: article for article in rows}
