"""The forms of administrators: settings, conditions, roles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.addresses import canonical
from accounts.permissions import Role
from core.guest_forms import PhoneField
from core.settings import SiteSettings
from core.web import Form, LineField, TextField, readable
from tickets.inbound.addresses import LONGEST_LOCAL, TOKEN_ROOM

CONDITIONS_LENGTH = 100_000


class SettingsForm(Form):
    """The company as the site shows it, and the limit of the desk."""

    nombre = LineField(
        _l("Nombre de la empresa"), [DataRequired(_l("Escriba el nombre.")), Length(max=60)]
    )
    titulo = LineField(
        _l("Nombre del sitio"), [DataRequired(_l("Escriba el nombre.")), Length(max=60)]
    )
    telefono = PhoneField(_l("Teléfono de la central"))
    whatsapp = PhoneField(
        _l("Número de WhatsApp"),
        required=False,
        description=_l("Vacío: el sitio no ofrece WhatsApp en ninguna página."),
    )
    horario = LineField(
        _l("Horario de atención"), [DataRequired(_l("Escriba el horario.")), Length(max=80)]
    )
    correo = LineField(_l("Correo de contacto"), render_kw={"type": "email", "maxlength": 254})
    correo_entrante = LineField(
        _l("Correo que recibe respuestas"),
        description=_l(
            "Quien responde a un correo del sitio escribe en su ticket. Vacío: no se reciben."
        ),
        render_kw={"type": "email", "maxlength": 64},
    )
    acento = LineField(
        _l("Color de la empresa"), render_kw={"maxlength": 7, "placeholder": "#0a5e70"}
    )
    limite = IntegerField(
        _l("Tickets que un técnico puede tener en atención"),
        [
            InputRequired(_l("Escriba un número.")),
            readable,
            NumberRange(1, 20, _l("Escriba un número de 1 a 20.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    deshacer = IntegerField(
        _l("Segundos para deshacer una respuesta"),
        [
            InputRequired(_l("Escriba un número.")),
            readable,
            NumberRange(0, 60, _l("Escriba un número de 0 a 60.")),
        ],
        description=_l("Mientras tanto el cliente todavía no la recibe. Con 0 sale al momento."),
        render_kw={"inputmode": "numeric"},
    )

    revisar = IntegerField(
        _l("Meses hasta volver a revisar un artículo"),
        [
            InputRequired(_l("Escriba un número.")),
            readable,
            NumberRange(0, 60, _l("Escriba un número de 0 a 60.")),
        ],
        description=_l("Pasado ese tiempo aparece «por revisar». Con 0, nunca."),
        render_kw={"inputmode": "numeric"},
    )

    @classmethod
    def of(cls, settings: SiteSettings) -> SettingsForm:
        """The form as the present settings fill it in."""
        values = asdict(settings)
        return cls(formdata=None, data={field: values[name] for field, name in _NAMES.items()})

    def settings(self) -> SiteSettings:
        """The settings a valid form asks for."""
        values: dict[str, Any] = {name: self[field].data for field, name in _NAMES.items()}
        values |= {"phone": self.telefono.e164, "whatsapp": self.whatsapp.e164}
        values["contact_email"] = canonical(self.correo.data) if self.correo.data else ""
        given = self.correo_entrante.data
        values["mail_in"] = canonical(given) if given else ""
        values["accent"] = (self.acento.data or "").lower()
        return SiteSettings(**values)

    def validate_correo(self, field: LineField) -> None:
        try:
            canonical(field.data or "a@example.com")
        except ValueError:
            raise ValidationError(_("Revise el correo, o déjelo vacío.")) from None

    def validate_correo_entrante(self, field: LineField) -> None:
        if not field.data:
            return
        try:
            name = canonical(field.data).rpartition("@")[0]
        except ValueError:
            raise ValidationError(_("Revise el correo, o déjelo vacío.")) from None
        if "+" in name or len(name) + TOKEN_ROOM > LONGEST_LOCAL:
            raise ValidationError(_("Use una dirección corta y sin «+» antes de la arroba."))

    def validate_acento(self, field: LineField) -> None:
        text = (field.data or "").lower()
        if text and not (len(text) == 7 and text[0] == "#" and set(text[1:]) <= _HEX):
            raise ValidationError(_("Escriba el color como #0a5e70, o déjelo vacío."))


_HEX = set("0123456789abcdef")
_NAMES = {
    "nombre": "name",
    "titulo": "title",
    "telefono": "phone",
    "whatsapp": "whatsapp",
    "horario": "hours",
    "correo": "contact_email",
    "correo_entrante": "mail_in",
    "acento": "accent",
    "limite": "held_limit",
    "deshacer": "undo_seconds",
    "revisar": "review_months",
}


class ConditionsForm(Form):
    """A new version of the conditions, written from the one in force (`desde`)."""

    titulo = LineField(_l("Título"), [DataRequired(_l("Escriba el título.")), Length(max=200)])
    texto = TextField(
        _l("Texto"),
        [
            DataRequired(_l("Escriba el texto.")),
            Length(max=CONDITIONS_LENGTH, message=_l("El texto es demasiado largo.")),
        ],
        render_kw={"rows": 24, "spellcheck": "true"},
    )
    desde = HiddenField()

    @property
    def base(self) -> int:
        text = self.desde.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class RolesForm(Form):
    """What a member of staff does."""

    roles = SelectMultipleField(
        _l("Qué hace"),
        [DataRequired(_l("Marque al menos uno. Para quitar todo acceso, cierre la cuenta."))],
        choices=[
            SelectChoice(Role.TECHNICIAN.value, _l("Técnico: atiende tickets y llamadas")),
            SelectChoice(Role.EDITOR.value, _l("Editor: escribe las preguntas frecuentes")),
            SelectChoice(Role.SALES.value, _l("Ventas: atiende cotizaciones")),
            SelectChoice(
                Role.ADMINISTRATOR.value, _l("Administrador: personas, ajustes y condiciones")
            ),
        ],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    @property
    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(name) for name in self.roles.data or ())
