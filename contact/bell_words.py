"""How notices about calls and chats read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from accounts.bell.registry import Thing, describes, finds
from accounts.permissions import Actor, may_answer_calls, may_answer_chat
from contact.calls.models import CallRequest
from contact.chat.models import Chat
from core.db import db
from core.web import clean_number


@finds("call")
def find_calls(actor: Actor, keys: Sequence[str]) -> Mapping[str, Thing]:
    """Requests to be called, for who answers them."""
    if not may_answer_calls(actor):
        return {}
    ids = [number for key in keys if (number := clean_number(key)) is not None]
    found = db.session.scalars(select(CallRequest).where(CallRequest.id.in_(ids)))
    return {
        str(one.id): Thing(_("Llamada"), one.name, url_for("calls.detail", call_id=one.id))
        for one in found
    }


@describes("call_received")
def _received(_facts: Mapping[str, Any]) -> str:
    return _("Pide una llamada.")


@finds("chat")
def find_chats(actor: Actor, keys: Sequence[str]) -> Mapping[str, Thing]:
    """Those that wait, and the actor's own: whoever is next is handed out, never picked (R3)."""
    if not may_answer_chat(actor):
        return {}
    ids = [number for key in keys if (number := clean_number(key)) is not None]
    open_to_them = or_(Chat.holder_id.is_(None), Chat.holder_id == actor.person_id)
    found = db.session.scalars(
        select(Chat).where(Chat.id.in_(ids), Chat.closed_at.is_(None), open_to_them)
    )
    return {str(one.id): Thing(_("Chat"), one.name, _address(one)) for one in found}


def _address(chat: Chat) -> str:
    if chat.holder_id is None:
        return url_for("chat_desk.index")
    return url_for("chat_desk.show", chat_id=chat.id)


@describes("chat_waiting")
def _waiting(_facts: Mapping[str, Any]) -> str:
    return _("Alguien espera en el chat.")


@describes("chat_passed")
def _passed(_facts: Mapping[str, Any]) -> str:
    return _("Un colega le pasó esta conversación.")
