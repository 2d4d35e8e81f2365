"""What administrators read for names that the program gives to things."""

from __future__ import annotations

from flask_babel import gettext as _


def job_words() -> dict[str, str]:
    """What each kind of job does, by kind."""
    return {
        "accounts.confirm": _("Correo para confirmar una dirección"),
        "accounts.reset": _("Correo para recuperar una contraseña"),
        "accounts.invite": _("Correo de invitación"),
        "accounts.password_changed": _("Correo de contraseña cambiada"),
        "admin.mail_test": _("Correo de prueba"),
        "kb.index": _("Poner un artículo en el buscador"),
        "kb.rebuild": _("Rehacer el índice del buscador"),
        "kb.timetable": _("Publicar o archivar un artículo en su fecha"),
        "tickets.filed": _("Correo de ticket recibido"),
        "tickets.replied": _("Correo de respuesta en un ticket"),
        "tickets.queued": _("Correo de un ticket que volvió a la cola"),
        "tickets.reclassified": _("Correo de afección corregida"),
        "tickets.merged": _("Correo de tickets unidos"),
        "tickets.handed_over": _("Correo de ticket pasado a un colega"),
        "tickets.audit_failed": _("Aviso de la comprobación de la cola"),
        "tickets.audit": _("Comprobar el registro de los tickets"),
        "tickets.index": _("Poner tickets en el buscador de la mesa"),
        "tickets.news": _("Correo de lo que pasó en un ticket"),
        "tickets.outage_news": _("Avisar de una avería a quienes la tienen"),
        "accounts.member_news": _("Correo de un cambio en una cuenta"),
        "outbox.failed": _("Aviso de trabajos que fallaron"),
        "tickets.mentioned": _("Correo a quien se nombra en una nota"),
        "tickets.participant_added": _("Correo a un nuevo participante de un ticket"),
        "tickets.replied_copy": _("Correo de respuesta a un participante"),
        "tickets.mail_explained": _("Correo que explica por qué otro no llegó a un ticket"),
        "tickets.mail_landed": _("Correo que avisa de lo que no se guardó de otro"),
        "tickets.mailbox_visit": _("Leer el buzón del correo entrante"),
        "quotes.received": _("Correo de cotización recibida"),
    }
