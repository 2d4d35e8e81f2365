"""Calls in the history of the ticket that they are about."""

from __future__ import annotations

from flask_babel import gettext as _


def call_labels() -> dict[str, str]:
    """What a customer reads of each kind of event."""
    return {
        "call_asked": _("Se pidió una llamada"),
        "call_unanswered": _("Llamamos y nadie contestó"),
        "call_busy": _("Llamamos y el número estaba ocupado"),
        "call_voicemail": _("Llamamos y contestó el buzón de voz"),
        "call_wrong_number": _("Llamamos y el número no es el correcto"),
        "call_attended": _("Hablamos por teléfono"),
        "call_given_up": _("Se cerró el pedido de llamada sin haber hablado"),
        "call_withdrawn": _("Se retiró el pedido de llamada"),
    }


def desk_call_labels() -> dict[str, str]:
    """The same for the desk, before the name of who did it."""
    return {
        "call_asked": _("Pidió una llamada"),
        "call_unanswered": _("Llamó y nadie contestó"),
        "call_busy": _("Llamó y el número estaba ocupado"),
        "call_voicemail": _("Llamó y contestó el buzón de voz"),
        "call_wrong_number": _("Llamó y el número no es el correcto"),
        "call_attended": _("Habló por teléfono con el cliente"),
        "call_given_up": _("Cerró el pedido de llamada sin haber hablado"),
        "call_withdrawn": _("Retiró el pedido de llamada"),
    }
