"""Who may do what: one table of pure predicates (DESIGN section 3, R10).

A predicate takes the actor (None for a visitor) and plain facts. It never asks the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff does. Roles add up."""

    TECHNICIAN = "technician"
    EDITOR = "editor"
    SALES = "sales"
    ADMINISTRATOR = "admin"


class Right(StrEnum):
    """What a member of a customer's company may do."""

    SEE_COMPANY_TICKETS = "see_company_tickets"
    OPEN_INCIDENTS = "open_incidents"
    OPEN_REQUESTS = "open_requests"
    AUTHORISE_ACCESS = "authorise_access"
    ASK_QUOTES = "ask_quotes"
    MANAGE_MEMBERS = "manage_members"


PRESETS: Mapping[str, frozenset[Right]] = {
    "administrador": frozenset(Right),
    "tecnico": frozenset(
        {
            Right.SEE_COMPANY_TICKETS,
            Right.OPEN_INCIDENTS,
            Right.OPEN_REQUESTS,
            Right.AUTHORISE_ACCESS,
        }
    ),
    "facturacion": frozenset({Right.OPEN_REQUESTS, Right.ASK_QUOTES}),
    "lectura": frozenset({Right.SEE_COMPANY_TICKETS}),
}


@dataclass(frozen=True)
class Actor:
    """The signed-in person as the rules see them."""

    person_id: int
    name: str
    email: str
    company_id: int | None = None
    company_name: str = ""
    rights: frozenset[str] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)
    is_confirmed: bool = True
    locale: str = "es"

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    @property
    def is_customer(self) -> bool:
        return self.company_id is not None and not self.roles


def _has_role(actor: Actor | None, *roles: Role) -> bool:
    return actor is not None and not actor.roles.isdisjoint(roles)


def _has_right(actor: Actor | None, right: Right) -> bool:
    return actor is not None and actor.is_customer and right in actor.rights


def may_work_desk(actor: Actor | None) -> bool:
    """Take the next ticket, reply, note, classify."""
    return _has_role(actor, Role.TECHNICIAN)


def may_read_desk(actor: Actor | None) -> bool:
    """Read the queue and threads; anyone on the desk, and administrators."""
    return _has_role(actor, Role.TECHNICIAN, Role.ADMINISTRATOR)


def may_edit_canned_answers(actor: Actor | None) -> bool:
    """Write, change and archive the texts that replies begin with."""
    return _has_role(actor, Role.TECHNICIAN, Role.ADMINISTRATOR)


def may_edit_articles(actor: Actor | None) -> bool:
    return _has_role(actor, Role.EDITOR)


def may_read_internal(actor: Actor | None) -> bool:
    """Find and read the articles that are for staff alone."""
    return _has_role(actor, Role.TECHNICIAN, Role.EDITOR, Role.ADMINISTRATOR)


def may_read_answers_report(actor: Actor | None) -> bool:
    """Read what became of the answers that were shown: who answers, who writes, who runs it."""
    return _has_role(actor, Role.TECHNICIAN, Role.EDITOR, Role.ADMINISTRATOR)


def may_sell(actor: Actor | None) -> bool:
    return _has_role(actor, Role.SALES)


def may_answer_calls(actor: Actor | None) -> bool:
    """Callbacks are worked by the desk."""
    return _has_role(actor, Role.TECHNICIAN)


def may_answer_chat(actor: Actor | None) -> bool:
    """Be on duty for the chat, and talk there."""
    return _has_role(actor, Role.TECHNICIAN)


def may_read_old_chats(actor: Actor | None) -> bool:
    """Find and read conversations that ended; an open one is its technician's alone."""
    return may_read_desk(actor)


def may_administer(actor: Actor | None) -> bool:
    """People, companies, settings, conditions, audit, failed jobs."""
    return _has_role(actor, Role.ADMINISTRATOR)


def may_use_tickets(actor: Actor | None) -> bool:
    """Have a list of tickets at all: every customer, whatever their rights."""
    return actor is not None and actor.is_customer


def may_open(actor: Actor | None, *, incident: bool) -> bool:
    """File a ticket of this typology."""
    return _has_right(actor, Right.OPEN_INCIDENTS if incident else Right.OPEN_REQUESTS)


def may_open_any(actor: Actor | None) -> bool:
    return may_open(actor, incident=True) or may_open(actor, incident=False)


def may_see_ticket(
    actor: Actor | None, *, company_id: int, author_id: int, participates: bool = False
) -> bool:
    """A customer sees their own, those they take part in, and the company's with the right;
    the desk sees all."""
    if may_read_desk(actor):
        return True
    if actor is None or not actor.is_customer or actor.company_id != company_id:
        return False
    own = actor.person_id == author_id or participates
    return own or Right.SEE_COMPANY_TICKETS in actor.rights


def may_write_in_ticket(
    actor: Actor | None, *, company_id: int, author_id: int, participates: bool = False
) -> bool:
    """Reply as a customer: whoever opened it or takes part, or a colleague who may open tickets."""
    if actor is None or not actor.is_customer:
        return False
    if not may_see_ticket(
        actor, company_id=company_id, author_id=author_id, participates=participates
    ):
        return False
    return actor.person_id == author_id or participates or may_open_any(actor)


def may_add_participant(
    actor: Actor | None, *, company_id: int, author_id: int, participates: bool = False
) -> bool:
    """Let a colleague of the author take part: whoever may write in the ticket, and the desk."""
    return may_work_desk(actor) or may_write_in_ticket(
        actor, company_id=company_id, author_id=author_id, participates=participates
    )


def may_take_out_participant(
    actor: Actor | None, *, company_id: int, author_id: int, person_id: int
) -> bool:
    """End somebody's part in a ticket: themselves, the author, who manages members, the desk."""
    if may_work_desk(actor):
        return True
    if actor is None or not actor.is_customer or actor.company_id != company_id:
        return False
    return actor.person_id in {person_id, author_id} or Right.MANAGE_MEMBERS in actor.rights


def may_ask_quotes(actor: Actor | None) -> bool:
    """Ask for a quote: visitors, staff for somebody on the telephone, members with the right."""
    return actor is None or actor.is_staff or _has_right(actor, Right.ASK_QUOTES)


def may_have_quotes(actor: Actor | None) -> bool:
    """Have a list of quotes at all: every customer, whatever their rights."""
    return actor is not None and actor.is_customer


def may_see_quote(actor: Actor | None, *, company_id: int | None, person_id: int | None) -> bool:
    """Read and answer a quote as a customer: one's own, and the company's with the right.

    Sales has a door of its own; whoever holds the private link needs none.
    """
    if actor is None or not actor.is_customer:
        return False
    if person_id is not None and actor.person_id == person_id:
        return True
    return company_id is not None and actor.company_id == company_id and may_ask_quotes(actor)


def may_authorise_access(actor: Actor | None, *, company_id: int) -> bool:
    """Give the access of R12 in the company's name.

    Needs a confirmed address: until then anybody may have typed this name and company.
    """
    if actor is None or actor.company_id != company_id or not actor.is_confirmed:
        return False
    return _has_right(actor, Right.AUTHORISE_ACCESS)


def may_see_members(actor: Actor | None) -> bool:
    """Read who belongs to the company and what they may do: every customer."""
    return actor is not None and actor.is_customer


def may_manage_members(actor: Actor | None) -> bool:
    """Invite colleagues and set their rights. Needs a confirmed address: invitations are mails."""
    return actor is not None and actor.is_confirmed and _has_right(actor, Right.MANAGE_MEMBERS)


def may_grant(actor: Actor | None, rights: frozenset[str]) -> bool:
    """Nobody gives a right that they do not hold themselves."""
    return actor is not None and may_manage_members(actor) and rights <= actor.rights


def may_read_secret(actor: Actor | None, *, holder_id: int | None, in_attention: bool) -> bool:
    """See what a customer keeps encrypted: the technician who holds the ticket, while they do."""
    return (
        actor is not None
        and may_work_desk(actor)
        and in_attention
        and (actor.person_id == holder_id)
    )


def may_remove_secret(actor: Actor | None, *, author_id: int | None, company_id: int) -> bool:
    """Wipe it at once: whoever wrote it, or a colleague who answers for the company's access."""
    if actor is None:
        return False
    return actor.person_id == author_id or may_authorise_access(actor, company_id=company_id)
