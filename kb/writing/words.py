"""Who else is at an article, in words."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from kb.writing.models import ArticlePresence


def editing_line(others: Sequence[ArticlePresence]) -> str:
    """A sentence a person; '' when nobody else is there."""
    return " ".join(
        _("%(name)s lo está editando.", name=one.person.name)
        if one.writing
        else _("%(name)s también lo tiene abierto.", name=one.person.name)
        for one in others
    )
