"""The queue in words: what a person reads for a state, an affection, a place and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from core.text import render_message
from tickets.lifecycle import State
from tickets.places import Ahead, Placed, seen_state
from tickets.policy import Explanation, Mark, Typology
from tickets.vault import words as vault_words

#: Characters. Longer messages are rare, and not kept in memory.
USUAL_MESSAGE = 4000


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


def message_html(source: str) -> Markup:
    """A message as safe HTML; those of a usual length are made once per process for each text."""
    return _usual_message(source) if len(source) <= USUAL_MESSAGE else render_message(source)


@lru_cache(maxsize=2000)
def _usual_message(source: str) -> Markup:
    return render_message(source)


def quick_question(tickets: Sequence[Placed]) -> str:
    """What a message by WhatsApp begins with: whoever has tickets open names them first (R7)."""
    numbers = ", ".join(str(ticket.number) for ticket in tickets[:3])
    if len(tickets) == 1:
        return _("Hola, les escribo por mi ticket %(number)s:", number=numbers)
    if tickets:
        return _("Hola, tengo abiertos los tickets %(numbers)s:", numbers=numbers)
    return _("Hola, tengo una consulta para el centro de soporte:")


def register_filters(app: Flask) -> None:
    """Make the words available to templates."""
    vault_words.register_filters(app)
    app.jinja_env.filters.update(
        affection=affection_label,
        mark=mark_label,
        typology=typology_label,
        state=state_label,
        state_tag=state_tag,
        seen_state=seen_state,
        rights_words=rights_words,
        message_html=message_html,
    )
    app.jinja_env.globals.update(
        why_line=why_line,
        why_sentences=why_sentences,
        ahead_reasons=ahead_reasons,
        quick_question=quick_question,
    )
