"""What a writer reads about the names in a note."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from tickets.mentions.policy import Misread


def misread_words(misread: Sequence[Misread]) -> list[str]:
    """One sentence for each name that called nobody; the note itself was stored."""
    return [_sentence(one) for one in misread]


def _sentence(one: Misread) -> str:
    if not one.options:
        return _(
            "La nota quedó guardada. No hay nadie en la mesa que se llame @%(name)s.", name=one.name
        )
    return _(
        "La nota quedó guardada, pero @%(name)s puede ser más de una persona: escriba %(options)s.",
        name=one.name,
        options=", ".join(f"@{option}" for option in one.options),
    )
