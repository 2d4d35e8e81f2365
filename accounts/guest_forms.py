"""Fields by which somebody without an account says who they are."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length, ValidationError

from accounts.addresses import canonical
from core.identifiers import MAX_EMAIL
from core.web import LineField

NAME_LENGTH = 120


class NameField(LineField):
    """The name of whoever writes."""

    def __init__(self, label: object = _l("Su nombre"), **kwargs: Any) -> None:
        checks = [
            DataRequired(_l("Escriba su nombre.")),
            Length(max=NAME_LENGTH, message=_l("Use hasta 120 caracteres.")),
        ]
        attributes = {"autocomplete": "name", "maxlength": NAME_LENGTH}
        super().__init__(label, checks, render_kw=attributes, **kwargs)


class MailField(LineField):
    """The address to write to; `canonical` makes of it the form it is stored in."""

    def __init__(self, label: object = _l("Su correo"), **kwargs: Any) -> None:
        checks = [DataRequired(_l("Escriba su correo."))]
        attributes = {"type": "email", "autocomplete": "email", "maxlength": MAX_EMAIL}
        super().__init__(label, checks, render_kw=attributes, **kwargs)

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        if validation_stopped or self.errors:
            return
        try:
            canonical(self.data or "")
        except ValueError:
            raise ValidationError(_("Revise el correo. Por ejemplo: nombre@empresa.pe.")) from None
