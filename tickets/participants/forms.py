"""The form that adds a colleague to a ticket."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as __
from wtforms import SelectField
from wtforms.validators import InputRequired

from accounts.models import Person
from core.web import Form


class ParticipantForm(Form):
    """One of the author's colleagues; anybody else is no choice, whoever they are."""

    persona = SelectField(
        __("Colega"),
        [InputRequired(__("Elija a una persona de la lista."))],
        id="participante",
        validate_choice=True,
    )

    def offer(self, candidates: Iterable[Person]) -> ParticipantForm:
        """Fill in who can be chosen."""
        people = [(str(person.id), f"{person.name} · {person.email}") for person in candidates]
        self.persona.choices = [("", __("Elija")), *people]
        return self
