"""Forms that anybody may send: what keeps robots out without a third party or a puzzle.

A form carries a token, which makes sending it twice one thing, and a seal, which says when it
was handed out. A trap field, which people never see, gives robots away.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, ValidationError

from core.identifiers import IdentifierRefused, normalise_phone
from core.tokens import clean_token, new_token, token_hash
from core.web import Form, LineField

#: Nobody reads and fills in a form in less.
QUICKEST = timedelta(seconds=2)
#: Accepted forms from one network, and to one mail address.
PER_CLIENT = "5 per hour"
PER_ADDRESS = "3 per day"


class PhoneField(LineField):
    """A telephone number; one without a country is Peruvian. `e164` holds it when it is valid."""

    def __init__(self, label: object, **kwargs: Any) -> None:
        checks = [DataRequired(_l("Escriba su número de teléfono."))]
        attributes = {"type": "tel", "autocomplete": "tel", "inputmode": "tel", "maxlength": 40}
        super().__init__(label, checks, render_kw=attributes, **kwargs)
        self.e164 = ""

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        if validation_stopped or self.errors:
            return
        try:
            self.e164 = normalise_phone(self.data or "").e164
        except IdentifierRefused as refused:
            raise ValidationError(_refusal(refused.code)) from None


def _refusal(code: str) -> str:
    if code == "kind":
        return str(_("No podemos llamar a ese tipo de número. Escriba un fijo o un celular."))
    return str(_("Revise el número. Por ejemplo: 969 782 160, (01) 739-0054 o +34 612 345 678."))


class GuestForm(Form):
    """The base of a form for visitors. Hand it out with `hand_out`, judge it with `accepts`."""

    token = HiddenField(filters=[clean_token])
    sello = HiddenField()
    #: No name that a program which fills in addresses would know.
    nota_vacia = StringField()

    def hand_out(self, now: datetime) -> None:
        """Give the form a new token and the seal that says it was given at `now`."""
        self.token.data = new_token()
        self.sello.data = seal(self.token.data, now)

    def accepts(self, now: datetime) -> bool:
        """Whether everything is right, no trap was touched, and people can write that fast.

        A form with a broken seal gets a new one; what was typed stays.
        """
        is_valid = self.validate()
        is_trapped = bool(self.nota_vacia.data)
        opened = opened_at(self.token.data or "", self.sello.data or "")
        if opened is None:
            self.hand_out(now)
            self.sello.errors = [
                _("El formulario venció. Revise lo que escribió y envíelo de nuevo.")
            ]
        elif now - opened < QUICKEST:
            self.sello.errors = [_("Llegó muy rápido. Revise lo que escribió y envíelo de nuevo.")]
        elif is_trapped:
            # A program that fills in forms may have done it for a person: they can send it again.
            self.sello.errors = [
                _("Un programa llenó un campo que no se ve. Revise lo demás y envíelo de nuevo.")
            ]
        return is_valid and not self.sello.errors


def seal(token: str, now: datetime) -> str:
    """A signed note that the form `token` was handed out at `now`."""
    return str(_signer().dumps([token, now.timestamp()]))


def opened_at(token: str, signed: str) -> datetime | None:
    """When the form was handed out; None when the seal is not ours or of another form."""
    try:
        sealed, seconds = _signer().loads(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if token and sealed == token else None


def sent_token() -> str:
    """The token of the form that was sent; '' when it is none of ours."""
    return clean_token(request.form.get("token"))


def made_something(response: Response) -> bool:
    """Whether a limit counts this answer: only what was accepted, never a mistyped form."""
    return response.status_code == 303


def address_key() -> str:
    """The key of limits by mail address: its hash, so that no table lists addresses."""
    return token_hash(request.form.get("correo", "").strip().casefold())


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="guest-form")
