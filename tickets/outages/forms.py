"""The forms of outages. What they hold is read by everybody: no word may promise a time (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.no_promise import NoPromiseForm
from core.tokens import clean_token
from core.web import Form, LineField, TextField, clean_number
from tickets.models import Ticket
from tickets.outages import policy
from tickets.outages.actions import Told
from tickets.outages.models import Outage
from tickets.outages.policy import BODY_LIMIT, SEEN_LIMIT, TITLE_LIMIT
from tickets.policy import Policy
from tickets.vault.forms import no_secrets
from tickets.words import affection_label

_TOO_LONG = __("Escriba hasta %(max)d caracteres.")


class OutageForm(NoPromiseForm):
    """A new outage, or other words for one."""

    judged = ("titulo", "texto", "titulo_en", "texto_en")
    formulario = HiddenField(filters=[clean_token])
    titulo = LineField(
        __("Título"),
        [
            DataRequired(__("Escriba en una línea qué falla.")),
            Length(max=TITLE_LIMIT, message=_TOO_LONG),
        ],
        description=__("Una línea, con las palabras del cliente: «No llegan correos de Gmail»."),
        render_kw={"maxlength": TITLE_LIMIT, "autocomplete": "off"},
    )
    texto = TextField(
        __("Texto"),
        [DataRequired(__("Cuente qué se sabe.")), Length(max=BODY_LIMIT, message=_TOO_LONG)],
        description=__(
            "Qué se nota y qué se sabe de la causa. Admite Markdown. Nunca diga cuándo quedará."
        ),
        render_kw={"rows": 6},
    )
    afeccion = SelectField(
        __("Afección"),
        [DataRequired(__("Elija una afección de la lista."))],
        description=__("La llevan los tickets de quienes digan «A mí también me afecta»."),
    )
    servicios = TextField(
        __("Servicios"),
        [Optional()],
        description=__("Uno por línea: «Correo», «Servidores de Lima»."),
        render_kw={"rows": 3},
    )
    titulo_en = LineField(
        __("Título en inglés"),
        [Optional(), Length(max=TITLE_LIMIT, message=_TOO_LONG)],
        render_kw={"maxlength": TITLE_LIMIT, "autocomplete": "off", "lang": "en"},
    )
    texto_en = TextField(
        __("Texto en inglés"),
        [Optional(), Length(max=BODY_LIMIT, message=_TOO_LONG)],
        render_kw={"rows": 4, "lang": "en"},
    )

    def offer(self, table: Policy, kept: str = "") -> None:
        """The affections of the policy in force, in its order; `kept` stays where it is chosen."""
        codes = list(table.affections)
        if kept and kept not in codes:
            codes.append(kept)
        self.afeccion.choices = [(code, affection_label(code)) for code in codes]

    def validate_servicios(self, field: Any) -> None:
        found = policy.services_in(field.data or "")
        if len(found) > policy.SERVICES_LIMIT:
            raise ValidationError(_("Nombre como máximo %(n)d servicios.", n=policy.SERVICES_LIMIT))
        if any(len(service) > policy.SERVICE_LIMIT for service in found):
            raise ValidationError(
                _("Nombre cada servicio con hasta %(n)d caracteres.", n=policy.SERVICE_LIMIT)
            )

    def show(self, outage: Outage) -> None:
        """Fill in what is stored."""
        self.titulo.data, self.texto.data = outage.title, outage.body
        self.titulo_en.data, self.texto_en.data = outage.title_en, outage.body_en
        self.afeccion.data = outage.affection
        self.servicios.data = "\n".join(outage.services)

    @property
    def told(self) -> Told:
        return Told(
            title=self.titulo.data or "",
            body=self.texto.data or "",
            affection=self.afeccion.data or "",
            services=tuple(policy.services_in(self.servicios.data or "")),
            title_en=self.titulo_en.data or "",
            body_en=self.texto_en.data or "",
        )


class UpdateForm(NoPromiseForm):
    """A dated line of the log."""

    judged = ("texto", "texto_en")
    formulario = HiddenField(filters=[clean_token])
    texto = TextField(
        __("Qué hay de nuevo"),
        [DataRequired(__("Escriba qué hay de nuevo.")), Length(max=BODY_LIMIT, message=_TOO_LONG)],
        description=__("Lo lee todo el mundo, con la hora. Nunca diga cuándo quedará."),
        render_kw={"rows": 4},
    )
    texto_en = TextField(
        __("Texto en inglés"),
        [Optional(), Length(max=BODY_LIMIT, message=_TOO_LONG)],
        render_kw={"rows": 3, "lang": "en"},
    )


class ResolveForm(NoPromiseForm):
    """The last word on an outage, and the tickets that it answers."""

    judged = ("texto", "texto_en")
    formulario = HiddenField(filters=[clean_token])
    texto = TextField(
        __("Qué pasó y qué se hizo"),
        [
            DataRequired(__("Escriba qué pasó y qué se hizo.")),
            Length(max=BODY_LIMIT, message=_TOO_LONG),
        ],
        description=__(
            "Es el final de la página de la avería y la respuesta en cada ticket marcado."
        ),
        render_kw={"rows": 6},
    )
    texto_en = TextField(
        __("Texto en inglés"),
        [Optional(), Length(max=BODY_LIMIT, message=_TOO_LONG)],
        description=__("Sólo para la página de la avería; los tickets se responden en español."),
        render_kw={"rows": 3, "lang": "en"},
    )
    tickets = SelectMultipleField(
        __("Tickets que se resuelven con esta respuesta"),
        [Optional()],
        choices=[],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, joined: Sequence[Ticket], numbers: frozenset[int]) -> None:
        """The joined tickets that are still open, and the `numbers` of all that ever joined.

        Those that ended meanwhile may be sent: a form sent twice is no error.
        """
        self._known = {str(number) for number in numbers}
        self.tickets.choices = [
            (str(t.number), f"{t.number} · {t.company.name}: {t.subject}") for t in joined
        ]

    def validate_tickets(self, field: Any) -> None:
        if not set(field.data or ()) <= self._known:
            # What is not of this outage is not shown: the rest stays ticked and is sent again.
            field.data = [value for value in field.data if value in self._known]
            raise ValidationError(
                _("Un ticket marcado ya no es parte de esta avería. Revise la lista.")
            )

    @property
    def numbers(self) -> list[int]:
        return [int(value) for value in self.tickets.data or ()]


class ReportForm(Form):
    """«A mí también me afecta», with one line where there is something to add."""

    formulario = HiddenField(filters=[clean_token])
    #: The version of the conditions that the page showed.
    condiciones = HiddenField(filters=[clean_number])
    linea = LineField(
        __("Qué ve usted"),
        [Optional(), no_secrets, Length(max=SEEN_LIMIT, message=_TOO_LONG)],
    )
