"""Who else is at a ticket, in words."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from tickets.workbench.models import Presence


def presence_line(others: Sequence[Presence]) -> str:
    """A sentence a person; '' when nobody else is there."""
    return " ".join(
        _("%(name)s está escribiendo.", name=one.person.name)
        if one.writing
        else _("%(name)s también lo está viendo.", name=one.person.name)
        for one in others
    )
