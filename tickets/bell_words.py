"""How notices about tickets and outages read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.bell.registry import Thing, describes, finds
from accounts.permissions import Actor, may_read_desk
from core.db import db
from core.web import clean_number, current_locale
from tickets.models import Ticket
from tickets.news.policy import What
from tickets.news.words import headline
from tickets.outages.models import Outage
from tickets.participants.queries import seen_of

Facts = Mapping[str, Any]


@finds("ticket")
def find_tickets(actor: Actor, keys: Sequence[str]) -> Mapping[str, Thing]:
    """Those the actor may see, at the desk or on their own pages."""
    found = db.session.scalars(select(Ticket).where(Ticket.number.in_(_numbers(keys))))
    page = "desk.show" if may_read_desk(actor) else "tickets.show"
    return {
        str(one.number): Thing(
            _("Ticket %(n)s", n=one.number), one.subject, url_for(page, number=one.number)
        )
        for one in seen_of(actor, found)
    }


@finds("outage")
def find_outages(actor: Actor, keys: Sequence[str]) -> Mapping[str, Thing]:
    """Outages are public; the desk works on them on pages of its own."""
    found = db.session.scalars(select(Outage).where(Outage.number.in_(_numbers(keys))))
    page = "outage_desk.show" if may_read_desk(actor) else "outages.show"
    english = current_locale() == "en"
    return {
        str(one.number): Thing(
            _("Avería"),
            (english and one.title_en) or one.title,
            url_for(page, outage_number=one.number),
        )
        for one in found
    }


def _numbers(keys: Sequence[str]) -> list[int]:
    return [number for key in keys if (number := clean_number(key)) is not None]


@describes("ticket_replied")
def _replied(_facts: Facts) -> str:
    return _("El equipo técnico respondió.")


@describes("ticket_news")
def _news(facts: Facts) -> str:
    return _("%(headline)s.", headline=headline(What(facts["what"]), facts["who"]))


@describes("ticket_filed")
def _filed(_facts: Facts) -> str:
    return _("El equipo técnico hizo un ticket aparte de un mensaje suyo.")


@describes("ticket_queued")
def _queued(_facts: Facts) -> str:
    return _("Está de nuevo en la cola, en su lugar.")


@describes("ticket_reclassified")
def _reclassified(_facts: Facts) -> str:
    return _("Se corrigió qué está afectado. En el ticket está el motivo.")


@describes("ticket_merged")
def _merged(_facts: Facts) -> str:
    return _("Se unió a otro ticket, donde sigue el asunto.")


@describes("ticket_handed_over")
def _handed_over(_facts: Facts) -> str:
    return _("Se lo pasaron: ahora lo atiende usted.")


@describes("participant_added")
def _added(_facts: Facts) -> str:
    return _("Ahora participa en este ticket.")


@describes("mentioned")
def _mentioned(_facts: Facts) -> str:
    return _("Le mencionan en una nota.")


@describes("outage_declared")
def _declared(_facts: Facts) -> str:
    return _("Se declaró una avería.")
