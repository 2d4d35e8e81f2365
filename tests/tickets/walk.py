"""A desk at work by chance: the same seed does the same, verb by verb, through the real actions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.permissions import Actor
from core.db import db
from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import filed
from tests.tickets.outages.builders import outaged
from tickets import actions, handling, joining, places, publishing, turns
from tickets.handling import Then
from tickets.lifecycle import StepNotAllowed
from tickets.models import Message, Ticket
from tickets.outages import joining as joining_outage
from tickets.outages import resolving
from tickets.outages.joining import NotJoinable
from tickets.policy import DEFAULT_POLICY, Mark, Policy
from tickets.publishing import NothingChanged
from tickets.refusals import CannotMerge, HoldsEnough, NotAllowed, SameAffection
from tickets.workbench.actions import undo_reply

REFUSED = (
    StepNotAllowed,
    NotAllowed,
    CannotMerge,
    HoldsEnough,
    SameAffection,
    NothingChanged,
    NotJoinable,
)
LIMIT = 3


class Walk:
    """People who do something at random, a minute apart."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast = cast
        self.chance = random.Random(seed)
        self.now: datetime = START

    def steps(self, count: int) -> Iterator[None]:
        """Do something, `count` times; yields after each."""
        for _ in range(count):
            self.now += timedelta(minutes=1)
            try:
                self._any()()
            except REFUSED:
                db.session.rollback()
            yield

    def _any(self) -> Callable[[], object]:
        verbs: list[Callable[[], object]] = [
            *([self.file] * 5),
            *([self.take] * 5),
            *([self.reply] * 4),
            *([self.write] * 3),
            self.reopen,
            self.close,
            self.give_back,
            self.hand_over,
            self.reclassify,
            self.merge,
            self.unmerge,
            self.split,
            self.undo,
            self.outage,
            self.publish,
        ]
        return self.chance.choice(verbs)

    def _technician(self) -> Actor:
        return self.chance.choice([self.cast.diego, self.cast.dora])

    def _number(self, *states: str) -> int:
        query = select(Ticket.number).order_by(Ticket.number)
        numbers = db.session.scalars(query.where(Ticket.state.in_(states))).all()
        return self.chance.choice(numbers) if numbers else 0

    def _held(self, state: str = "en_atencion") -> tuple[int, Actor]:
        number = self._number(state)
        ticket = db.session.get(Ticket, number)
        holder = ticket.holder_id if ticket else None
        diego = self.cast.diego
        return number, diego if holder == diego.person_id else self.cast.dora

    def _customer(self, number: int) -> Actor:
        ticket = db.session.get(Ticket, number)
        of_costa = ticket is not None and ticket.company_id == self.cast.carla.company_id
        return self.cast.carla if of_costa else self.cast.ana

    def file(self) -> None:
        filed(
            self.chance.choice([self.cast.ana, self.cast.carla]),
            now=self.now,
            affection=self.chance.choice(list(DEFAULT_POLICY.affections)),
            mark=self.chance.choice(list(Mark)).value,
        )

    def take(self) -> None:
        handling.take_next(actor=self._technician(), limit=LIMIT, form_id=new_token(), now=self.now)

    def reply(self) -> None:
        number, holder = self._held(self.chance.choice(["en_atencion", "esperando_cliente"]))
        then = self.chance.choice([Then.STAY, Then.WAIT, Then.RESOLVE])
        hold = timedelta(minutes=self.chance.choice([0, 3]))
        answer = handling.Reply("Revise los registros MX.", then, new_token(), hold=hold)
        handling.reply(number=number, actor=holder, answer=answer, now=self.now)

    def undo(self) -> None:
        held = select(Message).where(Message.released_at > self.now).order_by(Message.id)
        for message in db.session.scalars(held):
            diego = self.cast.diego
            writer = diego if message.author_id == diego.person_id else self.cast.dora
            number, message_id = message.ticket_number, message.id
            undo_reply(number=number, message_id=message_id, actor=writer, now=self.now)
            return

    def outage(self) -> None:
        """Declared, joined by some of those that are open, and resolved with one answer."""
        dora = self.cast.dora
        outage = outaged(dora, affection="spam", now=self.now)
        numbers = [self._number("en_cola", "en_atencion", "esperando_cliente") for _ in range(3)]
        for number in numbers:
            ticket = db.session.get(Ticket, number) if number else None
            if ticket is not None and ticket.affection == "spam":
                joining_outage.attach(outage_number=outage, number=number, actor=dora, now=self.now)
        resolving.resolve(
            number=outage,
            actor=dora,
            text="La red volvió.",
            numbers=numbers,
            form_id=new_token(),
            now=self.now,
        )

    def publish(self) -> None:
        """Another table of head starts: every open ticket is keyed anew."""
        before = places.current_policy().to_json()
        row = self.chance.choice(before["affections"])
        row["head_start_minutes"] = self.chance.randrange(0, 600)
        before["version"] += 1
        publishing.publish(
            proposed=Policy.from_json(before),
            reason="Probamos otra.",
            actor=self.cast.gloria,
            form_id=new_token(),
            now=self.now,
        )

    def write(self) -> None:
        number = self._number("esperando_cliente", "esperando_cliente", "en_cola", "resuelto")
        actions.reply_as_customer(
            number=number,
            actor=self._customer(number),
            text="Ya lo revisé.",
            form_id=new_token(),
            now=self.now,
        )

    def reopen(self) -> None:
        number = self._number("resuelto", "cerrado")
        actions.reopen(
            number=number,
            actor=self._customer(number),
            text="Volvió a fallar.",
            form_id=new_token(),
            now=self.now,
        )

    def close(self) -> None:
        number = self._number("en_cola", "esperando_cliente", "resuelto")
        actions.close(number=number, actor=self._customer(number), now=self.now)

    def give_back(self) -> None:
        number, holder = self._held()
        turns.give_back(number=number, actor=holder, reason="No es mi tema.", now=self.now)

    def hand_over(self) -> None:
        number, holder = self._held()
        other = self.cast.dora if holder == self.cast.diego else self.cast.diego
        turns.hand_over(
            number=number,
            actor=holder,
            to=other.person_id,
            note="Es de redes.",
            form_id=new_token(),
            limit=LIMIT,
            now=self.now,
        )

    def reclassify(self) -> None:
        turns.reclassify(
            number=self._number("en_cola", "en_atencion"),
            actor=self._technician(),
            correction=turns.Correction(
                self.chance.choice(list(DEFAULT_POLICY.affections)), "El servidor responde al ping."
            ),
            now=self.now,
        )

    def merge(self) -> None:
        one, other = (self._number("en_cola", "en_atencion", "esperando_cliente") for _ in "ab")
        joining.merge(number=one, other=other, actor=self._technician(), now=self.now)

    def unmerge(self) -> None:
        joining.unmerge(number=self._number("unido"), actor=self._technician(), now=self.now)

    def split(self) -> None:
        query = select(Message).where(Message.from_staff.is_(False)).order_by(Message.id)
        message = self.chance.choice([*db.session.scalars(query), None])
        if message is not None:
            joining.split(
                number=message.ticket_number,
                message_id=message.id,
                actor=self._technician(),
                part=joining.Part(
                    "Otro asunto",
                    self.chance.choice(list(DEFAULT_POLICY.affections)),
                    "Son dos asuntos.",
                ),
                now=self.now,
            )
