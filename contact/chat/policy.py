"""The rules of the chat: its limits, when somebody is there, what may follow (R3, R4, R7).

Pure: moments come in as arguments.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: Characters of one message, and messages of one side in one minute (SECURITY R1, W3).
MESSAGE_LIMIT, PER_MINUTE = 4_000, 20
MINUTE = timedelta(minutes=1)
#: Questions in a minute that one process answers for one conversation or technician (a page asks
#: about 50 times), and for one network, which may be a whole office; messages it looks at.
ASKED_OF_ONE, ASKED_OF_NETWORK, SENT_IN_ONE = 240, 3_000, 60
#: A technician's pages were not asked for in so long: they are not there. Sessions note a visit
#: every five minutes, so it must be more.
ABSENT_AFTER = timedelta(minutes=7)
#: Nobody came in so long: the page offers the other ways as well.
PATIENCE = timedelta(minutes=1)
#: A typing mark that is not renewed is over.
TYPING = timedelta(seconds=5)
#: A page of a visitor says that it is there this often; one that was silent longer is not.
VISITOR_GONE_AFTER = timedelta(minutes=3)
#: A conversation in which nobody wrote for so long is ended (W3).
IDLE = timedelta(hours=2)
#: Conversations one technician holds at once.
HELD_AT_MOST = 8
#: An ended conversation is forgotten after this long.
KEPT_FOR = timedelta(days=90)
#: A ticket that a technician offered keeps the arrival of the conversation when filed by then.
ARRIVAL_KEPT_FOR = timedelta(hours=24)
#: A page shows the last lines of a long conversation; all of them when asked.
SHOWN_AT_MOST = 200
#: Links by mail to one address in a day.
MAILS_A_DAY = 3


class Side(StrEnum):
    """Who a line is from."""

    VISITOR = "visitor"
    STAFF = "staff"
    HOUSE = "house"


class Event(StrEnum):
    """What a line of the house says; its body is the name it tells, or a ticket's number."""

    ENTERED = "entered"
    HANDED_OVER = "handed_over"
    LEFT = "left"
    VISITOR_CLOSED = "visitor_closed"
    STAFF_CLOSED = "staff_closed"
    BLOCKED = "blocked"
    IDLE = "idle"
    OFFERED = "offered"
    FILED = "filed"
    JOINED = "joined"


def is_typing(typed_at: datetime | None, now: datetime) -> bool:
    """Whether a typing mark still holds."""
    return typed_at is not None and now - typed_at < TYPING


def wants_other_ways(arrived_at: datetime, now: datetime, *, on_duty: int) -> bool:
    """Whether whoever waits is offered a ticket and a call: nobody is there, or nobody came."""
    return on_duty == 0 or now - arrived_at >= PATIENCE


def end_of_day(local: datetime) -> datetime:
    """The midnight that ends the day of a local moment."""
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def position(text: str | None, last: int) -> int:
    """The line after which somebody asks for news: the start of what is shown for what is none
    of this conversation (W4), and never so early that more than SHOWN_AT_MOST are told."""
    start = max(0, last - SHOWN_AT_MOST)
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 9:
        return start
    number = int(text)
    return max(number, start) if number <= last else start


def first_line(text: str, limit: int) -> str:
    """The subject of a ticket that begins with this text: its first line, cut at a word."""
    line = next((line for line in (" ".join(row.split()) for row in text.split("\n")) if line), "")
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0][: limit - 1] + "…"
