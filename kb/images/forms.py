"""The form of a picture."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField
from wtforms.validators import Length, ValidationError

from accounts.access import signed_in_actor
from core.files import CheckedFile
from core.uploads import files_of
from core.web import Form, LineField
from core.wording import clean_line

MAX_ALT = 300
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")


class ImageForm(Form):
    """A picture for articles. `content` holds its bytes after `validate`."""

    imagen = FileField(
        _l("Imagen"),
        description=_l("PNG, JPG, GIF o WebP, hasta 10 MB. Se reduce y pierde sus datos ocultos."),
        render_kw={"accept": "image/png,image/jpeg,image/gif,image/webp"},
    )
    alternativo = LineField(
        _l("Qué se ve en la imagen"),
        description=_l("Lo oye quien no la ve, y se muestra si no carga."),
        validators=[Length(max=MAX_ALT, message=_l("Escriba hasta %(max)d caracteres."))],
        render_kw={"maxlength": MAX_ALT},
    )
    content = b""
    sent_name = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.imagen.flags.required = True

    def validate_imagen(self, field: Any) -> None:
        taken, refused = files_of("imagen", person_id=signed_in_actor().person_id)
        named = clean_line(getattr(field.data, "filename", None) or "", 200)
        # What was sent is not shown again.
        field.data = None
        if refused:
            _must_be_called_image(named)
            raise ValidationError(" ".join(refused))
        if not taken:
            raise ValidationError(_("Elija una imagen."))
        checked, self.content = taken[0]
        self._must_be_image(checked)
        self.sent_name = checked.name

    def _must_be_image(self, checked: CheckedFile) -> None:
        if not checked.is_image:
            raise _no_image(checked.name)


def _must_be_called_image(name: str) -> None:
    if not name.lower().endswith(ENDINGS):
        raise _no_image(name)


def _no_image(name: str) -> ValidationError:
    return ValidationError(
        _("«%(name)s» no es una imagen. Elija un PNG, JPG, GIF o WebP.", name=name)
    )
