"""What an audit found, in words."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _

from tickets.proof.models import AuditRun


def audit_finding(run: AuditRun) -> str:
    """The first thing that did not hold; '' where everything did."""
    if run.problem is None:
        return ""
    if run.problem_seq is None:
        subject = _("El ticket %(number)s", number=run.problem_ticket)
    elif run.problem_ticket is None:
        subject = _("La anotación %(seq)s", seq=run.problem_seq)
    else:
        subject = _(
            "La anotación %(seq)s, del ticket %(number)s",
            seq=run.problem_seq,
            number=run.problem_ticket,
        )
    return f"{subject}: {_meaning(run.problem)}"


def _meaning(code: str) -> str:
    return {
        "missing": _("falta o está fuera de su orden."),
        "altered": _("se alteró: su huella no coincide con lo que dice."),
        "chain": _("no sigue a la anterior de su ticket."),
        "step": _("es un paso que no existe desde el estado del ticket."),
        "key": _("le da otro lugar que el de la tabla publicada."),
        "unknown_policy": _("nombra una tabla que nunca se publicó."),
        "order": _("entregó un ticket que no era el primero de la cola."),
        "passed": _("pasó por alto un ticket sin motivo."),
        "limit": _("dio a un técnico más del límite."),
        "holder": _("la hizo alguien que no tenía el ticket."),
        "state": _("su tabla dice otra cosa que el registro."),
        "unlogged": _("está en su tabla y no en el registro."),
        "rewritten": _("no es lo que vio una comprobación anterior."),
        "truncated": _("debería estar: el registro termina antes."),
    }.get(code, code)


def month_name(month: date) -> str:
    """«noviembre de 2026»."""
    return str(format_skeleton("yMMMM", month, locale=get_locale()))


def register(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(audit_finding=audit_finding, month_name=month_name)
