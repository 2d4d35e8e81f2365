"""The number of a taxpayer in a form."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional, ValidationError

from core.identifiers import IdentifierRefused, valid_ruc
from core.web import LineField


class RucField(LineField):
    """A RUC, which may be left out. `digits` holds its 11 when it is valid, else None."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}
        super().__init__(_l("RUC"), [Optional()], render_kw=attributes, **kwargs)
        self.digits: str | None = None

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        try:
            self.digits = valid_ruc(self.data)
        except IdentifierRefused:
            raise ValidationError(
                _("Revise el RUC: son 11 números y el último confirma a los demás.")
            ) from None
