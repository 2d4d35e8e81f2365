"""Forms that anybody may send: what keeps robots out without a third party or a puzzle.

A form carries a token, which makes sending it twice one thing. A trap field, which people never
see, gives robots away; how fast it was filled in does not: a browser that knows the answers is
as fast as any robot.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Optional, ValidationError

from core.identifiers import IdentifierRefused, normalise_phone
from core.tokens import clean_token, new_token, token_hash
from core.web import LANGUAGES, Form, LineField

#: Accepted forms from one network, and to one mail address.
PER_CLIENT = "5 per hour"
PER_ADDRESS = "3 per day"


def _extension_line(number: str) -> str:
    return _("Anexo del teléfono: %(number)s", number=number)


def extension_in(text: str) -> str:
    """The extension that `PhoneField.with_extension` put into a text, in whichever language; ''
    where there is none."""
    for language in LANGUAGES:
        with force_locale(language):
            head = _extension_line("")
        found = [line[len(head) :] for line in text.splitlines() if line.startswith(head)]
        if found and found[0].isdigit():
            return found[0]
    return ""


class PhoneField(LineField):
    """A telephone number; one without a country is Peruvian. `e164` holds it when it is valid,
    and '' where it may be left out (`required=False`) and is; `extension` what reaches a person."""

    def __init__(self, label: object, *, required: bool = True, **kwargs: Any) -> None:
        needed = DataRequired(_l("Escriba su número de teléfono."))
        checks: list[Any] = [needed if required else Optional()]
        attributes = {"type": "tel", "autocomplete": "tel", "inputmode": "tel", "maxlength": 40}
        super().__init__(label, checks, render_kw=attributes, **kwargs)
        self.e164 = self.extension = ""

    def with_extension(self, text: str) -> str:
        """A text for whoever calls, and in a line of its own the extension, where one was typed."""
        line = _extension_line(self.extension)
        return f"{text}\n\n{line}".strip() if self.extension else text

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        if validation_stopped or self.errors or not self.data:
            return
        try:
            known = normalise_phone(self.data or "")
        except IdentifierRefused as refused:
            raise ValidationError(_refusal(refused.code)) from None
        self.e164, self.extension = known.e164, known.extension


def _refusal(code: str) -> str:
    if code == "kind":
        return str(_("No podemos llamar a ese tipo de número. Escriba un fijo o un celular."))
    return str(_("Revise el número. Por ejemplo: 969 782 160, (01) 739-0054 o +34 612 345 678."))


class GuestForm(Form):
    """The base of a form for visitors. Hand it out with `hand_out`, judge it with `accepts`."""

    token = HiddenField(filters=[clean_token])
    #: No name that a program which fills in addresses would know.
    nota_vacia = StringField()

    def hand_out(self) -> None:
        """Give the form the token that makes sending it twice one thing."""
        self.token.data = new_token()

    def accepts(self) -> bool:
        """Whether everything is right and no trap was touched. A form that came without a token
        of ours has one afterwards."""
        is_valid = self.validate()
        if not self.token.data:
            self.hand_out()
        if self.nota_vacia.data:
            # A program that fills in forms may have done it for a person: they can send it again.
            self.token.errors = [
                _("Un programa llenó un campo que no se ve. Revise lo demás y envíelo de nuevo.")
            ]
        return is_valid and not self.token.errors


def sent_token() -> str:
    """The token of the form that was sent; '' when it is none of ours."""
    return clean_token(request.form.get("token"))


def made_something(response: Response) -> bool:
    """Whether a limit counts this answer: only what was accepted, never a mistyped form."""
    return response.status_code == 303


def address_key() -> str:
    """The key of limits by mail address: its hash, so that no table lists addresses."""
    return token_hash(request.form.get("correo", "").strip().casefold())
