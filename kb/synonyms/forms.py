"""The form of a group of synonyms."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from core.tokens import clean_token
from core.web import LANGUAGES, Form, LineField, TextField, clean_number
from kb.index import MAX_QUERY_CHARS
from kb.synonyms.actions import GroupText
from kb.synonyms.models import SynonymGroup
from kb.synonyms.phrases import (
    LONGEST_PHRASE,
    MOST_PHRASES,
    Problem,
    phrases_of,
    problems,
)

BOTH, ONE = "ambos", "uno"


class SynonymForm(Form):
    """What an editor writes. `revision` is the one that was read; `accion` which button."""

    formulario = HiddenField(filters=[clean_token])
    revision = HiddenField(filters=[clean_number])
    palabras = TextField(
        _l("Palabras que quieren decir lo mismo"),
        [
            InputRequired(_l("Escriba al menos dos, una por línea.")),
            Length(max=2_000, message=_l("Escriba hasta %(max)d caracteres.")),
        ],
        description=_l("Una por línea. También frases cortas: «no carga», «se cuelga»."),
        render_kw={"rows": 7, "autocomplete": "off"},
    )
    sentido = RadioField(
        _l("Cómo se usan"),
        [DataRequired(_l("Elija una opción."))],
        choices=[
            SelectChoice(BOTH, _l("Quien busca cualquiera encuentra todas")),
            SelectChoice(ONE, _l("Quien busca la primera encuentra también las otras")),
        ],
        default=BOTH,
    )
    idioma = SelectField(
        _l("Idioma"),
        [InputRequired(_l("Elija un idioma."))],
        choices=[SelectChoice("es", "Español"), SelectChoice("en", "English")],
        default="es",
        validate_choice=False,
    )
    nota = LineField(
        _l("Nota"),
        [Length(max=300, message=_l("Escriba hasta %(max)d caracteres."))],
        description=_l("Por qué existe el grupo. Solo la ven los editores."),
    )
    prueba = LineField(
        _l("Una búsqueda para probar"),
        [Length(max=MAX_QUERY_CHARS, message=_l("Escriba hasta %(max)d caracteres."))],
        description=_l("Por ejemplo, lo que escribió un cliente."),
        render_kw={"maxlength": MAX_QUERY_CHARS, "autocomplete": "off"},
    )

    def show(self, group: SynonymGroup) -> None:
        """Fill in what is stored."""
        self.palabras.data, self.nota.data = group.phrases, group.note
        self.sentido.data = ONE if group.one_way else BOTH
        self.idioma.data, self.revision.data = group.lang, group.revision

    def validate_idioma(self, field: Any) -> None:
        if field.data not in LANGUAGES:
            raise ValidationError(_("Elija un idioma."))

    def validate_palabras(self, field: Any) -> None:
        lang = self.idioma.data if self.idioma.data in LANGUAGES else "es"
        for problem, phrase in problems(phrases_of(field.data or ""), lang):
            raise ValidationError(_why(problem, phrase))

    def text(self) -> GroupText:
        """What a valid form says."""
        return GroupText(
            phrases=tuple(phrases_of(self.palabras.data)),
            lang=self.idioma.data,
            one_way=self.sentido.data == ONE,
            note=self.nota.data or "",
        )


def _why(problem: Problem, phrase: str) -> str:
    if problem is Problem.TOO_FEW:
        return _("Escriba al menos dos, una por línea.")
    if problem is Problem.TOO_MANY:
        return _("Escriba hasta %(n)d palabras o frases.", n=MOST_PHRASES)
    if problem is Problem.TOO_LONG:
        return _(
            "«%(phrase)s» es muy larga: use hasta cuatro palabras y %(n)d letras.",
            phrase=phrase,
            n=LONGEST_PHRASE,
        )
    if problem is Problem.REPEATED:
        return _("«%(phrase)s» está repetida.", phrase=phrase)
    return _("«%(phrase)s» no dice lo suficiente por sí sola: agregue otra palabra.", phrase=phrase)
