"""What a page is told when it asks for news: as little as can be read (decision 0034).

A mark stands for everything on the page that can change. The same mark: nothing is new, nothing
is drawn. Whoever asks is asked for their rights each time (SECURITY W2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Actor
from contact.chat import queries
from contact.chat.models import Chat, ChatDuty, ChatMessage
from contact.chat.policy import (
    VISITOR_GONE_AFTER,
    is_typing,
    position,
    wants_other_ways,
)
from core.tokens import once_key


@dataclass(frozen=True)
class State:
    """What one side sees beside the lines. `ahead` and `on_duty` are for whoever waits; `seen`
    is the last line that the other side has read."""

    waiting: bool
    ahead: int
    on_duty: int
    other_ways: bool
    typing: bool
    seen: int
    away: bool
    mark: str


def for_visitor(chat: Chat, now: datetime) -> State:
    """One row was read before; whoever waits costs two counts more."""
    waits = chat.closed_at is None and chat.holder_id is None
    ahead = queries.ahead_of(chat) if waits else 0
    on_duty = len(queries.on_duty(now)) if waits else 1
    other = waits and wants_other_ways(chat.arrived_at, now, on_duty=on_duty)
    typing = chat.closed_at is None and is_typing(chat.staff_typed_at, now)
    told = (chat.version, ahead, min(on_duty, 1), int(other), int(typing))
    mark = ".".join(str(part) for part in told)
    return State(waits, ahead, on_duty, other, typing, chat.staff_read, away=False, mark=mark)


def for_staff(chat: Chat, now: datetime) -> State:
    """The same beside a technician's conversation."""
    typing = chat.closed_at is None and is_typing(chat.visitor_typed_at, now)
    away = chat.closed_at is None and now - chat.visitor_seen_at > VISITOR_GONE_AFTER
    mark = f"{chat.version}.{int(typing)}.{int(away)}"
    return State(False, 0, 0, False, typing, chat.visitor_read, away=away, mark=mark)


@dataclass(frozen=True)
class Desk:
    """A technician's list. `duty` says since when they are on duty, `waiting` how many wait in
    line, `unread` how many messages."""

    held: Sequence[queries.Held]
    typing: frozenset[int]
    waiting: int
    duty: ChatDuty | None
    unread: int
    mark: str


def desk_of(actor: Actor, now: datetime) -> Desk:
    """Three queries, however many conversations there are."""
    held = queries.held_by(actor)
    typing = frozenset(one.id for one in held if is_typing(one.visitor_typed_at, now))
    waiting, duty = queries.waiting(), queries.duty_of(actor, now)
    told = [(one.id, one.version, one.unread, one.id in typing) for one in held]
    return Desk(
        held=held,
        typing=typing,
        waiting=waiting,
        duty=duty,
        unread=sum(one.unread for one in held),
        mark=once_key(told, waiting, duty.on_at if duty else None)[:16],
    )


def lines_after(chat: Chat, asked: str | None) -> Sequence[ChatMessage]:
    """The lines after the one that was named; all of them where it is none of this one's."""
    return queries.lines_of(chat, position(asked, chat.last_seq))
