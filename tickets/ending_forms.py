"""Forms of how a ticket ends: judged, reopened, or followed by another (R11)."""

from __future__ import annotations

from flask_babel import lazy_gettext as __
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from core.no_promise import NoPromiseForm
from core.tokens import clean_token
from core.web import Form, TextField
from tickets.forms import text_field
from tickets.lifecycle import Reopening
from tickets.vault.forms import SecretsNoticed, no_secrets


class ReopenForm(SecretsNoticed, Form):
    """The reason of a reopening, which the other side reads."""

    reopens = True

    formulario = HiddenField(filters=[clean_token], id="motivo-formulario")
    texto = text_field(__("Por qué se reabre"), "motivo")


class DeskReopenForm(NoPromiseForm, ReopenForm):
    """A technician's reason, judged as a reply is."""


class CustomerReopenForm(ReopenForm):
    """What a customer says of a solution that did not end it. Without a choice: it was none."""

    caso = RadioField(
        __("¿Qué pasa?"),
        [
            DataRequired(__("Elija una de las tres.")),
            AnyOf([case.value for case in Reopening], message=__("Elija una de las tres.")),
        ],
        choices=[
            SelectChoice(Reopening.NOT_SOLVED.value, __("No quedó resuelto")),
            SelectChoice(Reopening.FAILED_AGAIN.value, __("Volvió a fallar")),
            SelectChoice(Reopening.SOMETHING_ELSE.value, __("Es otra cosa")),
        ],
        default=Reopening.NOT_SOLVED.value,
        validate_choice=False,
    )

    @property
    def case(self) -> Reopening:
        return Reopening(self.caso.data)


class SatisfactionForm(Form):
    """Whether the solution satisfies."""

    satisfecho = HiddenField(validators=[AnyOf(["si", "no"], message=__("Elija una respuesta."))])
    comentario = TextField(
        __("¿Algo que quiera decirnos?"),
        [Optional(), no_secrets, Length(max=1000, message=__("Use hasta 1000 caracteres."))],
        # Several lines, so that Enter sends neither answer.
        render_kw={"rows": 2, "maxlength": 1000},
    )
