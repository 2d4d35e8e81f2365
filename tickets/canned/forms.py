"""The form of a canned answer."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from core.no_promise import NoPromiseForm
from core.tokens import clean_token
from core.web import LANGUAGES, LineField, TextField, clean_number
from tickets.canned import placeholders
from tickets.canned.actions import CannedText
from tickets.canned.models import EVERY, CannedAnswer
from tickets.words import affection_label

TITLE_LIMIT = 120
BODY_LIMIT = 10_000


class CannedForm(NoPromiseForm):
    """What a technician writes. `revision` is the one that was read."""

    formulario = HiddenField(filters=[clean_token])
    revision = HiddenField(filters=[clean_number])
    titulo = LineField(
        __("Título"),
        [
            InputRequired(__("Escriba un título.")),
            Length(max=TITLE_LIMIT, message=__("Escriba hasta %(max)d caracteres.")),
        ],
        description=__("Con él se encuentra en la mesa; el cliente no lo ve."),
        render_kw={"maxlength": TITLE_LIMIT, "autocomplete": "off"},
    )
    afeccion = SelectField(
        __("Afección"),
        validate_choice=False,
        description=__("Se ofrece primero en los tickets con esta afección."),
    )
    idioma = SelectField(
        __("Idioma"),
        [InputRequired(__("Elija un idioma."))],
        choices=[SelectChoice("es", "Español"), SelectChoice("en", "English")],
        default="es",
        validate_choice=False,
    )
    texto = TextField(
        __("Texto"),
        [
            InputRequired(__("Escriba el texto.")),
            Length(max=BODY_LIMIT, message=__("Escriba hasta %(max)d caracteres.")),
        ],
        description=__(
            "En Markdown. Al usarla se completan {{cliente}}, {{empresa}}, {{ticket}}, {{asunto}}"
            " y {{tecnico}}."
        ),
        render_kw={"rows": 12},
    )

    def offer(self, affections: list[str]) -> None:
        """The affections to choose from."""
        self.afeccion.choices = [SelectChoice(EVERY, _("Todas las afecciones"))]
        self.afeccion.choices += [SelectChoice(code, affection_label(code)) for code in affections]

    def show(self, answer: CannedAnswer) -> None:
        """Fill in what is stored."""
        self.titulo.data, self.texto.data = answer.title, answer.body
        self.afeccion.data, self.idioma.data = answer.affection, answer.lang
        self.revision.data = answer.revision

    def validate_titulo(self, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Escriba un título."))

    def validate_afeccion(self, field: Any) -> None:
        if field.data not in [choice.value for choice in self.afeccion.choices]:
            raise ValidationError(_("Elija una afección de la lista."))

    def validate_idioma(self, field: Any) -> None:
        if field.data not in LANGUAGES:
            raise ValidationError(_("Elija un idioma."))

    def validate_texto(self, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(_("Escriba el texto."))
        strange = placeholders.unknown(field.data)
        if strange:
            named = ", ".join(f"{{{{{name}}}}}" for name in strange)
            raise ValidationError(_("No existe %(names)s: corríjalo o quítelo.", names=named))

    def text(self) -> CannedText:
        """What a valid form says."""
        return CannedText(
            title=self.titulo.data,
            body=self.texto.data.strip(),
            affection=self.afeccion.data,
            lang=self.idioma.data,
        )
