"""Periods, states and events of quotes in the reader's words."""

from __future__ import annotations

from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.identifiers import display_phone
from quotes.lifecycle import State
from quotes.models import Period, ProductPlan
from quotes.money import format_money, format_percent
from quotes.policy import discount_label
from quotes.spelled import amount_in_words

#: Why somebody gets a mail about a quote.
WHY_QUOTE = _l(
    "Recibe este correo porque tiene que ver con una cotización pedida con esta dirección."
)
WHY_SALES = _l("Recibe este correo porque trabaja en ventas.")
#: The colour of a state, as `tag` of `_macros.html` knows it.
KINDS = {
    State.DRAFT: "draft",
    State.SENT: "waiting",
    State.ACCEPTED: "resolved",
    State.DECLINED: "closed",
    State.EXPIRED: "closed",
    State.REPLACED: "closed",
    State.WITHDRAWN: "closed",
}


def plan_title(plan: ProductPlan) -> str:
    """A plan as it is offered, in the reader's language; what is asked for is kept in Spanish."""
    return f"{plan.product.name} · {plan.name} ({period_label(plan.period)})"


def period_label(period: str) -> str:
    """How often something is paid."""
    return {
        Period.ONCE: _("pago único"),
        Period.MONTHLY: _("mensual"),
        Period.YEARLY: _("anual"),
    }[Period(period)]


def state_label(state: str) -> str:
    """A state as sales and customers read it."""
    return {
        State.DRAFT: _("Borrador"),
        State.SENT: _("Enviada"),
        State.ACCEPTED: _("Aceptada"),
        State.DECLINED: _("Rechazada"),
        State.EXPIRED: _("Vencida"),
        State.REPLACED: _("Reemplazada"),
        State.WITHDRAWN: _("Retirada"),
    }[State(state)]


def decline_reasons() -> dict[str, str]:
    """Why somebody declines, in the order of the form."""
    return {
        "precio": _("El precio"),
        "otra-oferta": _("Elegimos otra oferta"),
        "cambio": _("Ya no lo necesitamos"),
        "alcance": _("No es lo que pedimos"),
        "otro": _("Otro motivo"),
    }


def event_label(kind: str) -> str:
    """A line of the history."""
    return {
        "created": _("Se empezó"),
        "sent": _("Se envió"),
        "resent": _("Se envió otra vez"),
        "opened": _("El cliente la abrió por primera vez"),
        "asked": _("El cliente preguntó"),
        "renewal": _("El cliente pidió una versión nueva"),
        "answered": _("Se respondió la pregunta"),
        "accepted": _("El cliente la aceptó"),
        "declined": _("El cliente la rechazó"),
        "version": _("Se empezó una versión nueva"),
        "replaced": _("La reemplazó una versión nueva"),
        "withdrawn": _("Se retiró"),
        "link_made": _("Se hizo un enlace nuevo"),
        "link_withdrawn": _("Se retiró el enlace"),
    }.get(kind, kind)


def register(app: Flask) -> None:
    """Filters of the templates."""
    app.jinja_env.filters.update(
        money=format_money,
        percent=format_percent,
        period_label=period_label,
        plan_title=plan_title,
        quote_state=state_label,
        quote_event=event_label,
        quote_kind=lambda state: KINDS[State(state)],
        in_words=amount_in_words,
        discount_label=discount_label,
        phone_label=display_phone,
        decline_reason=lambda code: decline_reasons().get(code, code),
        plain_day=lambda value: str(format_date(value, "d MMM y", rebase=False)),
    )
