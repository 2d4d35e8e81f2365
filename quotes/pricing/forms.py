"""The forms of a quote: its head, its lines, sending it, and the filters of the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from accounts.addresses import canonical
from core.identifiers import IdentifierRefused, display_phone, normalise_phone
from core.tokens import clean_token
from core.web import Form, LineField, TextField, readable
from core.wording import clean_line
from quotes.money import Currency, MoneyRefused
from quotes.policy import Discount
from quotes.pricing.drafting import QuoteText
from quotes.pricing.models import QuoteVersion
from quotes.pricing.sheet import Read, Typed, discount_text, parse_discount
from quotes.refusal_words import discount_refusal, money_refusal, quantity_refusal
from quotes.ruc_forms import RucField

TEXT_LENGTH = 5_000
LAST_DAY = date(2100, 1, 1)
_COLUMNS = ("descripcion", "cantidad", "precio", "descuento", "plan")


class DayField(DateField):
    """A day; what is none is said once, in words."""

    def __init__(self, label: Any, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, [readable, *validators], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value for value in valuelist if value])
        except ValueError:
            self.data = None
            raise ValueError(_("Escriba un día del calendario.")) from None


class EmailField(LineField):
    """A mail address; `address` is its canonical form when it is valid."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        checks = [DataRequired(_l("Escriba el correo."))]
        super().__init__(label, checks, render_kw={"type": "email", "maxlength": 254}, **kwargs)
        self.address = ""

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        if validation_stopped or self.errors:
            return
        try:
            self.address = canonical(self.data or "")
        except ValueError:
            raise ValidationError(_("Revise el correo. Por ejemplo: nombre@empresa.pe.")) from None


class HeadForm(Form):
    """A quote without its lines."""

    formulario = HiddenField(filters=[clean_token])
    revision = HiddenField()
    moneda = SelectField(
        _l("Moneda"),
        choices=[
            SelectChoice(Currency.PEN.value, _l("Soles (S/)")),
            SelectChoice(Currency.USD.value, _l("Dólares (US$)")),
        ],
        validators=[DataRequired(_l("Elija una moneda."))],
    )
    contacto = LineField(
        _l("Contacto"),
        [DataRequired(_l("Escriba a quién va dirigida.")), Length(max=120)],
        render_kw={"maxlength": 120},
    )
    correo = EmailField(_l("Correo"))
    telefono = LineField(_l("Teléfono"), [Optional()], render_kw={"type": "tel", "maxlength": 40})
    empresa = LineField(_l("Empresa"), [Length(max=160)], render_kw={"maxlength": 160})
    ruc = RucField()
    vence: Any = DayField(_l("Válida hasta"), [DataRequired(_l("Escriba hasta qué día vale."))])
    descuento_total = LineField(
        _l("Descuento sobre el total"),
        [Length(max=40)],
        render_kw={"maxlength": 40, "autocomplete": "off"},
    )
    condiciones = TextField(_l("Condiciones"), [Length(max=TEXT_LENGTH)], render_kw={"rows": 5})
    notas = TextField(_l("Nota para el cliente"), [Length(max=TEXT_LENGTH)], render_kw={"rows": 3})
    internas = TextField(_l("Notas internas"), [Length(max=TEXT_LENGTH)], render_kw={"rows": 3})

    discount = Discount()
    phone = ""

    def validate_telefono(self, field: LineField) -> None:
        try:
            self.phone = normalise_phone(field.data or "").e164
        except IdentifierRefused:
            raise ValidationError(_("Revise el número, o déjelo vacío.")) from None

    def validate_vence(self, field: DayField) -> None:
        if field.data and not date(2000, 1, 1) <= field.data <= LAST_DAY:
            raise ValidationError(_("Escriba un día del calendario."))

    def validate_descuento_total(self, field: LineField) -> None:
        try:
            self.discount = parse_discount(field.data or "")
        except MoneyRefused:
            raise ValidationError(discount_refusal()) from None

    def text(self, lines: Sequence[Read]) -> QuoteText:
        """What a valid form says."""
        return QuoteText(
            currency=self.moneda.data,
            contact=self.contacto.data or "",
            email=self.correo.address,
            valid_until=self.vence.data,
            phone=self.phone,
            customer=self.empresa.data or "",
            ruc=self.ruc.digits,
            discount=self.discount,
            conditions=(self.condiciones.data or "").strip(),
            notes=(self.notas.data or "").strip(),
            internal_notes=(self.internas.data or "").strip(),
            lines=lines,
        )

    def show(self, version: QuoteVersion) -> None:
        """Fill it in with what is stored."""
        self.revision.data = str(version.revision)
        self.moneda.data, self.contacto.data = version.currency, version.contact
        self.correo.data, self.empresa.data = version.email, version.customer
        self.telefono.data = display_phone(version.phone)
        self.ruc.data, self.vence.data = version.ruc, version.valid_until
        self.descuento_total.data = discount_text(version.whole_discount)
        self.condiciones.data, self.notas.data = version.conditions, version.notes
        self.internas.data = version.internal_notes


def typed_lines(form: MultiDict[str, str]) -> list[Typed]:
    """The lines that were sent, in their order."""
    columns = [[clean_line(text, 1000) for text in form.getlist(key)] for key in _COLUMNS]
    return [Typed(*row) for row in zip(*columns, strict=False)]


def line_errors(rows: Sequence[Typed]) -> list[tuple[str, str]]:
    """(id of the control, words) for the summary on top."""
    return [
        (f"linea-{place}-{column}", f"{_('Línea %(n)s', n=place + 1)}: {line_error(column, code)}")
        for place, row in enumerate(rows)
        for column, code in row.errors.items()
    ]


def line_error(column: str, code: str) -> str:
    """What is wrong with a column of a line."""
    if column == "description":
        return _("Use hasta 300 caracteres.") if code == "too_long" else _("Diga qué es.")
    if column == "quantity":
        return quantity_refusal()
    return money_refusal(MoneyRefused(code)) if column == "price" else discount_refusal()


class SendForm(Form):
    """The address a quote goes to, confirmed by whoever sends it."""

    revision = HiddenField()
    correo = EmailField(_l("Se envía a"))


class AnswerForm(Form):
    """What sales answers to a question."""

    respuesta = TextField(
        _l("Respuesta"),
        [DataRequired(_l("Escriba la respuesta.")), Length(max=TEXT_LENGTH)],
        render_kw={"rows": 4, "maxlength": TEXT_LENGTH},
    )
