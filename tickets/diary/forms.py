"""The forms of the diary of accesses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as __
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length, ValidationError

from core.no_promise import no_promise
from core.tokens import clean_token
from core.web import Form, LineField, MomentField, clean_number
from tickets.diary.actions import Told
from tickets.vault.forms import no_secrets

SERVER_LIMIT, REASON_LIMIT = 200, 500


def _present(message: Any) -> list[Any]:
    """Something must be typed; spaces are nothing."""

    def check(_form: Form, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(message)

    return [InputRequired(message), check]


class EntryForm(Form):
    """An entry to the customer's server, or the correction of one (`corrige`)."""

    formulario = HiddenField(filters=[clean_token], id="entrada-formulario")
    corrige = HiddenField(filters=[clean_number], id="entrada-corrige")
    servidor = LineField(
        __("Servidor o servicio"),
        [
            *_present(__("Escriba a qué servidor o servicio entró.")),
            no_secrets,
            no_promise,
            Length(max=SERVER_LIMIT, message=__("Use hasta 200 caracteres.")),
        ],
        id="entrada-servidor",
        render_kw={"maxlength": SERVER_LIMIT, "autocomplete": "off"},
    )
    motivo = LineField(
        __("Para qué"),
        [
            *_present(__("Escriba para qué entró: lo lee el cliente.")),
            no_secrets,
            no_promise,
            Length(max=REASON_LIMIT, message=__("Use hasta 500 caracteres.")),
        ],
        id="entrada-motivo",
        render_kw={"maxlength": REASON_LIMIT, "autocomplete": "off"},
    )
    desde = MomentField(
        __("Entró"), id="entrada-desde", description=__("Hora de Lima. Vacío: entra ahora.")
    )
    hasta = MomentField(
        __("Salió"), id="entrada-hasta", description=__("Hora de Lima. Vacío: sigue dentro.")
    )

    @property
    def told(self) -> Told:
        return Told(
            self.servidor.data or "",
            self.motivo.data or "",
            self.desde.moment,
            self.hasta.moment,
        )


class LeaveForm(Form):
    """When somebody left."""

    hasta = MomentField(__("Salió"), description=__("Hora de Lima. Vacío: sale ahora."))

    def of_entry(self, entry_id: int) -> LeaveForm:
        """The form with an id of its own: several people may be inside, each with a form."""
        self.hasta.id = self.hasta.label.field_id = f"salida-{entry_id}"
        return self
