"""The field of an afección, for every form of the desk that asks for one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import SelectField
from wtforms.validators import ValidationError

from tickets.words import affection_label


class AffectionField(SelectField):
    """One of the afecciones that `offer` named; anything else is refused with the words `wrong`."""

    def __init__(
        self, label: object = None, *, wrong: object = __("Elija la afección."), **kwargs: Any
    ) -> None:
        super().__init__(label or __("Afección"), validate_choice=False, default="", **kwargs)
        self.flags.required = True
        self.wrong = wrong

    def offer(self, codes: Iterable[str]) -> None:
        self.choices = [("", _("Elija")), *((code, affection_label(code)) for code in codes)]

    def pre_validate(self, form: object) -> None:
        if self.data not in {value for value, _words in self.choices[1:]}:
            raise ValidationError(self.wrong)
