"""Outcomes and periods in the reader's words."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date, format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _

from tickets.outcomes.periods import By
from tickets.outcomes.policy import Outcome


def outcome_label(outcome: Outcome) -> str:
    return {
        Outcome.CONFIRMED: _("Resuelto, confirmado"),
        Outcome.FILED: _("Envió el ticket igual"),
        Outcome.CAME_BACK: _("Dijo que sí y volvió"),
        Outcome.UNKNOWN: _("No se sabe"),
    }[outcome]


def outcome_meaning(outcome: Outcome) -> str:
    """How it is counted, in a sentence or two."""
    return {
        Outcome.CONFIRMED: _(
            "Pulsó «Esto lo resolvió» y en los 7 días siguientes no hubo un ticket por lo mismo. "
            "Es lo único que cuenta como resuelto."
        ),
        Outcome.FILED: _(
            "Vio respuestas y envió el ticket, o añadió su texto a uno que ya estaba abierto."
        ),
        Outcome.CAME_BACK: _(
            "Pulsó «Esto lo resolvió». En los 7 días siguientes siguió con su borrador, o llegó "
            "un ticket suyo o de su empresa con palabras parecidas o con el mismo artículo."
        ),
        Outcome.UNKNOWN: _(
            "Se fue sin decir nada. Aquí están también quienes pulsaron «Esto lo resolvió» hace "
            "menos de 7 días."
        ),
    }[outcome]


def period_name(first: date, by: By) -> str:
    """«noviembre de 2026», or the days of a week."""
    if by is By.MONTH:
        return str(format_skeleton("yMMMM", first, locale=get_locale()))
    last = first + timedelta(days=6)
    days = (format_date(day, "d MMM", locale=get_locale()) for day in (first, last))
    return " – ".join(str(day) for day in days)
