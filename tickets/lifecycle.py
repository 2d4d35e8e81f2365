"""The life of a ticket: one table of the steps that exist, and nothing else.

    en cola → en atención ⇄ esperando al cliente → resuelto → cerrado

Reopening leads from the last two back into the queue with the first arrival (R11). `unido`
ends in another ticket, unless it is undone. Who may make a step is decided by the permissions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a ticket is in its life; the value is what the database holds."""

    QUEUED = "en_cola"
    ACTIVE = "en_atencion"
    WAITING = "esperando_cliente"
    RESOLVED = "resuelto"
    CLOSED = "cerrado"
    MERGED = "unido"


class Step(StrEnum):
    """What can happen to a ticket that may change its state."""

    TAKE = "take"
    RETURN = "return"
    ASK = "ask"
    ANSWER = "answer"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    HAND_OVER = "hand_over"
    RESOLVE_OUTAGE = "resolve_outage"
    UNDO = "undo"


class Reopening(StrEnum):
    """What a customer says of a resolved ticket that did not end it (R11); the forms' values."""

    NOT_SOLVED = "no-resuelto"
    FAILED_AGAIN = "volvio-a-fallar"
    SOMETHING_ELSE = "otra-cosa"

    @property
    def reopens(self) -> bool:
        """Another matter is another ticket (R6)."""
        return self != Reopening.SOMETHING_ELSE


class StepNotAllowed(Exception):
    """The step does not exist from this state; nothing was changed."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(f"{step} is not possible from {state}")
        self.state = state
        self.step = step


STEPS: Mapping[tuple[State, Step], State] = MappingProxyType(
    {
        (State.QUEUED, Step.TAKE): State.ACTIVE,
        (State.QUEUED, Step.WITHDRAW): State.CLOSED,
        (State.QUEUED, Step.MERGE): State.MERGED,
        (State.ACTIVE, Step.RETURN): State.QUEUED,
        (State.ACTIVE, Step.ASK): State.WAITING,
        (State.ACTIVE, Step.RESOLVE): State.RESOLVED,
        (State.ACTIVE, Step.HAND_OVER): State.ACTIVE,
        (State.ACTIVE, Step.MERGE): State.MERGED,
        (State.WAITING, Step.ANSWER): State.QUEUED,
        (State.WAITING, Step.UNDO): State.ACTIVE,
        (State.WAITING, Step.RESOLVE): State.RESOLVED,
        (State.WAITING, Step.WITHDRAW): State.CLOSED,
        (State.WAITING, Step.MERGE): State.MERGED,
        (State.MERGED, Step.UNMERGE): State.QUEUED,
        # One answer for all whom one outage hit: nobody is attended before another (0016).
        (State.QUEUED, Step.RESOLVE_OUTAGE): State.RESOLVED,
        (State.ACTIVE, Step.RESOLVE_OUTAGE): State.RESOLVED,
        (State.WAITING, Step.RESOLVE_OUTAGE): State.RESOLVED,
        (State.RESOLVED, Step.REOPEN): State.QUEUED,
        (State.RESOLVED, Step.CLOSE): State.CLOSED,
        (State.RESOLVED, Step.UNDO): State.ACTIVE,
        (State.CLOSED, Step.REOPEN): State.QUEUED,
    }
)

#: A ticket about which everything still goes through its thread (R7).
OPEN_STATES = frozenset({State.QUEUED, State.ACTIVE, State.WAITING})
#: What `Tomar siguiente` hands out and what counts as "ahead of mine".
IN_QUEUE = frozenset({State.QUEUED})


def after(state: State, step: Step) -> State:
    """The state a step leads to. Raises `StepNotAllowed` when there is no such step."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise StepNotAllowed(state, step) from None


def as_customers_see(state: State, settles_at: datetime | None, now: datetime) -> State:
    """The state to the customer: in attention while the reply that ended it can be undone."""
    if state in {State.WAITING, State.RESOLVED} and settles_at is not None and now < settles_at:
        return State.ACTIVE
    return state


def allowed(state: State) -> frozenset[Step]:
    """The steps that exist from a state; none from an end."""
    return frozenset(step for origin, step in STEPS if origin == state)
