"""What the audit reads and what it says: an event, a ticket's row, a finding. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Logged:
    """One event as the log holds it; `at` is aware."""

    seq: int
    ticket: int
    at: datetime
    kind: str
    actor: int | None
    data: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Finding:
    """The first thing that does not hold. `code` is one of:

    missing, altered, chain, step, key, unknown_policy, order, passed, limit, holder, state,
    unlogged, rewritten, truncated. `seq` is None where no single event is to blame.
    """

    code: str
    seq: int | None
    ticket: int | None


@dataclass(frozen=True)
class Stored:
    """A ticket as its table holds it now."""

    number: int
    state: str
    holder: int | None
    affection: str
    mark: str
    policy: int
    typology: int
    effective_arrival: datetime
    opened_at: datetime
    merged_into: int | None
    given_back_by: frozenset[int] = frozenset()
