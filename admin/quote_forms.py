"""The form of what an administrator sets for quotes."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    ValidationError,
)

from core.web import Form, LineField, TextField, readable
from quotes.money import MoneyRefused, format_percent, parse_percent
from quotes.ruc_forms import RucField
from quotes.terms import Terms


class QuoteTermsForm(Form):
    """Tax, who we are on paper, how long prices hold."""

    igv = LineField(
        _l("IGV"), [DataRequired(_l("Escriba el porcentaje.")), Length(max=20)],
        render_kw={"inputmode": "decimal", "maxlength": 20},
    )  # fmt: skip
    razon_social = LineField(
        _l("Razón social"), [DataRequired(_l("Escriba la razón social.")), Length(max=160)]
    )
    ruc = RucField()
    direccion = LineField(_l("Dirección"), [Length(max=200)])
    pago = TextField(_l("Forma de pago"), [Length(max=2000)], render_kw={"rows": 5})
    dias = IntegerField(
        _l("Días de validez de una cotización nueva"),
        [
            InputRequired(_l("Escriba un número.")),
            readable,
            NumberRange(1, 365, _l("Escriba un número de 1 a 365.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    condiciones = TextField(
        _l("Condiciones de una cotización nueva"), [Length(max=5000)], render_kw={"rows": 8}
    )

    @classmethod
    def of(cls, terms: Terms) -> QuoteTermsForm:
        """The form as the present terms fill it in."""
        return cls(
            formdata=None,
            data={
                "igv": format_percent(terms.tax_points),
                "razon_social": terms.legal_name,
                "ruc": terms.ruc,
                "direccion": terms.address,
                "pago": terms.payment,
                "dias": terms.valid_days,
                "condiciones": terms.conditions,
            },
        )

    def terms(self) -> Terms:
        """The terms a valid form asks for."""
        return Terms(
            tax_points=parse_percent(self.igv.data or ""),
            legal_name=self.razon_social.data or "",
            ruc=self.ruc.digits or "",
            address=self.direccion.data or "",
            payment=(self.pago.data or "").strip(),
            valid_days=self.dias.data or 0,
            conditions=(self.condiciones.data or "").strip(),
        )

    def validate_igv(self, field: LineField) -> None:
        try:
            parse_percent(field.data or "")
        except MoneyRefused:
            raise ValidationError(
                _("Escriba el porcentaje. Por ejemplo: %(percent)s.", percent="18 %")
            ) from None
