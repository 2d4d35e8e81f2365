"""The forms that look for tickets. They are sent by GET, so nothing in them can fail hard."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.permissions import Actor, Right
from core.clock import LIMA
from core.web import Form, LineField
from kb.index import MAX_QUERY_CHARS
from tickets.finding.queries import Criteria
from tickets.finding.terms import clauses_of
from tickets.lifecycle import OPEN_STATES, State
from tickets.policy import Policy, Typology
from tickets.words import affection_label, state_label, typology_label

NAME_LIMIT = 100
#: Dates outside are slips of the finger, and some of them no calendar can turn into UTC.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
TYPOLOGIES = {"incidencia": Typology.INCIDENT, "peticion": Typology.REQUEST}


def _line(label: Any, limit: int, **attributes: Any) -> LineField:
    too_long = __("Use hasta %(n)s caracteres.", n=limit)
    return LineField(
        label,
        [Length(max=limit, message=too_long)],
        render_kw={"maxlength": limit, "autocomplete": "off", **attributes},
    )


def _one_of(label: Any) -> SelectField:
    return SelectField(label, default="", choices=[])


class _DayField(DateField):
    """A day. What is none is not sent back: a browser's date box cannot show it."""

    def _value(self) -> str:
        return str(super()._value()) if self.data else ""


def _day(label: Any) -> DateField:
    return _DayField(label, [Optional()])


class FindForm(Form):
    """What both sides ask for: words and dates."""

    q = _line(__("Número o palabras"), MAX_QUERY_CHARS, enterkeyhint="search")
    afeccion = _one_of(__("Afección"))
    desde = _day(__("Llegó desde"))
    hasta = _day(__("Llegó hasta"))

    def offer_affections(self, policy: Policy) -> None:
        """The affections of the policy in force."""
        labels = [(code, affection_label(code)) for code in policy.affections]
        self.afeccion.choices = [("", _("Todas")), *labels]

    def validate_q(self, field: Any) -> None:
        if field.data and not clauses_of(field.data):
            raise ValidationError(_("Añada una palabra: con éstas solas no se puede buscar."))

    def validate_desde(self, field: Any) -> None:
        _check_day(field)

    def validate_hasta(self, field: Any) -> None:
        _check_day(field)
        if field.data and self.desde.data and self.desde.data > field.data:
            raise ValidationError(_("Es anterior a «desde»."))

    def check(self) -> None:
        """Find what is wrong, and say it in the reader's words."""
        self.validate()
        for field in (self.desde, self.hasta):
            if field.process_errors:
                field.errors = [_("Escriba la fecha como 2026-03-31.")]
        for field in self:
            if field.errors and isinstance(field, SelectField):
                field.errors = [_("Elija una de la lista.")]

    def good(self, name: str) -> Any:
        """What a field asks for; nothing when it is empty or wrong."""
        field = self[name]
        return None if field.errors or not field.data else field.data

    @property
    def is_used(self) -> bool:
        """Whether anything was asked for, rightly or not."""
        return any(field.raw_data and any(field.raw_data) for field in self)

    def asked(self) -> dict[str, Any]:
        """What was sent, as it is repeated in links to further pages."""
        return {f.name: list(f.raw_data) for f in self if f.raw_data and any(f.raw_data)}

    def asks_besides(self, *names: str) -> bool:
        """Whether more was asked for than these fields."""
        return bool(self.asked().keys() - set(names))

    def _common(self) -> dict[str, Any]:
        return {
            "words": clauses_of(self.good("q") or ""),
            "affection": self.good("afeccion") or "",
            "opened_from": _start(self.good("desde")),
            "opened_before": _start(self.good("hasta"), days=1),
        }


def _check_day(field: Any) -> None:
    if field.data and not FIRST_DAY <= field.data < LAST_DAY:
        raise ValidationError(_("Escriba un año entre 2000 y 2099."))


def _start(day: date | None, *, days: int = 0) -> datetime | None:
    """When a day begins on a Peruvian wall clock."""
    return datetime.combine(day + timedelta(days=days), time(), LIMA) if day else None


class DeskFindForm(FindForm):
    """The desk finds by everything it knows of a ticket."""

    empresa = _line(__("Empresa"), NAME_LIMIT)
    persona = _line(__("Persona o correo"), NAME_LIMIT)
    estado = SelectMultipleField(
        __("Estado"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    tipologia = _one_of(__("Tipología"))
    tecnico = _one_of(__("Técnico"))

    def offer(self, policy: Policy, technicians: list[tuple[int, str]]) -> None:
        """Fill in what can be chosen."""
        self.offer_affections(policy)
        self.estado.choices = [(state.value, desk_state(state.value)) for state in State]
        self.tipologia.choices = [
            ("", _("Todas")),
            *((code, typology_label(kind)) for code, kind in TYPOLOGIES.items()),
        ]
        people = [(str(person_id), name) for person_id, name in technicians]
        self.tecnico.choices = [("", _("Cualquiera")), *people]

    def criteria(self) -> Criteria:
        """What is looked for: every field that is right."""
        technician = self.good("tecnico")
        return Criteria(
            **self._common(),
            company=self.good("empresa") or "",
            person=self.good("persona") or "",
            states=frozenset(self.good("estado") or ()),
            typology=TYPOLOGIES.get(self.good("tipologia") or ""),
            technician_id=int(technician) if technician else None,
        )


def desk_state(state: str) -> str:
    """The state as the desk reads it: it waits for the customer, not for the reader."""
    return _("Espera al cliente") if state == State.WAITING else state_label(state)


OPEN, ALL = "abiertos", "todos"


class CustomerFindForm(FindForm):
    """A customer finds among what they may see."""

    estado = SelectField(__("Estado"), default=OPEN, choices=[])
    de = _one_of(__("Quién lo abrió"))

    def offer(self, policy: Policy, actor: Actor) -> None:
        """Fill in what can be chosen; what a member may not see is not offered."""
        self.offer_affections(policy)
        self.estado.choices = [
            (OPEN, _("Abiertos")),
            (ALL, _("Todos")),
            *((state.value, state_label(state.value)) for state in State),
        ]
        everybody = (
            _("Todos los de mi empresa")
            if Right.SEE_COMPANY_TICKETS in actor.rights
            else _("Todos los que puedo ver")
        )
        self.de.choices = [
            ("", everybody),
            ("mios", _("Los abrí yo")),
            ("participo", _("De un colega, y participo")),
        ]

    def criteria(self, actor: Actor) -> Criteria:
        """What is looked for: every field that is right."""
        whose, state = self.good("de"), self.good("estado") or OPEN
        states = OPEN_STATES if state == OPEN else frozenset() if state == ALL else {State(state)}
        return Criteria(
            **self._common(),
            states=frozenset(one.value for one in states),
            author_id=actor.person_id if whose == "mios" else None,
            participant_id=actor.person_id if whose == "participo" else None,
        )
