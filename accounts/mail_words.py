"""What people read about the kinds of mail."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.mail_choices import MailKind
from accounts.permissions import Role

WHY_ACCOUNT = _l("Recibe este correo porque tiene que ver con su cuenta.")
WHY_TICKET = _l("Recibe este correo porque tiene que ver con un ticket suyo o en el que participa.")
WHY_DESK = _l("Recibe este correo porque trabaja en la mesa de soporte.")
CHOOSE = _l("Elija qué correos recibe:")
STOP = _l("No recibir más correos como éste:")


ROLES = {
    Role.TECHNICIAN: _l("técnico"),
    Role.EDITOR: _l("editor"),
    Role.SALES: _l("ventas"),
    Role.ADMINISTRATOR: _l("administrador"),
}


def kind_words(kind: MailKind) -> tuple[str, str]:
    """A name and a line that says which mails these are."""
    return {
        MailKind.RECEIPTS: (
            _("Recibos"),
            _("«Recibimos su ticket», con su número y cuántos hay delante."),
        ),
        MailKind.PLACE: (
            _("Cambios de lugar"),
            _("Cuando su ticket vuelve a la cola o se corrige su afección."),
        ),
        MailKind.COLLEAGUES: (
            _("Tickets con colegas"),
            _(
                "Lo que pasa en tickets de colegas en los que usted participa, y lo que ellos "
                "escriben en los suyos."
            ),
        ),
        MailKind.OUTAGES: (
            _("Averías"),
            _("Novedades de una avería que afecta a un ticket suyo."),
        ),
        MailKind.CUSTOMER_WROTE: (
            _("El cliente escribió"),
            _("Cuando escriben en un ticket que usted tiene en atención."),
        ),
        MailKind.ACCESS: (
            _("Accesos"),
            _("Cuando autorizan o retiran el acceso en un ticket que usted tiene en atención."),
        ),
        MailKind.MENTIONS: (_("Menciones"), _("Cuando le nombran en una nota interna.")),
        MailKind.FAILURES: (
            _("Trabajos que fallaron"),
            _("A lo más uno al día, si algo no se pudo hacer."),
        ),
    }[kind]
