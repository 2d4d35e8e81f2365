"""What administrators read of a table of head starts and of what it would change."""

from __future__ import annotations

from flask_babel import gettext as _

from tickets.policy import Typology
from tickets.policy_changes import Cause, Changes, Move
from tickets.words import duration


def why_it_moves(move: Move) -> str:
    """Whose head starts put a ticket in another place."""
    was = move.was.affection_head_start + move.was.mark_head_start
    becomes = move.becomes.affection_head_start + move.becomes.mark_head_start
    own = _("Su adelanto: %(was)s → %(becomes)s", was=duration(was), becomes=duration(becomes))
    if move.cause == Cause.OWN:
        return own
    if move.cause == Cause.OTHERS:
        return _("Otros adelantan más") if move.places < 0 else _("Otros adelantan menos")
    others = _("otros ganan más") if move.places < 0 else _("otros pierden más")
    return _("%(own)s, y %(others)s", own=own, others=others)


def furthest(changes: Changes) -> list[tuple[str, Move]]:
    """Who would gain and who would lose most places within each typology, in words."""
    named = (
        (_("Incidencia que más adelanta"), changes.furthest_up(Typology.INCIDENT)),
        (_("Incidencia que más retrocede"), changes.furthest_down(Typology.INCIDENT)),
        (_("Petición que más adelanta"), changes.furthest_up(Typology.REQUEST)),
        (_("Petición que más retrocede"), changes.furthest_down(Typology.REQUEST)),
    )
    return [(words, move) for words, move in named if move is not None]
