"""The forms to be called, and to say more of what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from accounts.guest_forms import NameField
from core.guest_forms import GuestForm, PhoneField
from core.web import TextField, clean_number
from tickets.models import Ticket
from tickets.policy import Policy
from tickets.vault.forms import no_secrets
from tickets.words import affection_question

MATTER_LENGTH = 2_000
#: «Es otra cosa», beside the numbers of open tickets.
OTHER = "otra"
#: A wish, never an appointment (R4). The names are stored.
_PARTS = (
    ("cualquiera", _l("En cualquier momento")),
    ("manana", _l("Por la mañana")),
    ("tarde", _l("Por la tarde")),
    ("noche", _l("Por la noche")),
)


def _part_field(default: str | None) -> RadioField:
    return RadioField(
        _l("¿Cuándo prefiere la llamada?"),
        [DataRequired(_l("Elija una parte del día."))],
        choices=[SelectChoice(name, words) for name, words in _PARTS],
        default=default,
    )


class CallForm(GuestForm):
    """Who asks to be called, where and about what."""

    #: The version of the conditions that the page showed.
    condiciones = HiddenField(filters=[clean_number])
    sobre = RadioField(_l("¿Sobre qué es la llamada?"), validate_choice=False)
    afeccion = SelectField(
        _l("Si es otra cosa, ¿qué está afectado?"), validate_choice=False, default=""
    )
    nombre = NameField()
    telefono = PhoneField(_l("Su teléfono"))
    momento = _part_field("cualquiera")
    asunto = TextField(
        _l("¿De qué se trata?"),
        [
            DataRequired(_l("Cuéntenos en pocas palabras de qué se trata.")),
            no_secrets,
            Length(max=MATTER_LENGTH, message=_l("Use hasta 2000 caracteres.")),
        ],
        render_kw={"rows": 4},
    )

    _policy: Policy | None = None

    def offer(self, tickets: Sequence[Ticket], opens: Sequence[str], policy: Policy | None) -> None:
        """What a customer may choose: their open tickets, and the affections they may open.

        Nobody else is asked anything of it: `policy` is None then.
        """
        self._policy = policy
        rows = [(str(t.number), f"{t.number} · {t.subject}") for t in tickets]
        self.sobre.choices = [*rows, (OTHER, _("Es otra cosa"))] if rows else []
        self.sobre.flags.required = True
        known = [(code, affection_question(code)[0]) for code in opens]
        self.afeccion.choices = [("", _("Elija")), *known] if known else []
        if not rows:
            self.afeccion.label.text = _("¿Qué está afectado?")

    @property
    def is_other(self) -> bool:
        """Whether a customer says that it is about none of their open tickets."""
        return not self.sobre.choices or self.sobre.data == OTHER

    @property
    def number(self) -> int | None:
        return None if self.is_other else clean_number(self.sobre.data)

    def validate_sobre(self, field: Any) -> None:
        if not field.choices or field.data in {value for value, _words in field.choices}:
            return
        if clean_number(field.data):
            field.data = None
            raise ValidationError(_("Ese ticket ya no está abierto. Elija otra vez."))
        raise ValidationError(_("Elija un ticket abierto, o «Es otra cosa»."))

    def validate_afeccion(self, field: Any) -> None:
        if self._policy is None or not field.choices or not self.is_other:
            return
        if field.data not in self._policy.affections:
            raise ValidationError(_("Elija qué está afectado: eso decide el orden."))


class ChangeForm(GuestForm):
    """Another part of the day, or more of the matter, for a request that waits."""

    momento = _part_field(None)
    asunto = TextField(
        _l("Añadir algo"),
        [no_secrets, Length(max=MATTER_LENGTH, message=_l("Use hasta 2000 caracteres."))],
        render_kw={"rows": 3},
    )
