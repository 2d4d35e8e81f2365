"""Taking in one mail: exactly once, whoever hands it over and however often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.sessions import actor_for
from core import mail_log, mail_threads, outbox
from core.db import db, transaction
from tickets.inbound import mailbox, policy, queries
from tickets.inbound.landing import land
from tickets.inbound.models import InboundMail, MailboxTry, MailboxVisit
from tickets.inbound.policy import EXPLAINED, Outcome
from tickets.inbound.reading import Letter, read
from tickets.lifecycle import StepNotAllowed
from tickets.participants.queries import may_write
from tickets.refusals import NotAllowed

EXPLAIN_JOB = "tickets.mail_explained"


def receive(*, raw: bytes, recipients: tuple[str, ...] = (), now: datetime) -> Outcome:
    """Take in the mail in these bytes; `recipients` is whom the server says it is for.

    The same mail again gives what became of it the first time, and nothing is done twice.
    """
    letter = read(raw)
    before = queries.receipt_of(letter.fingerprint)
    if before is not None:
        return Outcome(before.outcome)
    mail = _row(letter, len(raw), now)
    try:
        outcome = _judged(letter, mail, recipients, now)
        if outcome is None:
            return Outcome.LANDED
        mail.outcome = outcome.value
        _store(mail, now)
        return outcome
    except IntegrityError:
        # Another process took in the same mail meanwhile.
        before = queries.receipt_of(letter.fingerprint)
        if before is None:
            raise
        return Outcome(before.outcome)


def _row(letter: Letter, size: int, now: datetime) -> InboundMail:
    return InboundMail(
        fingerprint=letter.fingerprint,
        message_id=letter.message_id[:320],
        sender=letter.sender[:254],
        received_at=now,
        size=size,
        note="",
    )


def _judged(
    letter: Letter, mail: InboundMail, recipients: tuple[str, ...], now: datetime
) -> Outcome | None:
    """What becomes of it; None when it was written into its ticket, with its row."""
    quiet = policy.quiet_end(
        letter.fields, kind=letter.kind, sender=letter.sender, subject=letter.subject
    )
    if quiet == Outcome.BOUNCE:
        _note_bounce(letter, mail, now)
    if quiet is not None:
        return quiet
    if mailbox.is_own(letter.message_id, letter.sender):
        return Outcome.OWN
    server = mailbox.trusted_server()
    if server and not policy.is_verified(letter.fields, server=server, sender=letter.sender):
        return Outcome.UNVERIFIED
    if queries.sent_since(letter.sender, now - policy.WINDOW) >= policy.FROM_ONE:
        return Outcome.FLOOD
    person = queries.sender_of(letter.sender)
    if person is None:
        return Outcome.STRANGER
    mail.person_id = person.id
    if person.company_id is None:
        return Outcome.STAFF
    return _for_person(letter, mail, person, recipients, now)


def _note_bounce(letter: Letter, mail: InboundMail, now: datetime) -> None:
    report = letter.report
    if report and report.failed and (reference := mail_threads.reference_of(report.about)):
        mail_log.bounced(reference, report.recipient, report.words, now=now)
    about = (letter.report.about if letter.report else "", *letter.answers)
    numbers = (mailbox.ticket_named(identifier) for identifier in about if identifier)
    mail.ticket_number = next((number for number in numbers if number), None)
    mail.note = letter.report.recipient[:254] if letter.report else ""


def _for_person(
    letter: Letter,
    mail: InboundMail,
    person: Person,
    recipients: tuple[str, ...],
    now: datetime,
) -> Outcome | None:
    number = _target(letter, person, recipients)
    if isinstance(number, Outcome):
        return number
    ticket = queries.where_it_goes(number)
    actor = actor_for(person, "")
    if ticket is None or not may_write(actor, ticket):
        return Outcome.NOT_YOURS
    number = ticket.number
    if queries.landed_since(number, now - policy.WINDOW) >= policy.TO_ONE_TICKET:
        return Outcome.FLOOD
    try:
        return land(letter, mail, actor=actor, number=number, now=now)
    except NotAllowed:
        return Outcome.NOT_YOURS
    except StepNotAllowed:
        mail.ticket_number = number
        return Outcome.CLOSED


def _target(letter: Letter, person: Person, recipients: tuple[str, ...]) -> int | Outcome:
    """The ticket it is for: what the address says, else the mail of ours that it answers."""
    token = mailbox.token_in((*recipients, *letter.recipients))
    if token is not None:
        return token.number if token.person_id == person.id else Outcome.NOT_YOURS
    found = mailbox.answered(letter.answers)
    if found is None:
        return Outcome.NO_TICKET
    number, addresses = found
    return number if person.email in addresses else Outcome.NOT_YOURS


def _store(mail: InboundMail, now: datetime) -> None:
    """Keep what became of it; explain it, unless that address had an explanation today."""
    # One at a time: the count below must see every other mail.
    with transaction(queue=True) as session:
        explains = Outcome(mail.outcome) in EXPLAINED and _may_explain(session, mail, now)
        mail.answered_at = now if explains else None
        session.add(mail)
        session.flush()
        if explains:
            outbox.enqueue(EXPLAIN_JOB, {"mail_id": mail.id}, now=now)


def _may_explain(session: Session, mail: InboundMail, now: datetime) -> bool:
    answered = select(func.count(InboundMail.id)).where(InboundMail.answered_at.is_not(None))
    since = now - policy.ANSWERS_WINDOW
    mine = answered.where(InboundMail.sender == mail.sender, InboundMail.answered_at > since)
    if mail.person_id is not None:
        # Whoever is known is told once for each ticket and reason; floods were stopped before.
        same = InboundMail.ticket_number == mail.ticket_number
        if mail.ticket_number is None:
            same = InboundMail.ticket_number.is_(None)
        mine = mine.where(same, InboundMail.outcome == mail.outcome)
        return (session.scalar(mine) or 0) < policy.ANSWERS_EACH
    strangers = answered.where(
        InboundMail.person_id.is_(None), InboundMail.answered_at > now - policy.WINDOW
    )
    return (session.scalar(mine) or 0) < policy.ANSWERS_EACH and (
        session.scalar(strangers) or 0
    ) < policy.ANSWERS_TO_STRANGERS


def put_aside(*, raw: bytes, why: str, now: datetime) -> None:
    """Note a mail that could not be taken in, for administrators."""
    letter = read(raw)
    if queries.receipt_of(letter.fingerprint) is None:
        mail = _row(letter, len(raw), now)
        mail.outcome, mail.note = Outcome.FAILED.value, why[:500]
        _store(mail, now)


def put_aside_unread(*, uid: str, why: str, now: datetime) -> None:
    """The same for one that ends whoever reads it: nothing of it is looked at."""
    with transaction() as session:
        found = select(InboundMail.id).where(InboundMail.fingerprint == uid[:43])
        if session.scalar(found) is None:
            mail = InboundMail(fingerprint=uid[:43], received_at=now, size=0, note=why[:500])
            mail.outcome = Outcome.FAILED.value
            session.add(mail)


def begin_try(*, uid: str, now: datetime) -> int:
    """Note that a mail of the mailbox is about to be read; how often it was begun."""
    with transaction() as session:
        row = session.get(MailboxTry, uid)
        if row is None:
            row = MailboxTry(uid=uid, tries=0, at=now)
            session.add(row)
        row.tries, row.at = row.tries + 1, now
        return row.tries


def end_try(*, uid: str) -> None:
    """It was handled."""
    with transaction() as session:
        session.execute(delete(MailboxTry).where(MailboxTry.uid == uid))


def note_visit(*, error: str, now: datetime) -> None:
    """Keep how reading the mailbox went."""
    with transaction() as session:
        visit = session.get(MailboxVisit, 1) or MailboxVisit(id=1)
        visit.at, visit.error = now, error[:500]
        if not error:
            visit.went_well_at = now
        session.add(visit)


def purge(*, now: datetime) -> int:
    """Forget what came in long ago; how many. Messages and their whole texts stay."""
    with transaction() as session:
        old = InboundMail.received_at < now - policy.KEPT_FOR
        gone = session.execute(delete(InboundMail).where(old).returning(InboundMail.id)).all()
        session.execute(delete(MailboxTry).where(MailboxTry.at < now - policy.KEPT_FOR))
    db.session.remove()
    return len(gone)
