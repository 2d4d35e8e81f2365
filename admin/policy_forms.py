"""The form that proposes another table of head starts: hours and minutes, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from core.tokens import clean_token
from core.web import Form, TextField, clean_number, readable
from tickets.policy import MAX_HEAD_START, Affection, Mark, Policy, PolicyError
from tickets.words import affection_label, mark_label

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_MOST_HOURS = MAX_HEAD_START // _HOUR


@dataclass(frozen=True)
class Row:
    """One head start of the form: what it is of, what counts now, and its two fields."""

    name: str
    label: str
    typology: int | None
    now: timedelta
    hours: Field
    minutes: Field

    @property
    def span(self) -> timedelta:
        """What a valid form asks for."""
        return self.hours.data * _HOUR + self.minutes.data * _MINUTE


class ProposalForm(Form):
    """A table written from the one in force (`desde`); the fields of its rows are made for it."""

    motivo = TextField(
        _l("Por qué se cambia"),
        [
            DataRequired(_l("Escriba el motivo.")),
            Length(max=500, message=_l("Hasta 500 caracteres.")),
        ],
        render_kw={"rows": 3, "maxlength": 500},
    )
    desde = HiddenField()
    formulario = HiddenField()
    vista = HiddenField()
    in_force: Policy

    @property
    def base(self) -> int:
        """The version that it was written from."""
        return clean_number(self.desde.data) or 0

    @property
    def form_id(self) -> str:
        return clean_token(self.formulario.data)

    @property
    def affections(self) -> list[Row]:
        return [
            self._row(code, affection_label(code), int(one.typology), one.head_start)
            for code, one in self.in_force.affections.items()
        ]

    @property
    def marks(self) -> list[Row]:
        return [
            self._row(mark.value, mark_label(mark.value), None, start)
            for mark, start in self.in_force.marks.items()
        ]

    def _row(self, name: str, label: str, typology: int | None, now: timedelta) -> Row:
        return Row(name, label, typology, now, self[f"horas-{name}"], self[f"minutos-{name}"])

    def proposed(self) -> Policy | None:
        """The table of a valid form, as the version after the one it was written from; None,
        with the error on its field, when it cannot order a queue.
        """
        starts = {row.name: row.span for row in self.affections}
        try:
            return Policy(
                self.base + 1,
                {
                    code: Affection(code, one.typology, starts[code])
                    for code, one in self.in_force.affections.items()
                },
                {Mark(row.name): row.span for row in self.marks},
            )
        except PolicyError as error:
            self[f"horas-{error.subject}"].errors = [_policy_error(error.code)]
            return None

    def table_fields(self) -> dict[str, str]:
        """The rows as a GET carries them."""
        fields = (f for row in [*self.affections, *self.marks] for f in (row.hours, row.minutes))
        return {field.name: str(field.data) for field in fields}


def proposal_form(in_force: Policy, formdata: MultiDict[str, str] | None = None) -> ProposalForm:
    """The form for the rows of this table: filled in with it, or with what was sent."""
    fields = {name: field for row in _rows(in_force) for name, field in row}
    made: type[ProposalForm] = type("TableForm", (ProposalForm,), fields)
    data = {
        f"{unit}-{name}": amount
        for name, span in _spans(in_force)
        for unit, amount in (("horas", span // _HOUR), ("minutos", span % _HOUR // _MINUTE))
    }
    form = made(formdata=formdata, data=data)
    form.in_force = in_force
    return form


def _spans(policy: Policy) -> Iterator[tuple[str, timedelta]]:
    yield from ((code, one.head_start) for code, one in policy.affections.items())
    yield from ((mark.value, start) for mark, start in policy.marks.items())


def _rows(policy: Policy) -> Iterator[list[tuple[str, IntegerField]]]:
    labels = {code: affection_label(code) for code in policy.affections}
    labels |= {mark.value: _("Prioridad %(name)s", name=mark_label(mark)) for mark in policy.marks}
    for name, _span in _spans(policy):
        hours = _number(_("%(name)s, horas", name=labels[name]), _MOST_HOURS)
        minutes = _number(_("%(name)s, minutos", name=labels[name]), 59)
        yield [(f"horas-{name}", hours), (f"minutos-{name}", minutes)]


def _number(label: str, most: int) -> IntegerField:
    return IntegerField(
        label,
        [
            InputRequired(_("Escriba un número.")),
            readable,
            NumberRange(0, most, _("Escriba un número de 0 a %(most)s.", most=most)),
        ],
        render_kw={"inputmode": "numeric", "min": 0, "max": most},
    )


def _policy_error(code: str) -> str:
    return {
        "mark_order": _("Una prioridad más alta no puede adelantar menos que la anterior."),
        "too_large": _("El adelanto no puede pasar de 30 días."),
    }.get(code, _("Revise este adelanto."))
