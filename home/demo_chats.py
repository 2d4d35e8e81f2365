"""The conversations of the demonstration, played with the verbs that people use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from accounts import sessions
from accounts.permissions import Actor
from contact.chat import actions, handling
from contact.chat.actions import Begun, Sent
from contact.chat.models import Chat
from contact.chat.policy import Side
from core.db import db
from core.tokens import once_key, token_hash


def load_chats(folder: Path, *, people: Mapping[str, Actor], now: datetime) -> None:
    """Let every conversation of `folder` happen, where none did."""
    if db.session.scalar(select(func.count()).select_from(Chat)):
        return
    for place, told in enumerate(yaml.safe_load((folder / "chats.yaml").read_text("utf-8"))):
        at = now - timedelta(days=told["days_ago"], hours=place)
        _play(told, people.get(told.get("customer", "")), people[told["technician"]], place, at)


def _play(
    told: Mapping[str, Any], customer: Actor | None, staff: Actor, place: int, at: datetime
) -> None:
    first, *rest = told["lines"]
    name, email = (customer.name, customer.email) if customer else (told["name"], told["email"])
    begun = Begun(name, email, first["text"], "es", "")
    actions.start(begun, token=once_key("demo-chat", place), actor=customer, now=at)
    session = sessions.start(staff.person_id, browser="", now=at)
    handling.go_on_duty(actor=staff, session_hash=token_hash(session), now=at)
    chat_id = handling.take_next(actor=staff, form_id="", now=at + timedelta(seconds=40))
    if chat_id is None:
        raise ValueError(f"the conversation of {name} was not in the line")
    for number, line in enumerate(rest, start=1):
        side = Side(line["who"])
        actions.write(
            chat_id,
            Sent(line["text"], key=f"demo-{number}"),
            side=side,
            actor=staff if side == Side.STAFF else customer,
            now=at + timedelta(minutes=number),
        )
    actions.close(
        chat_id,
        side=Side.VISITOR,
        actor=customer,
        now=at + timedelta(minutes=len(rest) + 1),
    )
    handling.go_off_duty(actor=staff, now=at)
    sessions.end(session)
