"""The form of the mail server."""

from __future__ import annotations

import re
from ipaddress import ip_address

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from accounts.addresses import canonical
from core.mail import header_text
from core.mail_account import MailAccount
from core.web import Form, LineField, readable

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")


class MailServerForm(Form):
    """Where mails leave from. The password is written here and never read back."""

    servidor = LineField(
        _l("Servidor"),
        [DataRequired(_l("Escriba el servidor.")), Length(max=253)],
        render_kw={"maxlength": 253, "placeholder": "smtp.example.com", "autocomplete": "off"},
    )
    puerto = IntegerField(
        _l("Puerto"),
        [
            InputRequired(_l("Escriba un número.")),
            readable,
            NumberRange(1, 65535, _l("Escriba un número de 1 a 65535.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    cifrado = RadioField(
        _l("Cifrado"),
        [DataRequired(_l("Elija una opción."))],
        choices=[
            SelectChoice("starttls", _l("STARTTLS: empieza en claro y pasa a cifrado")),
            SelectChoice("tls", _l("TLS desde el primer momento")),
            SelectChoice("none", _l("Sin cifrado, sólo para un servidor de la misma red")),
        ],
    )
    usuario = LineField(
        _l("Usuario"), [Length(max=254)], render_kw={"maxlength": 254, "autocomplete": "off"}
    )
    clave = PasswordField(
        _l("Clave"), [Length(max=500)], render_kw={"autocomplete": "new-password"}
    )
    remitente = LineField(
        _l("Nombre de quien envía"),
        [DataRequired(_l("Escriba el nombre.")), Length(max=60)],
        render_kw={"maxlength": 60},
    )
    correo = LineField(
        _l("Correo de quien envía"),
        [DataRequired(_l("Escriba el correo."))],
        render_kw={"type": "email", "maxlength": 254},
    )

    @classmethod
    def of(cls, account: MailAccount | None, name: str, address: str) -> MailServerForm:
        """The form as the present server fills it in, without its password."""
        if account is None:
            usual = {"puerto": 587, "cifrado": "starttls", "remitente": name, "correo": address}
            return cls(formdata=None, data=usual)
        return cls(
            formdata=None,
            data={
                "servidor": account.host,
                "puerto": account.port,
                "cifrado": account.encryption,
                "usuario": account.user,
                "remitente": account.sender_name,
                "correo": account.sender_address,
            },
        )

    def account(self) -> MailAccount:
        """What a valid form asks for, without the password."""
        return MailAccount(
            host=(self.servidor.data or "").lower().rstrip("."),
            port=self.puerto.data or 0,
            encryption=self.cifrado.data,
            user=self.usuario.data or "",
            sender_name=header_text(self.remitente.data or ""),
            sender_address=canonical(self.correo.data or ""),
        )

    def validate_servidor(self, field: LineField) -> None:
        if not (_HOST.fullmatch(field.data or "") or _is_ip(field.data or "")):
            raise ValidationError(_("Escriba sólo el nombre del servidor, como smtp.example.com."))

    def validate_correo(self, field: LineField) -> None:
        try:
            canonical(field.data or "")
        except ValueError:
            raise ValidationError(_("Revise el correo.")) from None

    def validate_cifrado(self, field: RadioField) -> None:
        if field.data == "none" and self.usuario.data:
            raise ValidationError(_("Sin cifrado la clave viajaría a la vista. Elija otro."))


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
