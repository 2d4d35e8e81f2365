"""The history of a ticket in words: changes of place and the details of events."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from tickets.event_words import event_label
from tickets.history import PlaceChange
from tickets.models import TicketEvent
from tickets.policy import Typology
from tickets.words import affection_label


def place_words(ahead: int) -> str:
    """A place as a customer counts it: how many are ahead."""
    if ahead == 0:
        return _("el siguiente")
    return ngettext("%(num)d delante", "%(num)d delante", ahead)


def change_words(change: PlaceChange) -> str:
    """What happened; of another ticket only its reason is told, never whose it is."""
    if change.after is None:
        return event_label(change.cause)
    if change.own:
        return _own_cause(change.cause)
    if change.cause == "rekeyed":
        return _("Se publicó otra versión de la tabla del orden")
    if change.cause == "reclassified" and not change.typology and not change.affection:
        return _("Se corrigió la afección de otro ticket")
    return _others_cause(change.cause, _other(change))


def _other(change: PlaceChange) -> str:
    incident = change.typology == Typology.INCIDENT
    if change.older:
        if incident:
            return _("una incidencia con más antigüedad")
        return _("una petición con más antigüedad")
    name = affection_label(change.affection).lower()
    if incident:
        return _("una incidencia por %(reason)s", reason=name)
    return _("una petición por %(reason)s", reason=name)


def _own_cause(cause: str) -> str:
    return {
        "filed": _("Su ticket entró en la cola"),
        "answered": _("Volvió a la cola con su respuesta"),
        "reopened": _("Se reabrió, con su primera llegada"),
        "returned": _("Un técnico lo devolvió a su lugar"),
        "reclassified": _("Se corrigió su afección"),
        "rekeyed": _("Se publicó otra versión de la tabla del orden"),
        "unmerged": _("Volvió a ir por su cuenta"),
    }.get(cause, _("Volvió a la cola"))


def _others_cause(cause: str, other: str) -> str:
    words = {
        "filed": _("Llegó %(other)s, que va antes", other=other),
        "taken": _("Pasó a atención %(other)s", other=other),
        "answered": _("Con la respuesta de su autor volvió a su lugar %(other)s", other=other),
        "reopened": _("Se reabrió %(other)s", other=other),
        "returned": _("Volvió a su lugar %(other)s", other=other),
        "closed": _("Su autor cerró %(other)s", other=other),
        "merged": _("Se unió a otro ticket %(other)s", other=other),
        "unmerged": _("Volvió a ir por su cuenta %(other)s", other=other),
        "reclassified": _("Se corrigió la afección de %(other)s", other=other),
        "resolved_with_outage": _("Quedó resuelta con su avería %(other)s", other=other),
    }
    told = words.get(cause, _("Cambió %(other)s", other=other))
    # In English the ticket comes first.
    return told[:1].upper() + told[1:]


def event_details(event: TicketEvent, for_staff: bool = False) -> list[str]:
    """What an event adds to its label, a line each; reasons of the desk stay at the desk."""
    data: Mapping[str, object] = event.data
    if event.kind == "reclassified":
        change = _(
            "De «%(was)s» a «%(now)s»",
            was=affection_label(str(data.get("was", ""))),
            now=affection_label(str(data.get("affection", ""))),
        )
        return [change, str(data.get("reason", ""))]
    if event.kind == "merged":
        return [_("Sigue en el ticket %(number)s", number=data.get("into"))]
    if event.kind == "split":
        return [_("Ticket %(number)s", number=data.get("other")), str(data.get("reason", ""))]
    if event.kind in {"absorbed", "released", "linked", "unlinked"}:
        return [_("Ticket %(number)s", number=data.get("other"))]
    if event.kind == "filed" and "split_from" in data:
        was = _("Era parte del ticket %(number)s", number=data["split_from"])
        return [was, str(data.get("reason", ""))]
    if event.kind == "returned" and for_staff and data.get("reason"):
        return [str(data["reason"])]
    if event.kind == "returned" and for_staff:
        return [_("Se cerró o cambió la cuenta de quien lo atendía")]
    return []


def register(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(place_words=place_words, change_words=change_words)
    app.jinja_env.globals.update(event_details=event_details)
