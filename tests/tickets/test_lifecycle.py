from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import START
from tickets.lifecycle import (
    IN_QUEUE,
    OPEN_STATES,
    STEPS,
    Reopening,
    State,
    Step,
    StepNotAllowed,
    after,
    allowed,
    as_customers_see,
)

STEP_NAMES = (
    "take", "return", "ask", "answer", "resolve",
    "reopen", "close", "withdraw", "merge", "hand_over", "resolve_outage", "unmerge", "undo",
)  # fmt: skip

# Every state with every step, in the order of STEP_NAMES; None is a step that does not exist.
EXPECTED: dict[str, tuple[str | None, ...]] = {
    "en_cola": (
        "en_atencion", None, None, None, None, None, None, "cerrado", "unido", None, "resuelto",
        None, None,
    ),
    "en_atencion": (
        None, "en_cola", "esperando_cliente", None, "resuelto",
        None, None, None, "unido", "en_atencion", "resuelto", None, None,
    ),
    "esperando_cliente": (
        None, None, None, "en_cola", "resuelto", None, None, "cerrado", "unido", None, "resuelto",
        None, "en_atencion",
    ),
    "resuelto": (
        None, None, None, None, None, "en_cola", "cerrado", None, None, None, None, None,
        "en_atencion",
    ),
    "cerrado": (None, None, None, None, None, "en_cola", *(None,) * 7),
    "unido": (*(None,) * 11, "en_cola", None),
}  # fmt: skip

MATRIX = [
    (state, step, target)
    for state, targets in EXPECTED.items()
    for step, target in zip(STEP_NAMES, targets, strict=True)
]


def test_matrix_names_every_state_and_step() -> None:
    assert [state.value for state in State] == list(EXPECTED)
    assert sorted(step.value for step in Step) == sorted(STEP_NAMES)


@pytest.mark.parametrize(("state", "step", "target"), MATRIX)
def test_after_follows_the_matrix(state: str, step: str, target: str | None) -> None:
    if target is not None:
        assert after(State(state), Step(step)) == State(target)
        return
    with pytest.raises(StepNotAllowed) as refused:
        after(State(state), Step(step))
    assert (refused.value.state, refused.value.step) == (State(state), Step(step))


@pytest.mark.parametrize("state", list(State))
def test_allowed_lists_exactly_the_steps_that_exist(state: State) -> None:
    expected = {step for origin, step, target in MATRIX if origin == state and target}
    assert allowed(state) == frozenset(Step(step) for step in expected)


def test_steps_cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        STEPS[State.MERGED, Step.REOPEN] = State.QUEUED  # type: ignore[index]


def test_open_tickets_are_those_somebody_still_waits_for() -> None:
    assert {"en_cola", "en_atencion", "esperando_cliente"} == OPEN_STATES
    assert {"en_cola"} == IN_QUEUE


def test_only_another_matter_does_not_reopen() -> None:
    assert [r.value for r in Reopening if r.reopens] == ["no-resuelto", "volvio-a-fallar"]


@pytest.mark.parametrize("state", list(State))
def test_customers_see_attention_until_a_reply_can_no_longer_be_undone(state: State) -> None:
    hidden = state in {State.WAITING, State.RESOLVED}
    later = START + timedelta(seconds=15)
    assert as_customers_see(state, None, START) == state
    assert as_customers_see(state, later, START) == (State.ACTIVE if hidden else state)
    assert as_customers_see(state, later, later) == state
