"""A mail becomes a message of its ticket: one transaction, with the line that says so."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import outbox
from core.wording import clean_text
from tickets import actions as tickets
from tickets.inbound import mailbox, queries
from tickets.inbound.armour import opened
from tickets.inbound.escaping import as_markdown
from tickets.inbound.files import sorted_out
from tickets.inbound.models import InboundMail, InboundOriginal
from tickets.inbound.policy import ANSWERS_WINDOW, Outcome
from tickets.inbound.quoting import cut
from tickets.inbound.reading import Letter
from tickets.lifecycle import State
from tickets.models import Message
from tickets.vault import actions as vault
from tickets.vault.masking import masked
from tickets.vault.noticing import find_secrets

#: Characters of one message, as in the form.
LONGEST, LONGEST_NOTE = 20_000, 2_000
LANDED_JOB = "tickets.mail_landed"


def land(
    letter: Letter, mail: InboundMail, *, actor: Actor, number: int, now: datetime
) -> Outcome | None:
    """Write a mail into a ticket, with its row; why not, where there is nothing to write.

    Raises NotAllowed and StepNotAllowed; then nothing is stored.
    """
    written = cut(letter.text)
    shown = clean_text(written.words).strip()
    words = opened(shown)
    uploads, refused = sorted_out(letter.files, queries.files_of(number), actor.locale)
    if not words and not uploads:
        mail.ticket_number, mail.note = number, "\n".join(refused)[:LONGEST_NOTE]
        return Outcome.UNREADABLE if letter.is_sealed or shown or refused else Outcome.EMPTY
    whole = letter.text if written.was_cut or words != shown or len(words) > LONGEST else ""
    if len(words) > LONGEST:
        words = words[:LONGEST]
        refused.append(_too_long(actor.locale))
    once = letter.fingerprint
    told = queries.was_remarked(mail.sender, number, now - ANSWERS_WINDOW)

    def also(session: Session, message: Message, state: State) -> None:
        mail.note = "\n".join(refused)[:LONGEST_NOTE]
        _keep(session, mail, message, whole)
        stays = state == State.RESOLVED
        # Once a day: programs that say they are away without a header would answer for ever.
        if refused or (stays and not told):
            mail.answered_at = now
            session.flush()
            payload = {"mail_id": mail.id, "resolved": stays}
            outbox.enqueue(LANDED_JOB, payload, now=now)

    words = _hidden(words, number=number, actor=actor, form_id=once, now=now)
    text = _body(words, refused, actor.locale)
    tickets.reply_as_customer(
        number=number, actor=actor, text=text, form_id=once, uploads=uploads, also=also, now=now
    )
    return None


def _too_long(locale: str) -> str:
    with force_locale(locale):
        return str(_("el texto pasa de 20 000 caracteres; el equipo técnico lo ve entero."))


def _hidden(words: str, *, number: int, actor: Actor, form_id: str, now: datetime) -> str:
    """Nobody can be asked: what looks like a password is kept encrypted."""
    if not find_secrets(words):
        return words
    return vault.hide_in_ticket(number=number, actor=actor, text=words, form_id=form_id, now=now)


def _body(words: str, refused: list[str], locale: str) -> str:
    """The message's Markdown: the words, and what of the mail was not kept."""
    if not words:
        with force_locale(locale):
            words = _("(Correo sin texto: sólo trae archivos.)")
    notes = [f"*{as_markdown(line)}*" for line in mailbox.refusal_words(refused, locale)]
    return "\n\n".join([as_markdown(words), *notes])


def _keep(session: Session, mail: InboundMail, message: Message, whole: str) -> None:
    mail.outcome = Outcome.LANDED.value
    mail.ticket_number, mail.written_id = message.ticket_number, message.id
    session.add(mail)
    if whole:
        text = masked(clean_text(whole))
        session.add(InboundOriginal(message_id=message.id, text=text, at=message.written_at))
