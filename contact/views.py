"""Ways to talk to us: being called, and the chat's door."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template

from accounts.access import current_actor, open_to_all
from accounts.permissions import Actor, may_use_tickets
from contact.calls import views as calls
from core.pagecache import cacheable
from tickets.places import Placed, open_tickets_with_place

blueprint = Blueprint("contact", __name__)
calls.add_routes(blueprint)


@blueprint.get("/chat")
@open_to_all
@cacheable
def chat() -> str:
    """The door of the chat, which leads to the other ways while nobody attends it."""
    return render_template("contact/chat.html", tickets=_open_tickets(current_actor()))


def _open_tickets(actor: Actor | None) -> Sequence[Placed]:
    # While a ticket is open, everything about it goes through the ticket (R7).
    return open_tickets_with_place(actor, limit=5) if actor and may_use_tickets(actor) else ()
