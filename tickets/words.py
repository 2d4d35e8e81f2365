"""The queue in words: what a person reads for a state, an affection, a place and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from core.text import render_message
from tickets.lifecycle import Reopening, State
from tickets.places import Ahead
from tickets.policy import Explanation, Mark, Typology
from tickets.vault import words as vault_words


def affection_label(code: str) -> str:
    """The name of an affection, as the conditions and the desk use it."""
    return {
        "corte-de-red": _("Corte de red"),
        "maquina-no-arranca": _("Máquina que no arranca"),
        "rendimiento-degradado": _("Rendimiento degradado del servidor"),
        "otra-falla-del-proveedor": _("Otra falla que sólo el proveedor puede resolver"),
        "servidor-parado": _("Servidor parado"),
        "servicio-con-errores": _("Servicio caído o con errores"),
        "spam": _("SPAM"),
        "error-de-codigo": _("Error de código o de instalación"),
        "instalar-configurar": _("Instalar o configurar un aplicativo"),
        "otra-consulta": _("Otra consulta o petición"),
    }.get(code, code)


def affection_question(code: str) -> tuple[str, str]:
    """How a customer would say it: a title and a line that tells it from its neighbours."""
    return {
        "corte-de-red": (
            _("No se llega al servidor: la red está cortada"),
            _("No responde desde ningún lugar, ni al ping."),
        ),
        "maquina-no-arranca": (
            _("La máquina no arranca"),
            _("Se apagó o se reinició y no vuelve a encender."),
        ),
        "rendimiento-degradado": (
            _("El servidor entero va lento"),
            _("Y ninguna de sus aplicaciones lo explica."),
        ),
        "otra-falla-del-proveedor": (
            _("Otra falla que sólo ustedes pueden resolver"),
            _("Del centro de datos, del equipo o de la red."),
        ),
        "servidor-parado": (
            _("El servidor está parado y puede encenderse"),
            _("Usted, con su acceso, podría volver a iniciarlo."),
        ),
        "servicio-con-errores": (
            _("Un servicio falla: web, base de datos o correo"),
            _("El servidor responde, pero algo en él no."),
        ),
        "spam": (_("Recibo o envío SPAM"), _("Correo no deseado o listas negras.")),
        "error-de-codigo": (
            _("Error de código o de instalación"),
            _("Su sitio o su programa muestra un error."),
        ),
        "instalar-configurar": (
            _("Quiero instalar o configurar algo"),
            _("Un programa, un certificado, una cuenta."),
        ),
        "otra-consulta": (_("Otra consulta"), _("Todo lo demás.")),
    }.get(code, (code, ""))


def mark_label(mark: str) -> str:
    """The priority the customer gave."""
    return {
        Mark.LOW.value: _("baja"),
        Mark.NORMAL.value: _("normal"),
        Mark.HIGH.value: _("alta"),
        Mark.URGENT.value: _("urgente"),
    }.get(mark, mark)


def typology_label(typology: int) -> str:
    """«Incidencia» or «Petición»."""
    return _("Incidencia") if typology == Typology.INCIDENT else _("Petición")


def state_label(state: str) -> str:
    """Where the ticket is in its life."""
    return {
        State.QUEUED.value: _("En cola"),
        State.ACTIVE.value: _("En atención"),
        State.WAITING.value: _("Esperando su respuesta"),
        State.RESOLVED.value: _("Resuelto"),
        State.CLOSED.value: _("Cerrado"),
        State.MERGED.value: _("Unido a otro"),
    }.get(state, state)


def state_tag(state: str) -> str:
    """The kind of badge the state is shown with."""
    return {
        State.QUEUED.value: "queued",
        State.ACTIVE.value: "active",
        State.WAITING.value: "waiting",
        State.RESOLVED.value: "resolved",
    }.get(state, "closed")


def duration(span: timedelta) -> str:
    """A head start in words: «8 h», «30 min», «sin adelanto»."""
    minutes = int(span.total_seconds()) // 60
    if minutes == 0:
        return _("sin adelanto")
    if minutes % 60 == 0:
        return _("%(n)d h", n=minutes // 60)
    if minutes < 60:
        return _("%(n)d min", n=minutes)
    return _("%(h)d h %(m)d min", h=minutes // 60, m=minutes % 60)


def _head_start_sentence(span: timedelta) -> str:
    if not span:
        return _("no adelanta.")
    return _("cuenta como si hubiera llegado %(span)s antes.", span=duration(span))


def why_line(affection: str, mark: str, why: Explanation) -> str:
    """One line for the desk: what each factor counted."""
    return _(
        "%(affection)s (%(first)s) · marcada %(mark)s (%(second)s)",
        affection=affection_label(affection),
        first=duration(why.affection_head_start),
        mark=mark_label(mark),
        second=duration(why.mark_head_start),
    )


def why_sentences(affection: str, mark: str, why: Explanation) -> list[str]:
    """The same for the customer, a sentence a factor, in the order in which they count."""
    if why.typology == Typology.INCIDENT:
        first = _("Es una incidencia: se atiende antes que todas las peticiones.")
    else:
        first = _("Es una petición: se atiende después de las incidencias.")
    return [
        first,
        _("Afección «%(name)s»: ", name=affection_label(affection))
        + _head_start_sentence(why.affection_head_start),
        _("Prioridad que usted marcó, «%(name)s»: ", name=mark_label(mark))
        + _head_start_sentence(why.mark_head_start),
        _("Entre tickets iguales, primero el que llegó primero."),
    ]


def ahead_reasons(rows: list[Ahead]) -> list[str]:
    """Who is ahead, counted by reason; never anything about another customer."""
    return [_ahead_reason(row) for row in rows]


def _ahead_reason(row: Ahead) -> str:
    if row.typology == Typology.INCIDENT:
        kind = ngettext("%(num)d incidencia", "%(num)d incidencias", row.count)
    else:
        kind = ngettext("%(num)d petición", "%(num)d peticiones", row.count)
    if row.older:
        return _("%(kind)s con más antigüedad", kind=kind)
    return _("%(kind)s por %(reason)s", kind=kind, reason=affection_label(row.affection).lower())


def rights_words(rights: frozenset[str]) -> str:
    """What a member may do, for the technician who reads their ticket (R10)."""
    known = {
        "see_company_tickets": _("ver los tickets de la empresa"),
        "open_incidents": _("abrir incidencias"),
        "open_requests": _("abrir peticiones"),
        "authorise_access": _("autorizar accesos"),
        "ask_quotes": _("pedir cotizaciones"),
        "manage_members": _("administrar colegas"),
    }
    return ", ".join(words for right, words in known.items() if right in rights) or _("sólo leer")


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
    }.get(kind, kind)


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
        "handed_over": _("Lo pasó a un colega"),
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
        "secret_kept": _("Guardó un dato cifrado"),
        "secret_read": _("Leyó un dato cifrado"),
        "secret_removed": _("Borró un dato cifrado"),
        "internal_secret_kept": _("Guardó un dato cifrado de una nota"),
        "internal_secret_read": _("Leyó un dato cifrado de una nota"),
        "internal_secret_removed": _("Borró un dato cifrado de una nota"),
        "authorisation_withdrawn": _("Retiró la autorización de acceso"),
        "access_entered": _("Entró al servidor del cliente"),
        "access_left": _("Salió del servidor del cliente"),
        "access_corrected": _("Corrigió una entrada al servidor"),
    }.get(kind, kind)


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
    vault_words.register_filters(app)
    app.jinja_env.filters.update(
        affection=affection_label,
        mark=mark_label,
        typology=typology_label,
        state=state_label,
        state_tag=state_tag,
        event=event_label,
        desk_event=desk_event_label,
        event_detail=event_detail,
        rights_words=rights_words,
        message_html=render_message,
    )
    app.jinja_env.globals.update(
        why_line=why_line, why_sentences=why_sentences, ahead_reasons=ahead_reasons
    )
