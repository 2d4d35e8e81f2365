"""Forms about accounts. Values are kept when something is refused, passwords never."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    Field,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget

from accounts.addresses import canonical, lookup_key
from accounts.passwords import objection
from accounts.permissions import PRESETS, Actor, Right
from core.web import Form, LineField

RIGHT_WORDS: Mapping[Right, Any] = {
    Right.SEE_COMPANY_TICKETS: _("Ver todos los tickets de la empresa"),
    Right.OPEN_INCIDENTS: _("Abrir incidencias"),
    Right.OPEN_REQUESTS: _("Abrir peticiones"),
    Right.AUTHORISE_ACCESS: _("Autorizar el acceso al servidor"),
    Right.ASK_QUOTES: _("Pedir cotizaciones"),
    Right.MANAGE_MEMBERS: _("Administrar a los miembros"),
}
#: A preset to start from that gives nothing by itself.
CUSTOM = "a_medida"
PRESET_WORDS: Mapping[str, Any] = {
    "administrador": _("Administrador"),
    "tecnico": _("Técnico"),
    "facturacion": _("Facturación"),
    "lectura": _("Lectura"),
    CUSTOM: _("A medida"),
}
PRESET_TEXTS: Mapping[str, Any] = {
    "administrador": _("Puede hacer todo, también invitar a otras personas."),
    "tecnico": _("Ve los tickets de la empresa, abre nuevos y autoriza el acceso al servidor."),
    "facturacion": _("Abre peticiones y pide cotizaciones; ve solo sus propios tickets."),
    "lectura": _("Ve los tickets de la empresa, sin abrir ninguno."),
    CUSTOM: _("Solo los permisos que usted marque abajo."),
}
LANGUAGE_WORDS = (("es", "Español"), ("en", "English"))


class AddressField(StringField):
    """A mail address; once it is valid, `data` is its canonical form."""

    widget = EmailInput()
    data: Any

    def pre_validate(self, form: Any) -> None:
        try:
            self.data = canonical(self.data or "")
        except ValueError:
            if self.data:
                raise ValidationError(
                    _("Escriba un correo completo, por ejemplo ana@empresa.pe.")
                ) from None


def _address(label: Any) -> AddressField:
    return AddressField(
        label,
        [InputRequired(_("Escriba su correo."))],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )


def _name() -> LineField:
    return LineField(
        _("Nombre y apellido"),
        [
            DataRequired(_("Escriba su nombre.")),
            Length(max=120, message=_("Use hasta 120 caracteres.")),
        ],
        render_kw={"autocomplete": "name"},
    )


def _password(label: Any, *, new: bool) -> PasswordField:
    return PasswordField(
        label,
        [InputRequired(_("Escriba la clave."))],
        render_kw={"autocomplete": "new-password" if new else "current-password"},
    )


def _check_new(field: Field, *context: str | None) -> None:
    refused = objection(field.data or "", *[text for text in context if text])
    if refused:
        raise ValidationError(refused)


class RegisterForm(Form):
    """A new company and its first member."""

    nombre = _name()
    correo = _address(_("Correo"))
    empresa = LineField(
        _("Empresa"),
        [
            DataRequired(_("Escriba el nombre de su empresa.")),
            Length(max=160, message=_("Use hasta 160 caracteres.")),
        ],
        render_kw={"autocomplete": "organization"},
    )
    clave = _password(_("Clave"), new=True)

    def validate_clave(self, field: Field) -> None:
        _check_new(field, self.nombre.data, self.correo.data, self.empresa.data)


class SignInForm(Form):
    """Address and password. An address that is none is as wrong as one that nobody has."""

    correo = StringField(
        _("Correo"),
        [InputRequired(_("Escriba su correo."))],
        widget=EmailInput(),
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    clave = _password(_("Clave"), new=False)

    @property
    def account(self) -> str:
        """The address to look for; '' when it is none."""
        return lookup_key(self.correo.data or "")


class ConfirmForm(Form):
    """The password of the account whose address is confirmed."""

    clave = _password(_("Clave"), new=False)


class ForgotForm(Form):
    """Where to send the link."""

    correo = _address(_("Correo"))


class NewPasswordForm(Form):
    """A new password, twice. `context` holds words that it must not be made of."""

    context: tuple[str, ...] = ()
    clave = _password(_("Clave nueva"), new=True)
    repetir = _password(_("Repita la clave nueva"), new=True)

    def validate_clave(self, field: Field) -> None:
        _check_new(field, *self.context)

    def validate_repetir(self, field: Field) -> None:
        if field.data != self.clave.data:
            raise ValidationError(_("Las dos claves no son iguales."))


class ProfileForm(Form):
    """One's own name and language."""

    nombre = _name()
    idioma = RadioField(
        _("Idioma"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_WORDS]
    )


class PasswordForm(Form):
    """Another password; the present one shows that it is the owner who asks."""

    context: tuple[str, ...] = ()
    clave_actual = _password(_("Clave actual"), new=False)
    clave_nueva = _password(_("Clave nueva"), new=True)
    repetir = _password(_("Repita la clave nueva"), new=True)

    def validate_clave_nueva(self, field: Field) -> None:
        _check_new(field, *self.context)

    def validate_repetir(self, field: Field) -> None:
        if field.data != self.clave_nueva.data:
            raise ValidationError(_("Las dos claves no son iguales."))


class InvitationForm(Form):
    """The name and password of an invited person."""

    context: tuple[str, ...] = ()
    nombre = _name()
    clave = _password(_("Clave"), new=True)

    def validate_clave(self, field: Field) -> None:
        _check_new(field, self.nombre.data, *self.context)


class _RightsForm(Form):
    """Single rights, of which the actor may give those that are theirs."""

    permisos = SelectMultipleField(
        _("Permisos"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offer(self, actor: Actor) -> None:
        """Offer what `actor` may give."""
        self.permisos.choices = [
            SelectChoice(str(right), words)
            for right, words in RIGHT_WORDS.items()
            if right in actor.rights
        ]


class MemberForm(_RightsForm):
    """The rights of one member."""

    @property
    def rights(self) -> frozenset[str]:
        return frozenset(self.permisos.data or ())


class InviteForm(_RightsForm):
    """An address, a preset, and single rights on top of it."""

    correo = AddressField(
        _("Correo de su colega"),
        [InputRequired(_("Escriba el correo de su colega."))],
        render_kw={"inputmode": "email", "spellcheck": "false", "autocomplete": "off"},
    )
    preset = RadioField(
        _("Qué podrá hacer"),
        [InputRequired(_("Elija qué podrá hacer."))],
        default="tecnico",
    )

    def offer(self, actor: Actor) -> None:
        super().offer(actor)
        self.preset.choices = [
            SelectChoice(name, words)
            for name, words in PRESET_WORDS.items()
            if PRESETS.get(name, frozenset()) <= actor.rights
        ]

    @property
    def rights(self) -> frozenset[str]:
        """The preset's rights and the single ones."""
        preset = PRESETS.get(self.preset.data or "", frozenset())
        return frozenset({*map(str, preset), *(self.permisos.data or ())})

    def validate_permisos(self, field: Field) -> None:
        if self.preset.data == CUSTOM and not field.data:
            raise ValidationError(_("Marque al menos un permiso, o elija otra opción arriba."))
