"""Forms of both sides of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, SelectField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from accounts.guest_forms import MailField, NameField
from accounts.models import Person
from contact.chat.policy import MESSAGE_LIMIT
from core.files import MAX_BYTES, CheckedFile
from core.guest_forms import GuestForm
from core.no_promise import NoPromiseForm, no_promise
from core.tokens import clean_token
from core.uploads import files_of
from core.web import Form, LineField, TextField, clean_number
from tickets.affection_forms import AffectionField
from tickets.drafts import SUBJECT_LIMIT
from tickets.policy import Policy
from tickets.turns_forms import MergeForm
from tickets.vault.forms import SecretsNoticed

_LONG = _l("Use hasta 4000 caracteres.")
_HEAVY = _l("La imagen pesa más de 10 MB. Elija otra o quítela: lo que escribió sigue aquí.")
#: What a picture may be; it is drawn anew, and its first frame is kept.
IMAGES = "image/png,image/jpeg,image/gif,image/webp"


class Written(TextField):
    """A text that must say something."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not self.data.strip():
            raise ValidationError(_("Escriba su mensaje."))


class StartForm(SecretsNoticed, GuestForm):
    """Who wants to talk and about what. A customer writes the message alone."""

    watched = ("mensaje",)

    nombre = NameField()
    correo = MailField()
    mensaje = Written(
        _l("¿En qué podemos ayudarle?"),
        [DataRequired(_l("Escriba su mensaje.")), Length(max=MESSAGE_LIMIT, message=_LONG)],
        render_kw={"rows": 4},
    )
    #: The open ticket it is about, of a customer.
    sobre = HiddenField(filters=[clean_number])
    accion = HiddenField()

    def for_customer(self, name: str, email: str) -> None:
        """Who is known is not asked."""
        self.nombre.data, self.correo.data = name, email


class SayForm(SecretsNoticed, Form):
    """A message: a text, an image, or both. `content` and `checked` are the image's."""

    clave = HiddenField(filters=[clean_token])
    accion = HiddenField()
    texto = TextField(
        _l("Su mensaje"),
        [Length(max=MESSAGE_LIMIT, message=_LONG)],
        render_kw={"rows": 2, "enterkeyhint": "send", "data-chat-text": "si"},
    )
    imagen = FileField(
        _l("Imagen"),
        [Optional()],
        render_kw={"accept": IMAGES, "data-most": MAX_BYTES, "data-heavy": _HEAVY},
    )

    person_id: int | None = None
    checked: CheckedFile | None = None
    content = b""

    def validate_imagen(self, field: Any) -> None:
        named = bool(getattr(field.data, "filename", ""))
        field.data = None
        if not named:
            return
        taken, refused = files_of("imagen", person_id=self.person_id)
        if refused:
            raise ValidationError(" ".join(refused))
        if taken and not taken[0][0].is_image:
            raise ValidationError(_("Aquí sólo se envían imágenes: PNG, JPG, GIF o WebP."))
        if taken:
            self.checked, self.content = taken[0]

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        nothing = not (self.texto.data or "").strip() and not self.checked
        if nothing and not self.imagen.errors and not self.texto.errors:
            self.texto.errors = [_("Escriba su mensaje.")]
            return False
        return valid


class StaffSayForm(NoPromiseForm, SayForm):
    """The same for a technician: whoever reads it takes a promise for one (R4)."""


class OutcomeForm(Form):
    """The conversation becomes a ticket: in a line what it is, and what is affected."""

    asunto = LineField(
        _l("Asunto del ticket"),
        [
            DataRequired(_l("Escriba en una línea qué ocurre.")),
            no_promise,
            Length(max=SUBJECT_LIMIT, message=_l("Use hasta 200 caracteres.")),
        ],
        render_kw={"maxlength": SUBJECT_LIMIT, "autocomplete": "off"},
    )
    afeccion = AffectionField()

    def offer(self, policy: Policy) -> None:
        """The afecciones of the policy."""
        self.afeccion.offer(policy.affections)


class JoinForm(MergeForm):
    """Name the open ticket of the customer that the conversation is about."""


class PassForm(Form):
    """A colleague on duty goes on."""

    a = SelectField(_l("A quién"), id="traspaso-a", coerce=str, validate_choice=False, default="")

    def offer(self, colleagues: Sequence[Person]) -> None:
        self.a.choices = [("", _("Elija")), *((str(p.id), p.name) for p in colleagues)]

    def validate_a(self, field: SelectField) -> None:
        if clean_number(field.data) is None:
            raise ValidationError(_("Elija a quién."))
