"""The forms of a customer who answers an offer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from core.tokens import clean_token, new_token
from core.web import Form, LineField, TextField, clean_number
from quotes.words import decline_reasons

TEXT_LENGTH = 5_000


class AnswerBase(Form):
    """Which version is answered."""

    version = HiddenField()

    @property
    def number(self) -> int:
        return clean_number(self.version.data) or 0


class AcceptForm(AnswerBase):
    """Who accepts, that they mean it, and the conditions of support that the page showed."""

    condiciones = HiddenField()
    nombre = LineField(
        _l("Nombre de quien acepta"),
        [DataRequired(_l("Escriba su nombre.")), Length(max=120)],
        render_kw={"maxlength": 120, "autocomplete": "name"},
    )
    conforme = BooleanField(
        _l("Acepto la cotización y sus condiciones"),
        [InputRequired(_l("Marque que acepta la cotización y sus condiciones."))],
    )

    @property
    def shown(self) -> int | None:
        return clean_number(self.condiciones.data)


class DeclineForm(AnswerBase):
    """Why not."""

    motivo = RadioField(
        _l("Motivo"), [DataRequired(_l("Elija un motivo."))], choices=[], validate_choice=True
    )
    texto = TextField(
        _l("¿Algo más que debamos saber?"),
        [Length(max=1000)],
        render_kw={"rows": 3, "maxlength": 1000},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.motivo.choices = [SelectChoice(*one) for one in decline_reasons().items()]
        # The question on the same page has a box of this name too.
        self.texto.id = self.texto.label.field_id = "texto-rechazo"


class QuestionForm(AnswerBase):
    """A question, or that a new version is wanted."""

    formulario = HiddenField(filters=[clean_token])
    tipo = HiddenField()
    texto = TextField(
        _l("Su pregunta"),
        [DataRequired(_l("Escriba su pregunta.")), Length(max=TEXT_LENGTH)],
        render_kw={"rows": 4, "maxlength": TEXT_LENGTH},
    )

    def hand_out(self) -> None:
        """A name that makes sending it twice one thing."""
        self.formulario.data = self.formulario.data or new_token()

    @property
    def is_renewal(self) -> bool:
        return self.tipo.data == "version"
