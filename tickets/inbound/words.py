"""What administrators read of mail that came in."""

from __future__ import annotations

from flask_babel import gettext as _

from tickets.inbound.imap import REFUSED
from tickets.inbound.policy import Outcome


def outcome_words() -> dict[str, str]:
    """What became of a mail, by outcome."""
    return {
        Outcome.LANDED: _("Quedó en su ticket"),
        Outcome.STRANGER: _("De alguien sin cuenta"),
        Outcome.NO_TICKET: _("No responde a ningún ticket"),
        Outcome.STAFF: _("Del personal, que responde en la mesa"),
        Outcome.CLOSED: _("Para un ticket cerrado"),
        Outcome.NOT_YOURS: _("Para un ticket en el que no puede escribir"),
        Outcome.UNREADABLE: _("Cifrado o no admitido"),
        Outcome.EMPTY: _("Vino sin texto nuevo"),
        Outcome.AUTO_REPLY: _("Respuesta automática"),
        Outcome.BOUNCE: _("Aviso de correo no entregado"),
        Outcome.LIST: _("De una lista o envío masivo"),
        Outcome.OWN: _("Un correo nuestro que volvió"),
        Outcome.FLOOD: _("Demasiados seguidos"),
        Outcome.NO_SENDER: _("Sin un remitente claro"),
        Outcome.UNVERIFIED: _("El servidor de correo no confirma su remitente"),
        Outcome.FAILED: _("Apartado: no se pudo procesar"),
    }


def away_words(error: str) -> str:
    """Why the mailbox could not be read; '' where the words of the server have to do."""
    known = (
        (REFUSED, _("El buzón no aceptó el usuario o la clave de MAIL_IN_URL.")),
        ("CERTIFICATE_VERIFY_FAILED", _("El certificado del servidor no es válido.")),
        ("Connection refused", _("El servidor no acepta conexiones en ese puerto.")),
        ("[Errno -", _("No hay ningún servidor con ese nombre.")),
        ("timed out", _("El servidor no respondió a tiempo.")),
        ("TimeoutError", _("El servidor no respondió a tiempo.")),
        ("LOGIN: ", _("El servidor cortó la conexión.")),
        ("SELECT: ", _("El buzón no tiene la carpeta que nombra MAIL_IN_URL.")),
    )
    return next((words for mark, words in known if mark in error), "")
