"""What editors do with trial questions, and the run that tries them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from accounts.permissions import Actor
from core import audit, outbox
from core.db import transaction
from kb.models import Article
from kb.trials.models import Trial
from kb.trials.policy import MOST_TRIALS, Kind

#: The outbox job that tries every question with the index as it is.
RUN_JOB = "kb.trials"


class Gone(Exception):
    """There is no such question."""


class TooMany(Exception):
    """There are as many questions as there may be; nothing was stored."""


@dataclass(frozen=True)
class TrialText:
    """A question as an editor writes it; `article_ids` are those that answer it."""

    kind: Kind
    question: str
    article_ids: Sequence[int]


def save_trial(*, actor: Actor, text: TrialText, trial_id: int | None = None, now: datetime) -> int:
    """Store a new question or change one; its id. What was accepted of it counts no more.

    A new one that is there already, with the same words, is that one. Raises Gone, TooMany.
    """
    with transaction() as session:
        trial = _loaded(session, trial_id) if trial_id else _same(session, text)
        trial = trial or _added(session)
        _write(session, trial, text, now)
        _tell("trial.saved", trial, actor, now)
        return trial.id


def delete_trial(*, actor: Actor, trial_id: int, now: datetime) -> None:
    """Forget a question. Raises Gone."""
    with transaction() as session:
        trial = _loaded(session, trial_id)
        _tell("trial.deleted", trial, actor, now)
        session.execute(delete(Trial).where(Trial.id == trial_id))


def import_trials(*, actor: Actor, texts: Sequence[TrialText], now: datetime) -> int:
    """Store questions of a file, all or none; how many are new. Those with the same words are
    changed where they differ. Raises TooMany."""
    with transaction() as session:
        added = 0
        for text in texts:
            trial = _same(session, text)
            if trial is None:
                trial, added = _added(session), added + 1
            elif {article.id for article in trial.articles} == set(text.article_ids):
                continue
            _write(session, trial, text, now)
        audit.record(
            "trials.imported", "kb", actor_id=actor.person_id, now=now, rows=len(texts), new=added
        )
        return added


def accept(*, actor: Actor, places: Mapping[int, int | None], key: str, now: datetime) -> int:
    """Take these results for what later runs are compared with; how many. `places` by id."""
    with transaction() as session:
        trials = session.scalars(select(Trial).where(Trial.id.in_(list(places)))).all()
        for trial in trials:
            trial.place = trial.accepted_place = places[trial.id]
            trial.tested_at = trial.accepted_at = now
            trial.tested_with = key
        audit.record("trials.accepted", "kb", actor_id=actor.person_id, now=now, count=len(trials))
        return len(trials)


def store_places(*, places: Mapping[int, int | None], key: str, now: datetime) -> None:
    """Keep what a run found so far."""
    with transaction() as session:
        for trial in session.scalars(select(Trial).where(Trial.id.in_(list(places)))):
            trial.place, trial.tested_with, trial.tested_at = places[trial.id], key, now


def ask_for_run(*, now: datetime) -> None:
    """Have every question tried by the outbox; asking again while that waits changes nothing."""
    if not outbox.pending([RUN_JOB]):
        with transaction():
            outbox.enqueue(RUN_JOB, {}, now=now)


def _loaded(session: Session, trial_id: int) -> Trial:
    query = select(Trial).where(Trial.id == trial_id).with_for_update()
    trial = session.scalar(query.options(selectinload(Trial.articles)))
    if trial is None:
        raise Gone
    return trial


def _same(session: Session, text: TrialText) -> Trial | None:
    same = (Trial.kind == text.kind.value, Trial.question == text.question)
    return session.scalars(
        select(Trial).options(selectinload(Trial.articles)).where(*same).order_by(Trial.id)
    ).first()


def _added(session: Session) -> Trial:
    if (session.scalar(select(func.count()).select_from(Trial)) or 0) >= MOST_TRIALS:
        raise TooMany
    trial = Trial(articles=[])
    session.add(trial)
    return trial


def _write(session: Session, trial: Trial, text: TrialText, now: datetime) -> None:
    with session.no_autoflush:
        articles = session.scalars(
            select(Article).where(Article.id.in_(list(text.article_ids))).order_by(Article.id)
        ).all()
    trial.kind, trial.question, trial.articles = text.kind.value, text.question, list(articles)
    trial.lang = articles[0].lang if articles else "es"
    trial.changed_at, trial.tested_with = now, ""
    trial.place = trial.tested_at = trial.accepted_place = trial.accepted_at = None
    session.flush()


def _tell(verb: str, trial: Trial, actor: Actor, now: datetime) -> None:
    audit.record(
        verb,
        f"trial:{trial.id}",
        actor_id=actor.person_id,
        now=now,
        question=trial.question[:200],
    )
