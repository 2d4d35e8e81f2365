"""A visitor's form as a browser sends it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import clock
from core.guest_forms import seal
from core.tokens import new_token


def handed_out(
    *, ago: timedelta = timedelta(minutes=1), now: datetime | None = None
) -> dict[str, str]:
    """The hidden fields of a form that was handed out `ago`."""
    token = new_token()
    return {"token": token, "sello": seal(token, (now or clock.now()) - ago), "nota_vacia": ""}
