"""How notices about calls read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.bell.registry import Thing, describes, finds
from accounts.permissions import Actor, may_answer_calls
from contact.calls.models import CallRequest
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
    return _("Pide que le llamen.")
