"""A form that stops once when a password is written in it; and the field made for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from core.tokens import clean_token, once_key
from core.web import Form, LineField, TextField
from tickets.vault.actions import DAYS, LABEL_LIMIT, USUAL_DAYS, VALUE_LIMIT
from tickets.vault.noticing import find_secrets

_SHOWN_AT_MOST, _AROUND = 5, 40
_DOTS = "••••••"


class _LastValueField(HiddenField):
    """A pressed button counts more than the hidden field of the same name before it."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = valuelist[-1]


class SecretsNoticed:
    """A form whose texts may hold a password: it stops once, before anything is stored.

    Put it before `Form` among the bases and draw the macro `noticed` in place of the buttons.
    `validate` is False while the writer has not decided; then `noticed` is True. «Enviar así»
    is tied to the very texts: other ones are looked at anew. `hides` says that the values are to
    be taken out; `tickets.vault.moving` does it.
    """

    #: The fields whose texts are looked at.
    watched: ClassVar[tuple[str, ...]] = ("texto",)
    #: Whether the message stays inside; whether it opens an ended ticket again.
    is_internal: ClassVar[bool] = False
    reopens: ClassVar[bool] = False
    conforme = _LastValueField(filters=[clean_token])
    secreto = HiddenField()
    noticed: bool = False
    #: The field whose error leads to the decision.
    noticed_in: str = ""

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)  # type: ignore[misc]
        self.noticed = self.conforme.data != self.print and any(map(find_secrets, self.texts))
        if self.noticed and not self.hides:
            self.stop()
            return False
        return valid

    def stop(self) -> None:
        """Say at the field that there is something to decide."""
        for name in self.watched:
            field = self[name]  # type: ignore[index]
            if find_secrets(field.data or ""):
                self.noticed_in = name
                field.errors = [
                    *field.errors,
                    _("Parece que escribió una contraseña o una clave. Decida abajo qué hacer."),
                ]
                return

    @property
    def texts(self) -> list[str]:
        return [self[name].data or "" for name in self.watched]  # type: ignore[index]

    @property
    def print(self) -> str:
        """Names these very texts."""
        return once_key("conforme", *self.texts)

    @property
    def hides(self) -> bool:
        """Whether «Guardarla cifrada» was pressed."""
        return self.secreto.data == "guardar"

    @property
    def noticed_lines(self) -> list[str]:
        """Where the values stand, without them."""
        return [line for text in self.texts for line in _lines(text)][:_SHOWN_AT_MOST]

    def put_texts(self, texts: Iterable[str]) -> None:
        """Go on with these texts instead."""
        for name, text in zip(self.watched, texts, strict=True):
            self[name].data = text  # type: ignore[index]
        self.noticed = False


def _lines(text: str) -> list[str]:
    shown: list[str] = []
    done, out = 0, ""
    for span in find_secrets(text):
        before = (out + text[done : span.start]).rsplit("\n", 1)[-1]
        shown.append(f"{'…' if len(before) > _AROUND else ''}{before[-_AROUND:]}{_DOTS}")
        out, done = f"{before}{_DOTS}", span.end
    return shown


def no_secrets(_form: Form, field: Any) -> None:
    """For a text that others read and that has no place of its own for a password."""
    if find_secrets(field.data or ""):
        raise ValidationError(
            _("Parece que escribió una contraseña o una clave. Quítela: este texto lo leen otros.")
        )


def _one_of_the_days(_form: Form, field: Any) -> None:
    if field.data not in {str(days) for days in DAYS}:
        raise ValidationError(_("Elija cuántos días se guarda."))


class SecretForm(Form):
    """«Añadir un dato secreto». The value is never drawn again, not even with an error."""

    formulario = HiddenField(filters=[clean_token], id="secreto-formulario")
    nombre = LineField(
        __("Qué es"),
        [
            InputRequired(__("Escriba qué es, por ejemplo: acceso a cPanel.")),
            Length(max=LABEL_LIMIT, message=__("Use hasta 80 caracteres.")),
        ],
        id="secreto-nombre",
        description=__("Se ve en el ticket. Por ejemplo: acceso a cPanel."),
        render_kw={"maxlength": LABEL_LIMIT, "autocomplete": "off"},
    )
    valor = TextField(
        __("El dato secreto"),
        [
            InputRequired(__("Escriba o pegue el dato.")),
            Length(max=VALUE_LIMIT, message=__("Use hasta 8000 caracteres.")),
        ],
        id="secreto-valor",
        description=__("Usuario y contraseña, una clave privada, un token."),
        render_kw={
            "rows": 3,
            "maxlength": VALUE_LIMIT,
            "autocomplete": "off",
            # A browser may send what it checks to a service of its maker.
            "spellcheck": "false",
            "autocapitalize": "off",
        },
    )
    dias = RadioField(
        __("Cuánto se guarda"),
        [InputRequired(__("Elija cuántos días se guarda.")), _one_of_the_days],
        default=str(USUAL_DAYS),
        id="secreto-dias",
        choices=[
            SelectChoice("1", __("1 día")),
            SelectChoice("7", __("7 días")),
            SelectChoice("30", __("30 días")),
        ],
        validate_choice=False,
    )

    def validate_nombre(self, field: Any) -> None:
        if find_secrets(field.data or ""):
            raise ValidationError(_("El nombre se ve en el ticket: escriba la clave sólo abajo."))

    def forget(self) -> None:
        """Before it is drawn again."""
        if self.valor.data and not self.valor.errors:
            self.valor.errors = [_("Por seguridad no se vuelve a mostrar: péguelo otra vez.")]
        self.valor.data = ""
