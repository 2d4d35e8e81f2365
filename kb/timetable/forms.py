"""The planned moments of an article, on a Peruvian clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from core.clock import in_lima
from core.web import Form, LineField, MomentField
from kb.forms import is_address
from kb.models import Article

#: Later years are slips of the pen, and the last of all cannot even be stored.
YEARS = range(2000, 2200)


class TimetableForm(Form):
    """When an article is published, expires, and should be looked at again."""

    publicar = MomentField(
        _l("Publicarlo el"), description=_l("Hora de Lima. Vacío: cuando alguien lo publique.")
    )
    vencer = MomentField(
        _l("Archivarlo el"),
        description=_l("Hora de Lima. Vacío: queda hasta que alguien lo archive."),
    )
    revisar = MomentField(
        _l("Volver a revisarlo el"), description=_l("Vacío: según los ajustes del sitio.")
    )

    def validate_publicar(self, field: Any) -> None:
        _sensible(field)

    def validate_vencer(self, field: Any) -> None:
        _sensible(field)

    def validate_revisar(self, field: Any) -> None:
        _sensible(field)

    def show(self, article: Article) -> None:
        """Fill in what is planned."""
        self.publicar.process_data(_minute(article.publish_at))
        self.vencer.process_data(_minute(article.expire_at))
        self.revisar.process_data(_minute(article.review_at))


class AddressForm(Form):
    """Another address for an article that was ever public."""

    direccion = LineField(
        _l("Dirección nueva"),
        description=_l("La anterior seguirá llevando a este artículo."),
        validators=[is_address],
    )


def _sensible(field: Any) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_l("Revise el año."))


def _minute(moment: datetime | None) -> datetime | None:
    return in_lima(moment).replace(tzinfo=None) if moment else None
