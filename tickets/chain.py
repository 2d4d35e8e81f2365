"""The chain of a ticket's events: each carries the SHA-256 of the one before it. Pure.

Whoever edits, removes or inserts an event would have to write every later event of the ticket
anew, and the audit keeps the digest of what it saw before (`tickets/fairness.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

#: What stands before the first event of a ticket.
GENESIS = "0" * 64


def event_hash(
    previous: str,
    *,
    seq: int,
    ticket: int,
    at: datetime,
    kind: str,
    actor: int | None,
    data: Mapping[str, object],
) -> str:
    """64 hexadecimal digits over one event and the hash before it.

    `at` is aware; `data` holds plain JSON values. Each field stands on a line of its own and
    only the last one can hold a line break's escape, so two events never read alike.
    """
    told = (
        previous,
        str(seq),
        str(ticket),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        kind,
        "" if actor is None else str(actor),
        json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def digest_after(digest: str, hashed: str) -> str:
    """The digest of a whole log, event by event in the order of their numbers."""
    return hashlib.sha256(f"{digest}\n{hashed}".encode()).hexdigest()
