"""Why a mail did not leave, in words that say what to do; the server's own words stand beside."""

from __future__ import annotations

from flask_babel import gettext as _


def reason_words(error: str | None) -> str:
    """What the stored error means; '' where the server's words have to do."""
    if not error:
        return ""
    if error[:3].isdigit():
        return _answered(error[:3])
    known = (
        ("SSLCertVerificationError", _("El certificado del servidor no es válido.")),
        ("SSL", _("No se pudo cifrar la conexión. Revise el cifrado y el puerto.")),
        ("ConnectionRefusedError", _("El servidor no acepta conexiones en ese puerto.")),
        ("gaierror", _("No hay ningún servidor con ese nombre.")),
        ("TimeoutError", _("El servidor no respondió a tiempo.")),
        ("SMTPServerDisconnected", _("El servidor cortó la conexión.")),
        ("ConnectionResetError", _("El servidor cortó la conexión.")),
        ("BrokenPipeError", _("El servidor cortó la conexión.")),
        ("SMTPNotSupportedError", _("El servidor no ofrece el cifrado o el ingreso que se pide.")),
        ("WrongKey", _("La clave guardada ya no se puede leer: escríbala otra vez.")),
        ("OSError", _("No se pudo llegar al servidor.")),
    )
    return next((words for name, words in known if error.startswith(name)), "")


def _answered(code: str) -> str:
    return {
        "535": _("El servidor no aceptó el usuario o la clave."),
        "530": _("El servidor pide un usuario y una clave."),
        "550": _("El servidor dice que esa dirección no existe o que no le deja escribirle."),
        "552": _("El correo es demasiado grande para el servidor."),
        "553": _("El servidor no acepta la dirección de quien envía."),
    }.get(code, _("El servidor no aceptó el correo."))


def state_words() -> dict[str, str]:
    """The states of a mail, and the filters of the log."""
    return {
        "espera": _("En espera"),
        "enviados": _("Enviado"),
        "dudosos": _("Dudoso"),
        "rebotados": _("Rebotó"),
        "fallidos": _("No salió"),
    }


def filter_words() -> dict[str, str]:
    """The filters of the log."""
    return {
        "": _("Todos"),
        "espera": _("En espera"),
        "enviados": _("Enviados"),
        "dudosos": _("Dudosos"),
        "rebotados": _("Rebotados"),
        "fallidos": _("No salieron"),
    }
