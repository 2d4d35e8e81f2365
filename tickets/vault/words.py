"""Secrets in words."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import gettext as _

from core import clock
from tickets.vault.models import Secret
from tickets.vault.noticing import Kind


def secret_label(secret: Secret) -> str:
    """What it is: the name it was given, else its kind."""
    return secret.label or {
        Kind.PASSWORD.value: _("Contraseña"),
        Kind.TOKEN.value: _("Token o clave de acceso"),
        Kind.CONNECTION.value: _("Contraseña de una conexión"),
        Kind.PRIVATE_KEY.value: _("Clave privada"),
    }.get(secret.kind, _("Dato secreto"))


def secret_ended(secret: Secret, now: datetime | None = None) -> str:
    """Why the value is gone; '' while it is there."""
    if secret.wiped_at is None:
        return _("venció y se borró") if secret.expires_at <= (now or clock.now()) else ""
    return {
        "removed": _("se borró a pedido"),
        "closed": _("se borró al cerrar el ticket"),
    }.get(secret.wiped_why or "", _("venció y se borró"))


def register_filters(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(secret_label=secret_label, secret_ended=secret_ended)
