"""What customers say by another way than the thread becomes part of it (R7).

For features of packages above, inside their own transaction, which guards the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_work_desk
from tickets.actions import customer_wrote, customers_ticket
from tickets.drafts import Upload
from tickets.lifecycle import OPEN_STATES, State, Step, StepNotAllowed, as_customers_see
from tickets.messages import add_message
from tickets.models import Message, Ticket
from tickets.refusals import NotAllowed


def say_in_ticket(
    session: Session,
    *,
    number: int,
    author: Actor,
    text: str,
    form_id: str,
    uploads: Sequence[Upload] = (),
    desk: Actor | None = None,
    now: datetime,
) -> Message | None:
    """Add what `author` said to an open ticket; None when it stands there already.

    It counts as any message of theirs: a waiting ticket goes back to its place. `desk` is the
    technician who puts it there; else its author must be one who may write.
    Raises NotAllowed, and StepNotAllowed for a ticket that is not open.
    """
    if desk is None:
        ticket = customers_ticket(session, number, author)
    else:
        ticket = _companys_ticket(session, number, author, desk)
    if as_customers_see(State(ticket.state), ticket.settles_at, now) not in OPEN_STATES:
        raise StepNotAllowed(State(ticket.state), Step.ANSWER)
    message = add_message(
        session,
        ticket,
        actor=author,
        text=text,
        form_id=form_id,
        uploads=uploads,
        now=now,
        from_staff=False,
    )
    if message is not None:
        customer_wrote(ticket, message, author, now)
    return message


def _companys_ticket(session: Session, number: int, author: Actor, desk: Actor) -> Ticket:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None or not may_work_desk(desk) or ticket.company_id != author.company_id:
        raise NotAllowed("desk")
    return ticket
