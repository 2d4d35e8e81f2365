"""What happened to a ticket, in the words of its history."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext as _

from tickets.call_words import call_labels, desk_call_labels
from tickets.lifecycle import Reopening
from tickets.models import TicketEvent


def event_label(kind: str) -> str:
    """What happened, for the history of a ticket."""
    return {
        "filed": _("Se abrió el ticket"),
        "taken": _("Lo tomó un técnico"),
        "replied": _("Respuesta del equipo técnico"),
        "customer_replied": _("Mensaje del cliente"),
        "asked": _("El equipo técnico espera su respuesta"),
        "answered": _("El cliente respondió; vuelve a la cola en su lugar"),
        "resolved": _("Se dio por resuelto"),
        "reopened": _("Se reabrió; conserva su llegada"),
        "closed": _("Se cerró"),
        "authorised": _("Se autorizó el acceso al servidor"),
        "rated": _("El cliente opinó sobre la solución"),
        "noted": _("Nota interna"),
        "returned": _("Volvió a la cola en su lugar"),
        "reply_undone": _("Se deshizo una respuesta"),
        "handed_over": _("Lo sigue otro técnico"),
        "reclassified": _("Se corrigió la afección"),
        "rekeyed": _("Se publicó otra tabla del orden"),
        "merged": _("Se unió a otro ticket"),
        "absorbed": _("Se le unió otro ticket"),
        "unmerged": _("Volvió a ir por su cuenta"),
        "released": _("Se separó el ticket que se le había unido"),
        "split": _("Una parte siguió en otro ticket"),
        "joined_outage": _("Se unió a la avería conocida"),
        "left_outage": _("Dejó de ser parte de la avería conocida"),
        "resolved_with_outage": _("Se dio por resuelto con la avería conocida"),
        "secret_kept": _("Se guardó un dato cifrado"),
        "secret_read": _("Un técnico leyó un dato cifrado"),
        "secret_removed": _("Se borró un dato cifrado"),
        "authorisation_withdrawn": _("Se retiró la autorización de acceso"),
        "access_entered": _("Un técnico entró a su servidor"),
        "access_left": _("El técnico salió de su servidor"),
        "access_corrected": _("Se corrigió una entrada al servidor"),
        **call_labels(),
        "participant_added": _("Se añadió a un participante"),
        "participant_removed": _("Un participante dejó el ticket"),
    }.get(kind, kind)


def event_title(event: TicketEvent) -> str:
    """The same, telling who left a ticket from who was taken out."""
    if event.kind == "participant_removed" and not _by_themselves(event):
        return _("Se quitó a un participante")
    return event_label(event.kind)


def desk_event_title(event: TicketEvent) -> str:
    """The same for the desk."""
    if event.kind == "participant_removed" and _by_themselves(event):
        return _("Dejó el ticket")
    return desk_event_label(event.kind)


def _by_themselves(event: TicketEvent) -> bool:
    return event.actor_id is not None and event.actor_id == event.data.get("person")


def desk_event_label(kind: str) -> str:
    """The same for the desk, before the name of who did it."""
    return {
        "filed": _("Abrió el ticket"),
        "taken": _("Lo tomó"),
        "replied": _("Respondió al cliente"),
        "customer_replied": _("Escribió el cliente"),
        "asked": _("Respondió y espera al cliente"),
        "answered": _("El cliente respondió; volvió a la cola"),
        "resolved": _("Respondió y lo dio por resuelto"),
        "reopened": _("Lo reabrió; conserva su llegada"),
        "closed": _("Lo cerró"),
        "authorised": _("Autorizó el acceso al servidor"),
        "rated": _("Opinó sobre la solución"),
        "noted": _("Dejó una nota interna"),
        "returned": _("Lo devolvió a su lugar de la cola"),
        "reply_undone": _("Deshizo su respuesta; el cliente no la recibió"),
        "handed_over": _("Lo pasó a un colega"),
        **_desk_links(),
        "reclassified": _("Corrigió la afección"),
        "rekeyed": _("Publicó otra tabla del orden"),
        "merged": _("Lo unió a otro ticket"),
        "absorbed": _("Le unió otro ticket"),
        "unmerged": _("Deshizo la unión"),
        "released": _("Separó el ticket que se le había unido"),
        "split": _("Hizo un ticket de una parte"),
        "joined_outage": _("Lo unió a la avería conocida"),
        "left_outage": _("Lo separó de la avería conocida"),
        "resolved_with_outage": _("Lo resolvió con la avería conocida"),
        **_desk_secrets(),
        "authorisation_withdrawn": _("Retiró la autorización de acceso"),
        "access_entered": _("Entró al servidor del cliente"),
        "access_left": _("Salió del servidor del cliente"),
        "access_corrected": _("Corrigió una entrada al servidor"),
        **desk_call_labels(),
        "participant_added": _("Añadió a un participante"),
        "participant_removed": _("Quitó a un participante"),
    }.get(kind, kind)


def _desk_links() -> dict[str, str]:
    return {
        "linked": _("Lo enlazó con otro ticket"),
        "unlinked": _("Quitó el enlace con otro ticket"),
    }


def _desk_secrets() -> dict[str, str]:
    return {
        "secret_kept": _("Guardó un dato cifrado"),
        "secret_read": _("Leyó un dato cifrado"),
        "secret_removed": _("Borró un dato cifrado"),
        "internal_secret_kept": _("Guardó un dato cifrado de una nota"),
        "internal_secret_read": _("Leyó un dato cifrado de una nota"),
        "internal_secret_removed": _("Borró un dato cifrado de una nota"),
    }


def reopening_label(reason: str) -> str:
    """Why a customer reopened a ticket."""
    return {
        Reopening.NOT_SOLVED.value: _("No quedó resuelto"),
        Reopening.FAILED_AGAIN.value: _("Volvió a fallar"),
        Reopening.SOMETHING_ELSE.value: _("Es otra cosa"),
    }.get(reason, "")


def event_detail(data: Mapping[str, object]) -> str:
    """What a line of the history adds to its kind: «: volvió a fallar», the outage's number."""
    if data.get("outage"):
        return f" {data['outage']}"
    reason = reopening_label(str(data.get("reason", "")))
    return f": {reason.lower()}" if reason else ""


def register_filters(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(
        event=event_title, desk_event=desk_event_title, event_detail=event_detail
    )
