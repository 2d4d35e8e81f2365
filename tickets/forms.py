"""The forms of tickets. Their names are those of DESIGN section 10."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from accounts.access import current_actor
from core.files import MAX_BYTES, MAX_PER_MESSAGE, MAX_TOGETHER
from core.no_promise import NoPromiseForm
from core.tokens import clean_token
from core.uploads import files_of
from core.web import Form, LineField, TextField, clean_number
from core.wording import clean_line
from tickets.drafts import DESCRIPTION_LIMIT, SUBJECT_LIMIT, Upload, Written
from tickets.handling import Then
from tickets.policy import Mark, Policy, Typology
from tickets.vault.forms import SecretsNoticed
from tickets.vault.masking import masked
from tickets.words import affection_question, mark_label

MESSAGE_LIMIT = 20_000


def present(message: str) -> list[Any]:
    """Something must be typed; spaces are nothing."""

    def check(_form: Form, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(message)

    return [InputRequired(message), check]


def uploads_of(name: str) -> tuple[list[Upload], list[str]]:
    """The files of the request under `name`, and why some were refused, in words.

    Raises LimitReached.
    """
    actor = current_actor()
    files, refused = files_of(name, person_id=actor.person_id if actor else None)
    uploads = [Upload(checked, content) for checked, content in files]
    if len(uploads) > MAX_PER_MESSAGE:
        left_out = ", ".join(upload.checked.name for upload in uploads[MAX_PER_MESSAGE:])
        refused.append(
            _("Adjunte como máximo %(n)d archivos: quedó fuera %(names)s.", n=5, names=left_out)
        )
        del uploads[MAX_PER_MESSAGE:]
    return uploads, refused


class FilesMixin:
    """A form that takes files: `uploads` holds the good ones after `validate`."""

    adjuntos = MultipleFileField(
        __("Archivos"),
        description=__(
            "Hasta 5, de 10 MB cada uno y 25 MB en total: imágenes, PDF, documentos, textos o ZIP."
        ),
        render_kw={
            "data-most": MAX_PER_MESSAGE,
            "data-each": MAX_BYTES,
            "data-all": MAX_TOGETHER,
            "data-most-text": __("Elija como máximo 5 archivos. No se añadió ninguno."),
            "data-each-text": __("Un archivo pasa de 10 MB. No se añadió ninguno."),
            "data-all-text": __("Juntos pasan de 25 MB. No se añadió ninguno."),
        },
    )
    uploads: Sequence[Upload] = ()

    def ask_for_files_again(self) -> None:
        """Say that files must be chosen again on a page that comes back without them."""
        chosen = self.uploads or [f for f in self.adjuntos.data or [] if getattr(f, "filename", "")]
        if chosen:
            self.adjuntos.errors = [_("Elija otra vez los archivos antes de enviar.")]
        self.adjuntos.data = []

    def validate_adjuntos(self, field: Any) -> None:
        self.uploads, refused = uploads_of("adjuntos")
        # What was attached is not sent back to a browser: only names are left to show.
        field.data = []
        if refused:
            raise ValidationError(" ".join(refused))


class TicketForm(SecretsNoticed, FilesMixin, Form):
    """A new ticket. `borrador` names the draft, so that pressing twice files once."""

    watched = ("asunto", "descripcion")

    borrador = HiddenField(filters=[clean_token])
    #: The version of the conditions that the page showed.
    condiciones = HiddenField(filters=[clean_number])
    asunto = LineField(
        __("Asunto"),
        [*present(__("Escriba en una línea qué ocurre.")), Length(max=SUBJECT_LIMIT)],
        description=__("Una línea: qué falla o qué necesita."),
        render_kw={"maxlength": SUBJECT_LIMIT, "autocomplete": "off"},
    )
    descripcion = TextField(
        __("¿Qué ocurre?"),
        [
            *present(__("Cuente qué ocurre: qué esperaba, qué pasó y desde cuándo.")),
            Length(max=DESCRIPTION_LIMIT, message=__("Use hasta 20 000 caracteres.")),
        ],
        description=__("Qué esperaba, qué pasó y desde cuándo. No escriba contraseñas aquí."),
        render_kw={"rows": 8},
    )
    afeccion = RadioField(__("¿Qué está afectado?"), validate_choice=False)
    prioridad = RadioField(
        __("¿Qué prioridad le da usted?"),
        [AnyOf([mark.value for mark in Mark], message=__("Elija una de las prioridades."))],
        default=Mark.NORMAL.value,
        validate_choice=False,
    )

    def offer(self, policy: Policy) -> None:
        """Fill the choices from the policy in force."""
        self._known = set(policy.affections)
        for field in (self.afeccion, self.prioridad):
            field.flags.required = True
        self.afeccion.choices = [(code, affection_question(code)[0]) for code in policy.affections]
        self.prioridad.choices = [(mark.value, mark_label(mark).capitalize()) for mark in Mark]

    def validate_afeccion(self, field: Any) -> None:
        if field.data not in self._known:
            raise ValidationError(_("Elija qué está afectado: eso decide el orden."))

    @property
    def written(self) -> Written:
        return Written(
            self.asunto.data or "",
            self.descripcion.data or "",
            clean_line(self.afeccion.data or "", 40),
            clean_line(self.prioridad.data or Mark.NORMAL.value, 10),
        )

    @property
    def masked(self) -> Written:
        """The same with dots in place of what looks like a password."""
        whole = self.written
        return replace(whole, subject=masked(whole.subject), description=masked(whole.description))

    def enough_to_suggest(self) -> bool:
        """Whether there is something to look for; only the texts are asked for at this step."""
        self.validate()
        for field in (self.afeccion,):
            field.errors = []
        return not self.asunto.errors and not self.descripcion.errors and not self.adjuntos.errors


class ReplyForm(SecretsNoticed, FilesMixin, Form):
    """A message in a thread."""

    formulario = HiddenField(filters=[clean_token])
    texto = TextField(
        __("Su mensaje"),
        [
            *present(__("Escriba su mensaje.")),
            Length(max=MESSAGE_LIMIT, message=__("Use hasta 20 000 caracteres.")),
        ],
        render_kw={"rows": 6},
    )


class DeskReplyForm(NoPromiseForm, ReplyForm):
    """A technician's answer and what follows from it.

    `visto` is the last message of the thread that the page showed; the action `articulo`
    resolves, and keeps the answer as the draft of an article.
    """

    visto = HiddenField(filters=[clean_number])
    accion = HiddenField(
        default=Then.STAY.value,
        validators=[AnyOf([*(t.value for t in Then), "articulo"], message=__("Elija qué hacer."))],
    )
    siguiente = BooleanField(__("y tomar el siguiente"))
    #: The canned answer whose button was pressed.
    lista = HiddenField(filters=[clean_number])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not valid and not self.adjuntos.errors:
            self.ask_for_files_again()
        return valid

    def put_in(self, text: str) -> None:
        """Add a canned answer below what was written, for the page that comes back."""
        written = (self.texto.data or "").rstrip()
        self.texto.data = f"{written}\n\n{text}" if written else text
        self.ask_for_files_again()

    @property
    def then(self) -> Then:
        return Then.RESOLVE if self.wants_article else Then(self.accion.data)

    @property
    def wants_article(self) -> bool:
        return self.accion.data == "articulo"


def text_field(label: object, name: str) -> TextField:
    """A text of a form that shares its page with others, so it has an id of its own."""
    return TextField(
        label,
        [
            *present(__("Escriba el texto.")),
            Length(max=MESSAGE_LIMIT, message=__("Use hasta 20 000 caracteres.")),
        ],
        id=name,
        render_kw={"rows": 4},
    )


class NoteForm(SecretsNoticed, Form):
    """An internal note."""

    is_internal = True

    formulario = HiddenField(filters=[clean_token], id="nota-formulario")
    texto = text_field(__("Texto de la nota"), "nota-texto")


@dataclass(frozen=True)
class ChoiceText:
    """How the affections are shown: a line under each, and which are incidents."""

    texts: dict[str, str]
    kinds: dict[str, str]


def choice_text(policy: Policy) -> ChoiceText:
    """Texts and kinds for the list of affections."""
    return ChoiceText(
        {code: affection_question(code)[1] for code in policy.affections},
        {
            code: "incident" if a.typology == Typology.INCIDENT else ""
            for code, a in policy.affections.items()
        },
    )
