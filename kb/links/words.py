"""What is wrong with a link, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from kb.links.queries import Why


def why_broken(why: Why) -> str:
    """A sentence for editors."""
    return {
        Why.NO_ARTICLE: _("Ningún artículo tiene esa dirección."),
        Why.HIDDEN: _("Ese artículo no está publicado."),
        Why.STAFF: _("Ese artículo es sólo para el personal."),
        Why.MOVED: _("Ese artículo cambió de dirección; el enlace todavía llega."),
        Why.NO_ANCHOR: _("Ese artículo no tiene esa sección."),
        Why.NO_CATEGORY: _("Esa categoría no existe."),
        Why.NO_IMAGE: _("Esa imagen no existe."),
        Why.NO_PAGE: _("Esa página no existe en el sitio."),
        Why.BAD: _("La dirección está mal escrita o incompleta."),
    }[why]
