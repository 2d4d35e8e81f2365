"""The life of an article: states, allowed steps, who may take them, who may read. Pure.

    borrador → en revisión → publicado → archivado, and back to borrador

States are not stored. They are what the stored moments mean at a given moment, so that an
article whose time is over is over, whether or not the worker has come by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from accounts.permissions import Actor, may_edit_articles


class State(StrEnum):
    """Where an article stands, in the order an editor looks at them."""

    DRAFT = "borrador"
    REVIEW = "revision"
    PUBLISHED = "publicado"
    ARCHIVED = "archivado"


class Step(StrEnum):
    """What an editor does with an article as a whole."""

    ASK_REVIEW = "revision"
    PUBLISH = "publicacion"
    ARCHIVE = "archivo"
    RETURN = "borrador"
    DELETE = "eliminacion"


class Audience(StrEnum):
    """Who may read an article once it is published."""

    EVERYBODY = "everybody"
    STAFF = "staff"


#: From each state: the steps that are allowed, and where they lead (None: the article is gone).
STEPS: Mapping[State, Mapping[Step, State | None]] = {
    State.DRAFT: {
        Step.ASK_REVIEW: State.REVIEW,
        Step.PUBLISH: State.PUBLISHED,
        Step.DELETE: None,
    },
    State.REVIEW: {
        Step.PUBLISH: State.PUBLISHED,
        Step.RETURN: State.DRAFT,
        Step.DELETE: None,
    },
    State.PUBLISHED: {Step.PUBLISH: State.PUBLISHED, Step.ARCHIVE: State.ARCHIVED},
    State.ARCHIVED: {
        Step.PUBLISH: State.PUBLISHED,
        Step.RETURN: State.DRAFT,
        Step.DELETE: None,
    },
}

#: Who may take a step. One right today; four eyes are not asked for, only recorded.
WHO: Mapping[Step, Callable[[Actor | None], bool]] = dict.fromkeys(Step, may_edit_articles)


class Moments(Protocol):
    """What is stored of an article's life."""

    @property
    def review_asked_at(self) -> datetime | None: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def archived_at(self) -> datetime | None: ...
    @property
    def expire_at(self) -> datetime | None: ...


def state_of(article: Moments, now: datetime) -> State:
    """The state that the stored moments mean at `now`."""
    if article.published_at is not None:
        over = article.expire_at is not None and article.expire_at <= now
        return State.ARCHIVED if over else State.PUBLISHED
    if article.archived_at is not None:
        return State.ARCHIVED
    return State.REVIEW if article.review_asked_at is not None else State.DRAFT


def allowed(actor: Actor | None, state: State) -> list[Step]:
    """The steps this person may take from `state`, in the order of the table."""
    return [step for step in STEPS[state] if WHO[step](actor)]


def due_since(now: datetime, months: int) -> datetime:
    """What was verified before this moment should be looked at again: `months` before `now`."""
    count = now.year * 12 + now.month - 1 - months
    year, month = divmod(count, 12)
    day = min(now.day, _days_in(year, month + 1))
    return now.replace(year=year, month=month + 1, day=day)


def _days_in(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
