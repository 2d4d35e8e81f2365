"""The desk's forms of a request to be called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from contact.calls.handling import Attempt
from contact.calls.policy import ENDING, Result
from core.tokens import clean_token
from core.web import Form, LineField, TextField, clean_number
from tickets.affection_forms import AffectionField
from tickets.drafts import SUBJECT_LIMIT
from tickets.models import Ticket
from tickets.vault.forms import no_secrets


class AttemptForm(Form):
    """How a call ended."""

    formulario = HiddenField(filters=[clean_token])
    resultado = RadioField(
        _l("¿Cómo terminó la llamada?"),
        [DataRequired(_l("Elija cómo terminó la llamada."))],
        choices=[
            SelectChoice(Result.TALKED.value, _l("Hablamos")),
            SelectChoice(Result.NO_ANSWER.value, _l("No contestó")),
            SelectChoice(Result.BUSY.value, _l("Ocupado")),
            SelectChoice(Result.VOICEMAIL.value, _l("Buzón de voz")),
            SelectChoice(Result.WRONG_NUMBER.value, _l("Número equivocado")),
            SelectChoice(Result.GIVEN_UP.value, _l("Cerrar sin haber hablado")),
        ],
    )
    nota = TextField(
        _l("Nota para el equipo"),
        [no_secrets, Length(max=500, message=_l("Use hasta 500 caracteres."))],
        render_kw={"rows": 3},
    )

    def validate_nota(self, field: Any) -> None:
        ends = self.resultado.data in {result.value for result in ENDING}
        if ends and not (field.data or "").strip():
            raise ValidationError(_("Anote en qué quedó: con esto el pedido se cierra."))

    @property
    def attempt(self) -> Attempt:
        return Attempt(
            Result(self.resultado.data),
            (self.nota.data or "").strip(),
            self.formulario.data or "",
        )


class JoinForm(Form):
    """The open ticket that a request is about."""

    ticket = SelectField(_l("Ticket abierto"), validate_choice=False, default="")

    def offer(self, tickets: Sequence[Ticket]) -> None:
        rows = [(str(ticket.number), f"{ticket.number} · {ticket.subject}") for ticket in tickets]
        self.ticket.choices = [("", _("Elija")), *rows]

    def validate_ticket(self, field: Any) -> None:
        if not clean_number(field.data):
            raise ValidationError(_("Elija un ticket."))

    @property
    def number(self) -> int:
        return clean_number(self.ticket.data) or 0


class ConvertForm(Form):
    """The ticket that a request becomes."""

    asunto = LineField(
        _l("Asunto del ticket"),
        [
            DataRequired(_l("Escriba en una línea qué ocurre.")),
            no_secrets,
            Length(max=SUBJECT_LIMIT, message=_l("Use hasta 200 caracteres.")),
        ],
        id="ticket-asunto",
        render_kw={"maxlength": SUBJECT_LIMIT, "autocomplete": "off"},
    )
    afeccion = AffectionField(id="ticket-afeccion")

    def offer(self, codes: Sequence[str]) -> None:
        """The affections that the customer may open (R10)."""
        self.afeccion.offer(codes)
