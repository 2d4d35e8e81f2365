"""What every page shows of the site: its name and telephones, who is signed in, the menus.

For visitors it asks the database nothing but whether the settings changed, and an error page
is drawn with the defaults when the database does not answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from accounts import permissions
from accounts.access import current_actor
from accounts.permissions import Actor
from contact.chat import queries as chats
from core import clock, outbox
from core.click_to_chat import chat_url
from core.db import db
from core.identifiers import display_phone
from core.settings import SiteSettings, in_readers_words
from core.web import site_settings

Item = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """The company as pages show it. Addresses are ready for a link."""

    name: str
    title: str
    hours: str
    accent: str
    contact_email: str
    phone_display: str
    phone_url: str
    whatsapp_display: str
    whatsapp_url: str
    whatsapp_number: str

    def whatsapp_with(self, words: str) -> str:
        """A click-to-chat address with words written in; '' where there is no number."""
        # What templates put together is escaped for a page; an address is not one.
        plain = words.unescape() if isinstance(words, Markup) else words
        return chat_url(self.whatsapp_number, plain)


def whatsapp_display(number: str) -> str:
    """An E.164 number with its country, for people abroad: «(+51) 969 782 160»."""
    shown = display_phone(number)
    return f"(+51) {shown}" if number.startswith("+51") and shown != number else shown


@lru_cache(maxsize=8)
def site_from(settings: SiteSettings) -> Site:
    """The settings as pages show them."""
    return Site(
        name=settings.name,
        title=settings.title,
        hours=settings.hours,
        accent=settings.accent,
        contact_email=settings.contact_email,
        phone_display=display_phone(settings.phone),
        phone_url=f"tel:{settings.phone}",
        whatsapp_display=whatsapp_display(settings.whatsapp),
        whatsapp_url=chat_url(settings.whatsapp),
        whatsapp_number=settings.whatsapp,
    )


def register(app: Flask) -> None:
    """Give every template `site`, `actor`, `nav` and `account_nav`."""
    app.context_processor(_context)


def _context() -> dict[str, object]:
    try:
        actor = current_actor()
        settings = site_settings()
        # What failed waits for an administrator: jobs that were given up, mails among them.
        failed = outbox.failed() if permissions.may_administer(actor) else 0
        calling = _calling(actor)
    except SQLAlchemyError:
        # An error page is being drawn: it must not need what has just failed.
        db.session.rollback()
        g.actor = actor = None
        settings = SiteSettings()
        failed = calling = 0
    return {
        "site": site_from(in_readers_words(settings)),
        "actor": actor,
        "nav": _menu(actor, {"admin.index": failed, "chat_desk.index": calling}),
        "account_nav": _account_menu(actor),
    }


def _calling(actor: Actor | None) -> int:
    """What waits in the chat, for who is on duty; its own pages say it as it changes."""
    if actor is None or not permissions.may_answer_chat(actor) or request.blueprint == "chat_desk":
        return 0
    return chats.calling(actor, clock.now())


def _menu(actor: Actor | None, counts: Mapping[str, int]) -> list[Item]:
    if actor is not None and actor.is_staff:
        return _staff_menu(actor, counts)
    items = [_item(_("Preguntas frecuentes"), "kb.index", "kb")]
    if permissions.may_use_tickets(actor):
        items.append(_item(_("Mis tickets"), "tickets.index", "tickets"))
    else:
        items.append(_item(_("Crear un ticket"), "tickets.new", "tickets"))
    items.append(_item(_("Llamada"), "contact.callback"))
    items.append(_item(_("Chat"), "chat.new", "chat"))
    if permissions.may_ask_quotes(actor):
        items.append(_item(_("Cotización"), "quotes.new", "quotes"))
    return items


def _staff_menu(actor: Actor, counts: Mapping[str, int]) -> list[Item]:
    places = (
        (permissions.may_read_desk, _("Mesa"), "desk.index", "desk"),
        (permissions.may_read_desk, _("Averías"), "outage_desk.index", "outage_desk"),
        (permissions.may_answer_calls, _("Llamadas"), "calls.index", "calls"),
        (permissions.may_answer_chat, _("Chat"), "chat_desk.index", "chat_desk"),
        (permissions.may_read_desk, _("Reportes"), "proof.index", "proof outcomes"),
        (permissions.may_sell, _("Ventas"), "sales.index", "ventas"),
        (permissions.may_edit_articles, _("Artículos"), "editor.index", "editor"),
        (permissions.may_administer, _("Administración"), "admin.index", "admin"),
    )
    items = []
    for may, label, endpoint, place in places:
        if may(actor):
            items.append(_item(label, endpoint, place))
            items[-1]["count"] = counts.get(endpoint) or None
    return [*items, _item(_("Preguntas frecuentes"), "kb.index", "kb")]


def _account_menu(actor: Actor | None) -> list[Item]:
    if actor is None:
        return []
    items = [_item(_("Su cuenta"), "accounts.profile")]
    if permissions.may_see_members(actor):
        items.append(_item(_("Personas de su empresa"), "accounts.members"))
    if permissions.may_have_quotes(actor):
        items.append(_item(_("Sus cotizaciones"), "own_quotes.index"))
    return items


def _item(label: str, endpoint: str, place: str = "") -> Item:
    """One line of a menu; it is the current one on its page, or anywhere in `place`."""
    if place:
        current = request.blueprint == place or request.path.startswith(f"/{place}/")
    else:
        current = request.endpoint == endpoint
    return {"label": label, "url": url_for(endpoint), "current": current, "count": None}
