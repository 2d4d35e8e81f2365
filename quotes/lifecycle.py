"""The life of one version of a quote: where it stands, and what may be done with it. Pure.

Only moments are stored. A version expires by being read after its day, so nothing has to run
at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a version."""

    EDIT = "edit"
    SEND = "send"
    ACCEPT = "accept"
    DECLINE = "decline"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


STEPS: Mapping[State, Mapping[Step, State]] = {
    State.DRAFT: {
        Step.EDIT: State.DRAFT,
        Step.SEND: State.SENT,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.SENT: {
        Step.ACCEPT: State.ACCEPTED,
        Step.DECLINE: State.DECLINED,
        Step.REPLACE: State.REPLACED,
        Step.WITHDRAW: State.WITHDRAWN,
    },
    State.EXPIRED: {Step.REPLACE: State.REPLACED, Step.WITHDRAW: State.WITHDRAWN},
    State.DECLINED: {},
    State.ACCEPTED: {},
    State.REPLACED: {},
    State.WITHDRAWN: {},
}
#: A version in one of these can be followed by another; after an acceptance nothing follows.
FOLLOWED = frozenset({State.SENT, State.EXPIRED, State.DECLINED, State.WITHDRAWN})
#: What a customer may read of a version.
READABLE = frozenset(set(State) - {State.DRAFT, State.WITHDRAWN})


class StepRefused(Exception):
    """This cannot be done with a version that stands there."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(state, step)
        self.state = state
        self.step = step


@dataclass(frozen=True)
class Facts:
    """What happened to a version, and the last day it is good for, in Lima."""

    valid_until: date
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    replaced_at: datetime | None = None
    withdrawn_at: datetime | None = None


def state_of(facts: Facts, today: date) -> State:
    """Where a version stands on a day of Lima. Its last day is still good, to the end."""
    if facts.accepted_at is not None:
        return State.ACCEPTED
    if facts.declined_at is not None:
        return State.DECLINED
    if facts.withdrawn_at is not None:
        return State.WITHDRAWN
    if facts.replaced_at is not None:
        return State.REPLACED
    if facts.sent_at is None:
        return State.DRAFT
    return State.EXPIRED if today > facts.valid_until else State.SENT


def may(state: State, step: Step) -> bool:
    """Whether the table allows it."""
    return step in STEPS[state]


def after(state: State, step: Step) -> State:
    """Where a version stands afterwards. Raises StepRefused."""
    if step not in STEPS[state]:
        raise StepRefused(state, step)
    return STEPS[state][step]
