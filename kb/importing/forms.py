"""The form by which editors send a file of articles."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import InputRequired, ValidationError

from core.files import display_name
from core.web import Form


class ImportForm(Form):
    """`name` and `content` hold the file after `validate`."""

    archivo = FileField(
        _l("Archivo"),
        description=_l("ZIP de archivos Markdown, JSON de Zendesk o CSV. Hasta 25 MB."),
        validators=[InputRequired(_l("Elija un archivo."))],
        render_kw={"accept": ".zip,.json,.csv,.tsv,.txt"},
    )
    name = ""
    content = b""

    def validate_archivo(self, field: FileField) -> None:
        """A file was chosen, and it is not empty."""
        sent = field.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            raise ValidationError(_l("Elija un archivo."))
        self.name = display_name(sent.filename)
        self.content = sent.read()
        if not self.content:
            raise ValidationError(_l("El archivo está vacío."))
