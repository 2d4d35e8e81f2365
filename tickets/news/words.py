"""What happened to a ticket, in words. Never a time (R4)."""

from __future__ import annotations

from flask_babel import gettext as _

from tickets.news.policy import What


def headline(what: What, who: str) -> str:
    """What happened, in one line; `who` did it."""
    return {
        What.WRITTEN: _("%(name)s escribió en el ticket", name=who),
        What.CLOSED: _("%(name)s cerró el ticket", name=who),
        What.REOPENED: _("%(name)s reabrió el ticket", name=who),
        What.MERGED: _("El ticket se unió a otro"),
        What.ABSORBED: _("A su ticket se le unió otro"),
        What.UNMERGED: _("El ticket vuelve a ir por su cuenta"),
        What.SPLIT: _("Una parte del ticket sigue en otro"),
        What.ACCESS_GIVEN: _("%(name)s autorizó el acceso", name=who),
        What.ACCESS_WITHDRAWN: _("%(name)s retiró la autorización de acceso", name=who),
        What.OUTAGE_JOINED: _("Una avería conocida explica su ticket"),
        What.OUTAGE_UPDATED: _("Hay novedades de la avería"),
        What.OUTAGE_OVER: _("La avería terminó"),
    }[what]


def explanation(what: What, other: int | None) -> str:
    """What follows from it for the reader; '' where the headline says it all. `other` is
    another ticket that it speaks of."""
    return {
        What.REOPENED: _("El ticket volvió a la cola, con su primera llegada."),
        What.MERGED: _(
            "Era por lo mismo que el ticket %(other)s, que llegó antes. Todo sigue allí.",
            other=other,
        ),
        What.ABSORBED: _(
            "El ticket %(other)s, de un colega, era por lo mismo. Todo sigue en el suyo.",
            other=other,
        ),
        What.UNMERGED: _("Se deshizo la unión: está de nuevo en la cola, con su primera llegada."),
        What.SPLIT: _(
            "Un ticket es para un solo problema. Lo que era otro sigue en el ticket %(other)s.",
            other=other,
        ),
        What.ACCESS_GIVEN: _("Vale para el servidor de este ticket, según las condiciones."),
        What.ACCESS_WITHDRAWN: _("Desde ahora nadie debe entrar al servidor por este ticket."),
        What.OUTAGE_JOINED: _("Las novedades se publican en la página de la avería."),
        What.OUTAGE_OVER: _("Si su problema sigue, dígalo en el ticket: continúa en la cola."),
    }.get(what, "")
