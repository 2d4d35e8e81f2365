"""Why a verb of tickets was refused; the words for people are made where they are shown."""

from __future__ import annotations


class NotAllowed(Exception):
    """The actor may not do this; `reason` is one of the words below."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConditionsChanged(Exception):
    """Other conditions than those in force were shown to whoever files (R12)."""


class Incomplete(Exception):
    """The draft lacks what a ticket needs."""


class ThreadMoved(Exception):
    """Others wrote in the thread after what the writer of a reply had read; nothing was stored."""


class TooLateToUndo(Exception):
    """The customer may have the reply already; nothing was changed."""


class HoldsEnough(Exception):
    """The technician already has as many tickets in attention as the setting allows."""


class WrongPerson(Exception):
    """The colleague cannot take it over: no active technician, or the holder themselves."""


class SameAffection(Exception):
    """The ticket has this afección already."""


class CannotMerge(Exception):
    """`reason`: same, company, ended, typology or holder; late: the day to undo it is over."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
