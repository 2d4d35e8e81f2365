"""Forms whose text customers read: one that promises a time is stopped once (R4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import HiddenField
from wtforms.validators import ValidationError

from core.promises import agreed_sentence, find_promise, put_agreed
from core.tokens import clean_token, once_key
from core.web import Form, TextField

#: A longer text is mended by the server alone: the page would hold it twice.
MENDED_IN_PAGE = 20_000


def no_promise(_form: Form, field: Any) -> None:
    """For a line that customers read and that nobody can change afterwards."""
    phrase = find_promise(field.data or "")
    if phrase:
        raise ValidationError(_("Promete un tiempo: «%(phrase)s».", phrase=phrase))


@dataclass(frozen=True)
class Stopped:
    """Why a form was stopped. `mended` is the text of field `box` with the agreed sentence in
    place; both are '' where there is no room for it."""

    phrase: str
    agreed: str
    box: str
    mended: str


class NoPromiseForm(Form):
    """Judges the fields named in `judged`, once they are valid in every other way.

    The confirmation (`promesa`) is bound to the very text: the same text sent again passes, and
    `promised` says so; a changed one is judged anew. `acuerdo` asks to put the agreed sentence
    in place: nothing is sent then, and `status` is that of a page that is shown again.
    """

    promesa = HiddenField(filters=[clean_token])
    acuerdo = HiddenField()

    judged: ClassVar[tuple[str, ...]] = ("texto",)
    stopped: Stopped | None = None
    promise_key = ""
    promised = False

    @property
    def helped(self) -> bool:
        return bool(self.acuerdo.data)

    @property
    def status(self) -> int:
        return 200 if self.helped else 422

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether the form may be stored; False too when it asked for the agreed sentence."""
        valid: bool = super().validate(extra_validators)
        fields = [self[name] for name in self.judged if not self[name].errors]
        if self.helped:
            for field in fields:
                if isinstance(field, TextField):
                    field.data = put_agreed(field.data or "")
            for field in self:
                field.errors = ()
            return False
        return self._judged(fields) and valid

    def _judged(self, fields: Sequence[Any]) -> bool:
        told = [(field, find_promise(field.data or "")) for field in fields]
        found = next(((field, phrase) for field, phrase in told if phrase), None)
        if found is None:
            return True
        field, phrase = found
        # White space is no change: browsers and the filters of a field differ in it.
        self.promise_key = once_key("promesa", *(" ".join((f.data or "").split()) for f in fields))
        self.promised = self.promesa.data == self.promise_key
        if not self.promised:
            self.stopped = self._stopped(field, str(phrase))
            field.errors = [_("Promete un tiempo: «%(phrase)s».", phrase=phrase)]
        return self.promised

    def _stopped(self, field: Any, phrase: str) -> Stopped:
        text = field.data or ""
        roomy = isinstance(field, TextField)
        short = roomy and len(text) <= MENDED_IN_PAGE
        return Stopped(
            phrase=phrase,
            agreed=agreed_sentence(text),
            box=field.id if roomy else "",
            mended=put_agreed(text) if short else "",
        )
