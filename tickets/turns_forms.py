"""Forms of what a technician does with a turn, a merge or a split.

They share a page, so each field has an id of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length, ValidationError

from accounts.models import Person
from core.no_promise import NoPromiseForm
from core.tokens import clean_token
from core.web import Form, LineField, TextField, clean_number
from tickets.affection_forms import AffectionField
from tickets.drafts import SUBJECT_LIMIT
from tickets.forms import MESSAGE_LIMIT, present
from tickets.policy import Policy
from tickets.vault.forms import no_secrets

REASON_LIMIT = 1000


def _reason(label: object, name: str, limit: int = REASON_LIMIT) -> TextField:
    return TextField(
        label,
        [
            *present(__("Escriba por qué.")),
            no_secrets,
            Length(max=limit, message=__("Use hasta %(n)s caracteres.", n=limit)),
        ],
        id=name,
        render_kw={"rows": 3, "maxlength": limit},
    )


class ReturnForm(Form):
    """Give a ticket back to its place."""

    motivo = _reason(__("Por qué lo devuelve"), "devolucion-motivo")


class HandOverForm(Form):
    """Give a ticket to a colleague."""

    formulario = HiddenField(filters=[clean_token], id="traspaso-formulario")
    a = SelectField(__("A quién"), id="traspaso-a", coerce=str, validate_choice=False, default="")
    nota = _reason(__("Nota para su colega"), "traspaso-nota", MESSAGE_LIMIT)

    def offer(self, colleagues: Sequence[Person]) -> None:
        """Who can take it over."""
        rows = [(str(person.id), person.name) for person in colleagues]
        self.a.choices = [("", _("Elija")), *rows]

    def validate_a(self, field: SelectField) -> None:
        if field.data not in {value for value, _name in field.choices[1:]}:
            raise ValidationError(_("Elija a quién."))

    @property
    def to(self) -> int:
        return int(self.a.data)


class ReclassifyForm(NoPromiseForm):
    """Correct what is affected; the customer reads the reason, so it is judged (R4)."""

    judged = ("motivo",)

    afeccion = AffectionField(
        __("Afección correcta"),
        wrong=__("Elija la afección correcta."),
        id="correccion-afeccion",
    )
    motivo = _reason(__("Por qué se corrige"), "correccion-motivo")

    def offer(self, policy: Policy, present_code: str = "") -> None:
        """The afecciones of the policy, without the one the ticket has."""
        self.afeccion.offer(code for code in policy.affections if code != present_code)


class MergeForm(Form):
    """Name the other ticket for the same matter."""

    ticket = LineField(
        __("Número del otro ticket"),
        [InputRequired(__("Escriba el número del otro ticket."))],
        id="union-ticket",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 9},
    )

    def validate_ticket(self, field: LineField) -> None:
        if clean_number((field.data or "").lstrip("#")) is None:
            raise ValidationError(_("Escriba el número del otro ticket."))

    @property
    def other(self) -> int:
        return clean_number((self.ticket.data or "").lstrip("#")) or 0


class LinkForm(MergeForm):
    """Name a ticket to be read together with this one."""

    ticket = LineField(
        __("Número del otro ticket"),
        [InputRequired(__("Escriba el número del otro ticket."))],
        id="enlace-ticket",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 9},
    )


class SplitForm(NoPromiseForm):
    """A message becomes a ticket of its own; the customer reads why, so it is judged (R4)."""

    judged = ("asunto", "motivo")
    asunto = LineField(
        __("Asunto del ticket nuevo"),
        [*present(__("Escriba en una línea qué ocurre.")), Length(max=SUBJECT_LIMIT)],
        render_kw={"maxlength": SUBJECT_LIMIT, "autocomplete": "off"},
    )
    afeccion = AffectionField()
    motivo = _reason(__("Por qué se divide"), "division-motivo")

    def offer(self, policy: Policy) -> None:
        """The afecciones of the policy."""
        self.afeccion.offer(policy.affections)
