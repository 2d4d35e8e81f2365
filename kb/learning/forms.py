"""The form of hidden words that an editor adds."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length, ValidationError

from core.web import Form, LineField
from kb.learning.words import typed_words

MOST_TYPED = 300


class WordsForm(Form):
    """Words between spaces or commas."""

    palabras = LineField(
        _l("Añadir palabras"),
        [
            InputRequired(_l("Escriba al menos una palabra.")),
            Length(max=MOST_TYPED, message=_l("Escriba hasta %(max)d caracteres.")),
        ],
        description=_l("Entre comas o espacios, como las diría un cliente: rebotan, devuelto."),
        render_kw={"maxlength": MOST_TYPED, "autocomplete": "off"},
    )

    def words(self, lang: str) -> dict[str, str]:
        """What a valid form says: words by their stem."""
        return typed_words(self.palabras.data or "", lang)

    def validate_palabras(self, field: Any) -> None:
        if not typed_words(field.data or "", "es"):
            raise ValidationError(_("Escriba palabras que digan algo: «de» y «hola» no ayudan."))
