"""Forms of the FAQ and of its editor; lengths are those of `kb.policy`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional, ValidationError

from core.no_promise import NoPromiseForm
from core.web import Form, LineField, TextField, readable
from core.wording import clean_line
from kb import policy
from kb.lifecycle import Audience
from kb.models import Article, Category
from kb.revisions.policy import ArticleText
from kb.votes.policy import Reason
from kb.writing.models import ArticleDraft


class VoteForm(Form):
    """«¿Le resultó útil?»"""

    util = RadioField(
        _l("¿Le resultó útil?"),
        choices=[SelectChoice("si", _l("Sí")), SelectChoice("no", _l("No"))],
        validators=[DataRequired(_l("Elija sí o no."))],
    )
    motivo = LineField(
        _l("¿Qué falló?"),
        validators=[Optional(), AnyOf(list(Reason), message=_l("Elija uno de los motivos."))],
    )
    comentario = TextField(
        _l("¿Qué faltó o qué podemos mejorar?"),
        validators=[
            Length(max=policy.MAX_COMMENT, message=_l("Escriba hasta %(max)d caracteres."))
        ],
    )


def _says_something(_form: Form, field: LineField) -> None:
    if not policy.has_words(field.data or ""):
        raise ValidationError(_l("Escriba al menos una palabra."))


def _is_slug(_form: Form, field: LineField) -> None:
    if not field.data:
        return
    if field.data in policy.RESERVED_SLUGS:
        raise ValidationError(_l("Esa dirección la usa el sitio. Elija otra."))
    if len(field.data) > policy.MAX_SLUG:
        raise ValidationError(_l("Es demasiado larga: use hasta 200 caracteres."))
    if not policy.is_slug(field.data):
        raise ValidationError(
            _l("Use minúsculas sin tildes, números y guiones, por ejemplo: cambiar-clave-correo.")
        )


def is_address(form: Form, field: LineField) -> None:
    """An address must be typed, and can be one."""
    if not field.data:
        raise ValidationError(_l("Escriba la dirección."))
    _is_slug(form, field)


class ArticleForm(NoPromiseForm):
    """An article as an editor writes it. `revision` is the one that was read; `accion` says
    which button was pressed."""

    judged = ("titulo", "resumen", "texto")
    titulo = LineField(
        _l("Título"),
        description=_l("La pregunta como la haría un cliente."),
        validators=[
            DataRequired(_l("Escriba un título.")),
            Length(max=policy.MAX_TITLE, message=_l("Escriba hasta %(max)d caracteres.")),
            _says_something,
        ],
    )
    slug = LineField(
        _l("Dirección"),
        description=_l("Déjela vacía para formarla con el título."),
        validators=[Optional(), _is_slug],
    )
    categoria = SelectField(
        _l("Categoría"), validators=[DataRequired(_l("Elija una categoría de la lista."))]
    )
    resumen = LineField(
        _l("Resumen"),
        description=_l("Una o dos frases; se ven en las listas y en los buscadores."),
        validators=[
            Length(max=policy.MAX_SUMMARY, message=_l("Escriba hasta %(max)d caracteres."))
        ],
    )
    etiquetas = LineField(
        _l("Etiquetas"),
        description=_l("Palabras con las que también se busca, separadas por comas."),
        validators=[Length(max=2000, message=_l("Escriba hasta %(max)d caracteres."))],
    )
    idioma = SelectField(
        _l("Idioma"),
        choices=[SelectChoice("es", "Español"), SelectChoice("en", "English")],
        default="es",
        validators=[DataRequired(_l("Elija un idioma."))],
    )
    texto = TextField(
        _l("Texto"),
        description=_l("En Markdown: títulos con ##, listas con -, código entre ```."),
        validators=[
            DataRequired(_l("Escriba el texto de la respuesta.")),
            Length(
                max=policy.MAX_BODY, message=_l("Es demasiado largo: hasta 200 000 caracteres.")
            ),
        ],
    )
    publico = SelectField(
        _l("Quién puede leerlo"),
        choices=[
            SelectChoice(Audience.EVERYBODY.value, _l("Todos")),
            SelectChoice(Audience.STAFF.value, _l("Sólo el personal")),
        ],
        default=Audience.EVERYBODY.value,
        validators=[DataRequired(_l("Elija quién puede leerlo."))],
    )
    revision = HiddenField()
    #: What was typed before and is in the form again, though it was not saved.
    recovered: ArticleDraft | None = None

    def offer(self, categories: Sequence[Category]) -> None:
        """The categories to choose from."""
        self.categoria.choices = [SelectChoice("", _l("Elija una"))]
        self.categoria.choices += [SelectChoice(str(shelf.id), shelf.name) for shelf in categories]

    def show(self, article: Article, text: ArticleText) -> None:
        """Fill in what was last saved, published or not."""
        self.titulo.data, self.slug.data, self.resumen.data = text.title, text.slug, text.summary
        self.categoria.data, self.idioma.data = str(text.category_id), text.lang
        self.etiquetas.data, self.texto.data = ", ".join(text.tags), text.body
        self.publico.data, self.revision.data = article.audience, str(article.last_revision)

    @property
    def audience(self) -> Audience | None:
        """Who may read it; None where the form did not ask."""
        return Audience(self.publico.data) if self.publico.raw_data else None

    def begin(self, title: str, lang: str) -> None:
        """A new article with the words that led to it."""
        self.titulo.data = clean_line(title, policy.MAX_TITLE)
        if lang in policy.LANGUAGES:
            self.idioma.data = lang

    @property
    def read_revision(self) -> int | None:
        """The revision the editor began from; None for a new article or a made-up number."""
        given = str(self.revision.data or "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None

    def text(self) -> ArticleText:
        """What a valid form says."""
        return ArticleText(
            title=self.titulo.data,
            slug=self.slug.data or "",
            category_id=int(self.categoria.data),
            summary=self.resumen.data or "",
            tags=policy.tags_from(self.etiquetas.data or ""),
            lang=self.idioma.data,
            body=self.texto.data,
        )


class CategoryForm(Form):
    """A shelf of the FAQ."""

    nombre = LineField(
        _l("Nombre"),
        validators=[
            DataRequired(_l("Escriba un nombre.")),
            Length(max=policy.MAX_CATEGORY_NAME, message=_l("Escriba hasta %(max)d caracteres.")),
            _says_something,
        ],
    )
    descripcion = LineField(
        _l("Descripción"),
        validators=[
            Length(
                max=policy.MAX_CATEGORY_DESCRIPTION,
                message=_l("Escriba hasta %(max)d caracteres."),
            )
        ],
    )
    posicion = IntegerField(
        _l("Posición"),
        description=_l("1 es la primera. Vacía: al final."),
        validators=[
            Optional(),
            readable,
            NumberRange(1, 9999, message=_l("Escriba un número de 1 a 9999.")),
        ],
    )

    direccion = LineField(
        _l("Dirección"),
        description=_l("La anterior seguirá llevando a esta categoría."),
        validators=[
            Optional(),
            _is_slug,
            Length(max=policy.MAX_CATEGORY_SLUG, message=_l("Escriba hasta %(max)d caracteres.")),
        ],
    )

    def words(self) -> dict[str, Any]:
        """What a valid form says, as the actions take it."""
        return {
            "name": self.nombre.data,
            "description": self.descripcion.data or "",
            "position": self.posicion.data,
        }
