"""Who may see, manage and grant among the members of a company (R10, Z1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.permissions import (
    PRESETS,
    Actor,
    Right,
    may_grant,
    may_manage_members,
    may_see_members,
)

MANAGER = Actor(
    person_id=1,
    name="Ana",
    email="ana@example.com",
    company_id=1,
    rights=frozenset({"manage_members", "open_requests"}),
)


@pytest.mark.parametrize(
    ("actor", "sees", "manages"),
    [
        (None, False, False),
        (MANAGER, True, True),
        (replace(MANAGER, is_confirmed=False), True, False),
        (replace(MANAGER, rights=frozenset({"open_requests"})), True, False),
        (replace(MANAGER, roles=frozenset({"admin"})), False, False),
        (replace(MANAGER, company_id=None), False, False),
    ],
)
def test_members_are_managed_by_confirmed_managers(
    actor: Actor | None, sees: bool, manages: bool
) -> None:
    assert (may_see_members(actor), may_manage_members(actor)) == (sees, manages)
    assert may_grant(actor, frozenset()) is manages


def test_nobody_grants_what_they_do_not_hold() -> None:
    assert may_grant(MANAGER, frozenset({"open_requests"}))
    assert not may_grant(MANAGER, frozenset({"open_requests", "ask_quotes"}))
    everything = replace(MANAGER, rights=frozenset(map(str, Right)))
    assert all(may_grant(everything, frozenset(preset)) for preset in PRESETS.values())
