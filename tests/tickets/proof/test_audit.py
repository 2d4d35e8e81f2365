"""The proof: what the desk does holds, and whatever is done behind its back shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock
from core.db import db, transaction
from tests.cast import START, Cast
from tests.tickets.builders import answered, filed, taken
from tests.tickets.walk import Walk
from tickets import turns
from tickets.handling import Then
from tickets.proof.actions import audit
from tickets.proof.models import AuditRun


def run() -> AuditRun:
    db.session.rollback()
    return audit(now=clock.now())


def found() -> tuple[str | None, int | None, int | None]:
    last = run()
    return last.problem, last.problem_seq, last.problem_ticket


def tamper(*statements: str) -> None:
    with transaction() as session:
        for statement in statements:
            session.execute(text(statement))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_desk_does_holds(cast: Cast, seed: int) -> None:
    for _ in Walk(cast, seed).steps(150):
        pass
    assert found() == (None, None, None)


def test_an_audit_says_how_much_it_read(cast: Cast) -> None:
    filed(cast.ana)
    filed(cast.carla)
    taken(cast.diego)
    last = run()
    # Both may authorise access by filing, so each filing is two events.
    assert (last.events, last.tickets, last.hand_outs, last.last_seq) == (5, 2, 1, 5)


def test_an_empty_log_holds(cast: Cast) -> None:
    last = run()
    assert (last.problem, last.events, last.digest) == (None, 0, "0" * 64)


@pytest.fixture
def worked(cast: Cast) -> int:
    """Ana's ticket 1001 was answered, Carla's 1002 waits: events 1 to 6, 2 and 4 authorise."""
    number = filed(cast.ana)
    filed(cast.carla, now=START + timedelta(minutes=5))
    taken(cast.diego, now=START + timedelta(minutes=6))
    answered(number, cast.diego, Then.WAIT, now=START + timedelta(minutes=7))
    assert found() == (None, None, None)
    tamper("DELETE FROM audit_runs")
    return number


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE ticket_events SET kind = 'replied' WHERE seq = 6", ("altered", 6, 1001)),
        ("UPDATE ticket_events SET actor_id = NULL WHERE seq = 5", ("altered", 5, 1001)),
        ("UPDATE ticket_events SET data = '{}' WHERE seq = 3", ("altered", 3, 1002)),
        ("UPDATE ticket_events SET hash = previous WHERE seq = 1", ("altered", 1, 1001)),
        ("UPDATE ticket_events SET previous = hash WHERE seq = 5", ("chain", 5, 1001)),
        ("UPDATE tickets SET state = 'en_cola' WHERE number = 1001", ("state", None, 1001)),
        ("UPDATE tickets SET typology = 0 WHERE number = 1002", ("state", None, 1002)),
        ("UPDATE tickets SET holder_id = NULL WHERE number = 1001", ("state", None, 1001)),
        ("UPDATE tickets SET mark = 'urgente' WHERE number = 1002", ("state", None, 1002)),
        (
            "UPDATE tickets SET effective_arrival = '2020-01-01 00:00:00.000000'"
            " WHERE number = 1002",
            ("state", None, 1002),
        ),
        (
            "UPDATE tickets SET opened_at = '2020-01-01 00:00:00.000000' WHERE number = 1002",
            ("state", None, 1002),
        ),
        ("UPDATE tickets SET merged_into = 1001 WHERE number = 1002", ("state", None, 1002)),
        ("UPDATE ticket_events SET data = 'no' WHERE seq = 5", ("altered", None, None)),
        ("UPDATE counters SET value = 9 WHERE name = 'ticket_event'", ("truncated", 7, None)),
    ],
)
def test_an_altered_row_is_named(
    worked: int, statement: str, expected: tuple[str, int | None, int]
) -> None:
    tamper(statement)
    code, seq, number = found()
    # What cannot be read at all is named by the first event that was not read.
    assert (code, seq if "'no'" not in statement else None, number) == expected


def test_a_missing_event_is_named_by_the_one_after_it(worked: int) -> None:
    tamper("DELETE FROM queue_moves WHERE seq = 3", "DELETE FROM ticket_events WHERE seq = 4")
    assert found() == ("missing", 5, 1001)


def test_a_log_cut_off_at_its_end_is_noticed(worked: int) -> None:
    tamper("DELETE FROM ticket_events WHERE seq = 6")
    assert found() == ("truncated", 6, None)


def test_a_ticket_that_is_not_in_the_log_is_noticed(worked: int) -> None:
    tamper(
        "INSERT INTO tickets (number, company_id, author_id, subject, affection, mark,"
        " policy_version, typology, effective_arrival, opened_at, state, changed_at,"
        " conditions_version, articles_shown, articles_opened)"
        " SELECT 999, company_id, author_id, subject, affection, mark, policy_version, typology,"
        " effective_arrival, opened_at, state, changed_at, conditions_version, articles_shown,"
        " articles_opened FROM tickets WHERE number = 1002"
    )
    assert found() == ("unlogged", None, 999)


def test_a_log_written_anew_after_an_audit_is_noticed(cast: Cast, worked: int) -> None:
    """Even with whole chains: the digest of an earlier audit is not found again."""
    assert found() == (None, None, None)
    before = db.session.execute(text("SELECT digest FROM audit_runs")).scalar_one()
    tamper(
        "DELETE FROM queue_moves",
        "DELETE FROM ticket_events",
        "UPDATE counters SET value = 0 WHERE name = 'ticket_event'",
        "UPDATE tickets SET state = 'cerrado'",
    )
    for _ in range(3):
        filed(cast.ana)
    last = run()
    assert (last.problem, last.problem_seq) == ("rewritten", 6)
    assert last.digest != before


def test_the_command_says_what_holds(app: Flask, worked: int) -> None:
    result = app.test_cli_runner().invoke(args=["tickets", "audit"])
    assert result.exit_code == 0
    assert result.output.startswith("6 events of 2 tickets hold: 1 hand-outs, each the head")


def test_the_command_names_the_first_broken_event(app: Flask, worked: int) -> None:
    tamper("UPDATE ticket_events SET kind = 'replied' WHERE seq >= 5")
    result = app.test_cli_runner().invoke(args=["tickets", "audit"])
    assert result.exit_code == 1
    assert result.output == (
        "event 5 of ticket 1001 was altered: its hash does not match what it says\n"
    )


def test_a_return_that_was_rubbed_out_is_noticed(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    turns.give_back(number=number, actor=cast.diego, reason="Es de redes.", now=START)
    assert found() == (None, None, None)
    tamper("DELETE FROM ticket_returns")
    assert found() == ("state", None, number)
