"""The form to be called, and the one that notes how the call ended."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from core.guest_forms import GuestForm, PhoneField
from core.web import Form, LineField, TextField

MATTER_LENGTH = 2_000
#: A wish, never an appointment (R4). The names are stored.
PARTS_OF_DAY = (
    ("cualquiera", _l("En cualquier momento")),
    ("manana", _l("Por la mañana")),
    ("tarde", _l("Por la tarde")),
    ("noche", _l("Por la noche")),
)


class CallForm(GuestForm):
    """Who asks to be called, where and about what."""

    nombre = LineField(
        _l("Su nombre"),
        [
            DataRequired(_l("Escriba su nombre.")),
            Length(max=120, message=_l("Use hasta 120 caracteres.")),
        ],
        render_kw={"autocomplete": "name", "maxlength": 120},
    )
    telefono = PhoneField(_l("Su teléfono"))
    momento = RadioField(
        _l("¿Cuándo prefiere la llamada?"),
        [DataRequired(_l("Elija una parte del día."))],
        choices=[SelectChoice(name, words) for name, words in PARTS_OF_DAY],
        default="cualquiera",
    )
    asunto = TextField(
        _l("¿De qué se trata?"),
        [
            DataRequired(_l("Cuéntenos en pocas palabras de qué se trata.")),
            Length(max=MATTER_LENGTH, message=_l("Use hasta 2000 caracteres.")),
        ],
        render_kw={"rows": 4},
    )


class OutcomeForm(Form):
    """How the call ended."""

    resultado = TextField(
        _l("¿Cómo terminó la llamada?"),
        [
            DataRequired(_l("Anote cómo terminó la llamada.")),
            Length(max=500, message=_l("Use hasta 500 caracteres.")),
        ],
        render_kw={"rows": 3},
    )


def part_of_day_label(name: str) -> str:
    """The words for a stored part of the day."""
    return str(dict(PARTS_OF_DAY).get(name, name))
