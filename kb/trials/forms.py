"""Forms of the trials: one question, and a file of them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError

from core.web import Form, LineField, TextField
from kb.models import Article
from kb.trials import policy, queries, sheet
from kb.trials.actions import TrialText
from kb.trials.models import Trial
from kb.trials.policy import Kind
from kb.trials.sheet import Row, Unreadable


class TrialForm(Form):
    """A question and the articles that answer it: ticked, or named by their address."""

    clase = RadioField(
        _l("¿Dónde se pregunta?"),
        choices=[
            SelectChoice(Kind.SEARCH.value, _l("En el buscador")),
            SelectChoice(Kind.TICKET.value, _l("En el formulario de ticket")),
        ],
        default=Kind.SEARCH.value,
        validators=[DataRequired(_l("Elija una."))],
    )
    pregunta = TextField(
        _l("Pregunta"),
        [InputRequired(_l("Escriba la pregunta."))],
        description=_l("Con las palabras de un cliente, tal como las escribiría."),
        render_kw={"rows": 3},
    )
    articulo = SelectMultipleField(_l("Debería encontrar"), validate_choice=False)
    direcciones = LineField(
        _l("Otros artículos, por su dirección"),
        description=_l("Una o varias, entre espacios: /preguntas/no-recibo-correos."),
    )

    @property
    def kind(self) -> Kind:
        """Where the question is asked; the search box where the form says nothing valid."""
        return Kind(self.clase.data) if self.clase.data in set(Kind) else Kind.SEARCH

    @property
    def question(self) -> str:
        """The question in one line."""
        return " ".join((self.pregunta.data or "").split())

    @property
    def named(self) -> list[str]:
        """The slugs that were ticked or written."""
        ticked = [slug[:200] for slug in self.articulo.data or ()]
        return list(dict.fromkeys([*ticked, *policy.slugs_in(self.direcciones.data or "")]))

    def show(self, trial: Trial) -> None:
        """Fill in what is stored."""
        self.clase.data, self.pregunta.data = trial.kind, trial.question
        self.articulo.data = [article.slug for article in trial.articles]

    def validate_pregunta(self, field: Any) -> None:
        if not any(map(str.isalnum, field.data or "")):
            raise ValidationError(_("Escriba al menos una palabra."))
        most = policy.longest(self.kind)
        if len(self.question) > most:
            raise ValidationError(_("Escriba hasta %(max)d caracteres.", max=most))

    def validate_direcciones(self, field: Any) -> None:
        known = self.expected
        unknown = [slug for slug in self.named if slug not in known]
        if unknown:
            named = ", ".join(unknown[:5])
            raise ValidationError(_("No hay ningún artículo con esta dirección: %(n)s.", n=named))
        if not known:
            raise ValidationError(_("Marque o escriba al menos un artículo."))
        if len(known) > policy.MOST_EXPECTED:
            raise ValidationError(_("Elija hasta %(n)d artículos.", n=policy.MOST_EXPECTED))

    @property
    def expected(self) -> dict[str, Article]:
        """The articles that are named, by their slug; unknown ones are left out."""
        named = self.named[:50]
        return queries.articles_by_slug(named) if named else {}

    def text(self) -> TrialText:
        """What a valid form says."""
        return TrialText(self.kind, self.question, [a.id for a in self.expected.values()])


class ImportForm(Form):
    """A CSV file of questions."""

    archivo = FileField(_l("Archivo CSV"), [InputRequired(_l("Elija un archivo."))])

    def rows(self) -> list[Row]:
        """The questions of the file. Raises Unreadable."""
        given = self.archivo.data
        if not isinstance(given, FileStorage) or not given.filename:
            raise Unreadable("none")
        return sheet.read(given.stream.read(sheet.MAX_BYTES + 1))


def texts_of(rows: list[Row]) -> list[TrialText]:
    """The questions with the articles they name. Raises Unreadable where one is unknown."""
    slugs = list({slug for row in rows for slug in row.slugs})
    known = {}
    for start in range(0, len(slugs), 500):
        known.update(queries.articles_by_slug(slugs[start : start + 500]))
    texts = []
    for row in rows:
        if any(slug not in known for slug in row.slugs):
            raise Unreadable("unknown", row.line)
        texts.append(TrialText(row.kind, row.question, [known[slug].id for slug in row.slugs]))
    return texts


def why_unreadable(error: Unreadable) -> str:
    """What is wrong with a file, in words."""
    words = {
        "none": _("Elija un archivo."),
        "size": _("El archivo es demasiado grande: hasta 1 MB."),
        "encoding": _("El archivo no está en UTF-8. Guárdelo como «CSV UTF-8»."),
        "header": _("La primera línea debe decir: clase, pregunta, articulos."),
        "many": _("Son demasiadas: caben %(n)d preguntas.", n=policy.MOST_TRIALS),
        "kind": _("La clase debe ser «busqueda» o «ticket»."),
        "question": _("Falta la pregunta, o es demasiado larga."),
        "articles": _("Faltan artículos, o son más de %(n)d.", n=policy.MOST_EXPECTED),
        "unknown": _("Nombra un artículo que no existe."),
    }
    text = words.get(error.reason, _("No se puede leer como tabla."))
    if error.reason in {"none", "size", "encoding", "header", "many"}:
        return text
    return _("Línea %(n)d: %(text)s", n=error.line, text=text)
