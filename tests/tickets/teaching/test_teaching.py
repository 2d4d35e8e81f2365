"""The words of drafts and tickets reach the articles that ended them, or did not."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from core import clock, outbox
from core.db import db, transaction
from core.tokens import new_token
from kb.learning.actions import LEARN_JOB
from kb.learning.models import HiddenWord, WordNote
from kb.searches.models import Search
from tests.cast import Cast
from tests.kb.articles import make_articles
from tests.tickets.builders import draft, filed, taken
from tickets import drafts, opening
from tickets.handling import Reply, Sent, Then, reply
from tickets.outcomes.policy import Seen
from tickets.teaching.actions import TEACH_JOB
from tickets.workbench.actions import undo_reply

SPAM = "correo-en-spam"


def notes(*, later: timedelta = timedelta()) -> list[tuple[str, str, str, bool]]:
    """Do the jobs and say what is noted."""
    outbox.drain(clock.now() + later, kinds=[TEACH_JOB])
    db.session.rollback()
    rows = db.session.scalars(select(WordNote).order_by(WordNote.stem, WordNote.person))
    return [(row.word, row.person[:2], row.source, row.helped) for row in rows]


def answered(cast: Cast, number: int, *, hold: timedelta = timedelta()) -> Sent:
    answer = Reply("Lea esto.", Then.RESOLVE, new_token(), articles=[SPAM], hold=hold)
    return reply(number=number, actor=cast.diego, answer=answer, now=clock.now())


def test_an_answer_with_an_article_teaches_the_customers_words(cast: Cast) -> None:
    make_articles(cast.elena)
    number = filed(cast.ana, subject="Rebotan", description="Gmail los devuelve a Ana Quispe.")
    taken(cast.diego)
    answered(cast, number)
    assert notes() == [
        ("devuelve", "p:", "reply", True),
        ("gmail", "p:", "reply", True),
        ("rebotan", "p:", "reply", True),
    ]


def test_an_answer_that_was_undone_teaches_nothing(cast: Cast) -> None:
    make_articles(cast.elena)
    number = filed(cast.ana, subject="Rebotan", description="Todos.")
    taken(cast.diego)
    sent = answered(cast, number, hold=timedelta(minutes=1))
    assert sent.message_id is not None
    assert notes() == []
    undo_reply(number=number, message_id=sent.message_id, actor=cast.diego, now=clock.now())
    assert notes(later=timedelta(minutes=2)) == []


def test_a_draft_an_article_solved_teaches_its_words(cast: Cast) -> None:
    make_articles(cast.elena)
    draft_id = draft(cast.ana, subject="Rebotan", description="La clave es Secreta123.")
    owner = drafts.owner_of(cast.ana, "")
    drafts.solve(draft_id=draft_id, owner=owner, slug=SPAM, now=clock.now())
    assert notes() == [("clave", "p:", "solved", True), ("rebotan", "p:", "solved", True)]


def test_what_was_searched_before_the_draft_is_noted_with_it(cast: Cast) -> None:
    make_articles(cast.elena)
    owner, now = drafts.owner_of(cast.ana, ""), clock.now()
    with transaction() as session:
        for words, at in (("devueltos", now), ("zumbido", now - timedelta(hours=2))):
            told = {"words": words, "key": words, "lang": "es", "total": 0, "shown": []}
            session.add(
                Search(visitor=owner, browser="b", at=at, last_at=at, complete=True, **told)
            )
    draft_id = draft(cast.ana, subject="Rebotan", description="Todos.", now=now)
    drafts.solve(draft_id=draft_id, owner=owner, slug=SPAM, now=now)
    assert notes() == [("devueltos", "p:", "solved", True), ("rebotan", "p:", "solved", True)]


def test_a_draft_that_was_written_on_teaches_nothing(cast: Cast) -> None:
    make_articles(cast.elena)
    draft_id = draft(cast.ana, subject="Rebotan", description="Todos.")
    owner = drafts.owner_of(cast.ana, "")
    drafts.solve(draft_id=draft_id, owner=owner, slug=SPAM, now=clock.now())
    written = drafts.Written("Rebotan", "Siguen", "servicio-con-errores", "normal")
    drafts.save_draft(draft_id=draft_id, owner=owner, written=written, now=clock.now())
    assert notes() == []


def test_a_ticket_that_was_filed_after_reading_speaks_against_the_article(cast: Cast) -> None:
    make_articles(cast.elena)
    draft_id = draft(cast.ana, subject="Rebotan", description="Todos.")
    owner = drafts.owner_of(cast.ana, "")
    drafts.remember(draft_id=draft_id, owner=owner, seen=Seen(opened=[SPAM]), now=clock.now())
    opening.file_ticket(draft_id=draft_id, owner=owner, actor=cast.ana, now=clock.now())
    assert notes() == [("rebotan", "p:", "filed", False)]


def test_a_visitors_draft_and_vote_are_one_person(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena)
    owner = drafts.owner_of(None, "secret-of-a-browser")
    written = drafts.Written("Rebotan", "Todos", "servicio-con-errores", "normal")
    drafts.save_draft(draft_id="d" * 43, owner=owner, written=written, now=clock.now())
    drafts.solve(draft_id="d" * 43, owner=owner, slug=SPAM, now=clock.now())
    notes()
    note = db.session.scalars(select(WordNote)).one()
    assert (note.person, note.standing) == (owner.removeprefix("v:"), "visitor")


def test_an_article_that_is_gone_or_hidden_is_passed_over(cast: Cast) -> None:
    draft_id = draft(cast.ana, subject="Rebotan", description="Todos.")
    owner = drafts.owner_of(cast.ana, "")
    drafts.solve(draft_id=draft_id, owner=owner, slug="no-existe", now=clock.now())
    assert notes() == []


def test_answers_to_three_customers_make_a_hidden_word(cast: Cast) -> None:
    ids = make_articles(cast.elena)
    for actor in (cast.ana, cast.beto, cast.carla):
        number = filed(actor, subject="Rebotan", description="Todos.")
        taken(cast.diego)
        answered(cast, number)
    notes()
    outbox.drain(clock.now(), kinds=[LEARN_JOB])
    db.session.rollback()
    rows = db.session.scalars(select(HiddenWord)).all()
    assert [(row.article_id, row.word) for row in rows] == [(ids[SPAM], "rebotan")]
