"""The outbox job that draws previews. A broken image ends it quietly: the file stays a download."""

from __future__ import annotations

from collections.abc import Sequence

from core import outbox
from tickets.previews import actions, queries


@outbox.handles(actions.JOB)
def make_previews(payloads: Sequence[outbox.Payload]) -> None:
    """What has a picture already is passed over, so it may run twice."""
    for payload in payloads:
        for sha256 in queries.without_pictures(payload["message_id"]):
            actions.make(sha256)
