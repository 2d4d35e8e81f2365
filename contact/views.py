"""Ways to talk to us that need no ticket; the chat has a blueprint of its own."""

from __future__ import annotations

from flask import Blueprint

from contact.calls import views as calls

blueprint = Blueprint("contact", __name__)
calls.add_routes(blueprint)
