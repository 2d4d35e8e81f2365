"""Outbox jobs of teaching."""

from __future__ import annotations

from collections.abc import Sequence

from core import clock, outbox
from tickets.teaching import actions
from tickets.teaching.actions import TEACH_JOB


@outbox.handles(TEACH_JOB)
def teach(payloads: Sequence[outbox.Payload]) -> None:
    """Note the words of a reply, a solved draft or a filed ticket."""
    for told in payloads:
        now = clock.now()
        if "message_id" in told:
            actions.teach_of_reply(
                message_id=told["message_id"], articles=told["articles"], now=now
            )
        elif "draft_id" in told:
            actions.teach_of_solved(draft_id=told["draft_id"], now=now)
        else:
            actions.teach_of_filed(number=told["filed"], now=now)
