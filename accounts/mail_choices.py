"""Which mails a person may do without: one pure table. What is not in it is essential.

Essential is what somebody must know: security, invitations, the answers to their own tickets.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class MailKind(StrEnum):
    """A kind of mail that can be stopped; its name stands in addresses."""

    RECEIPTS = "recibos"
    PLACE = "lugar"
    COLLEAGUES = "colegas"
    OUTAGES = "averias"
    CUSTOMER_WROTE = "cliente"
    ACCESS = "accesos"
    MENTIONS = "menciones"
    FAILURES = "fallas"


#: Mails that are always of one kind. Those of a ticket that go to colleagues say so themselves.
KINDS: Mapping[str, MailKind] = {
    "ticket_filed": MailKind.RECEIPTS,
    "ticket_queued": MailKind.PLACE,
    "ticket_reclassified": MailKind.PLACE,
    "mentioned": MailKind.MENTIONS,
    "jobs_failed": MailKind.FAILURES,
}
CUSTOMERS = (MailKind.RECEIPTS, MailKind.PLACE, MailKind.COLLEAGUES, MailKind.OUTAGES)
DESK = (MailKind.CUSTOMER_WROTE, MailKind.ACCESS, MailKind.MENTIONS)


def kind_of(name: str) -> MailKind | None:
    """The kind of a mail by its template; None for an essential one."""
    return KINDS.get(name)


def kinds_for(*, is_customer: bool, reads_desk: bool, administers: bool) -> tuple[MailKind, ...]:
    """The kinds that can reach such a person, in the order of their page."""
    customers = CUSTOMERS if is_customer else ()
    desk = DESK if reads_desk else ()
    return (*customers, *desk, *((MailKind.FAILURES,) if administers else ()))
