"""The requests to be called of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from accounts.permissions import Actor
from contact.calls.actions import CallAsked, receive
from contact.calls.handling import Attempt, note_attempt
from contact.calls.models import CallRequest
from contact.calls.policy import Result
from contact.calls.threads import About
from contact.calls.words import thread_text
from core.db import db
from core.tokens import once_key
from tickets.models import Ticket

#: Between a request and the first attempt, and between attempts.
TRIED_AFTER = timedelta(minutes=3)


def load_calls(folder: Path, people: Mapping[str, Actor], now: datetime) -> None:
    """Ask and try as `folder` tells; what is there already is passed over."""
    for place, told in enumerate(yaml.safe_load((folder / "calls.yaml").read_text("utf-8"))):
        token = once_key("demo", "call", place)
        at = now - timedelta(minutes=told["minutes_ago"])
        if _number_of(token) is None:
            _ask(told, people, token, at)
            _try(told, people, token, at)


def _ask(told: Any, people: Mapping[str, Actor], token: str, at: datetime) -> None:
    asked = CallAsked(told["name"], told["phone"], told["part_of_day"], told["matter"])
    actor = people.get(told.get("by", ""))
    number = db.session.scalar(select(Ticket.number).where(Ticket.subject == told.get("about", "")))
    text = thread_text(asked.phone, asked.part_of_day, asked.matter)
    about = About(text, number=number) if actor and number else None
    receive(asked, token=token, actor=actor, about=about, now=at)


def _try(told: Any, people: Mapping[str, Actor], token: str, at: datetime) -> None:
    call_id = _number_of(token)
    for place, one in enumerate(told.get("attempts", ()), start=1):
        attempt = Attempt(Result(one["result"]), one.get("note", ""), once_key(token, place))
        if call_id is not None:
            moment = at + place * TRIED_AFTER
            note_attempt(call_id, attempt, actor=people[one["by"]], now=moment)


def _number_of(token: str) -> int | None:
    return db.session.scalar(select(CallRequest.id).where(CallRequest.token == token))
