"""From notes to hidden words, on both databases, and through the index to a search."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import outbox
from core.db import db, transaction
from core.models import AuditEntry, Job
from kb import actions as articles_actions
from kb import documents
from kb.learning import promotion
from kb.learning.actions import LEARN_JOB
from kb.learning.models import ArticleLearning, HiddenWord, WordNote
from kb.learning.policy import KEPT_FOR, PER_PERSON, PER_TEXT, VISITORS_PER_ARTICLE, Source
from kb.models import Article
from tests.cast import START, Cast
from tests.kb.articles import WRITTEN, make_article, make_articles
from tests.kb.learning.teaching import LATER, SPAM, found, learned, note


@pytest.fixture
def spam(cast: Cast) -> int:
    return make_articles(cast.elena)[SPAM]


def notes() -> list[tuple[str, str, str, bool]]:
    db.session.rollback()
    rows = db.session.scalars(select(WordNote).order_by(WordNote.stem, WordNote.person))
    return [(row.word, row.standing, row.source, row.helped) for row in rows]


def test_a_word_that_three_people_used_finds_the_article(app: Flask, cast: Cast, spam: int) -> None:
    assert found(app, "rebotan") == []
    note(spam, "me rebotan", cast.ana, "browser-1")
    assert (learned(spam), found(app, "rebotan")) == ((), [])
    note(spam, "rebotaron ayer", cast.carla)
    assert (learned(spam), found(app, "rebotan")) == (("rebotan",), [SPAM])


def test_a_note_is_a_word_and_nothing_else_of_the_text(cast: Cast, spam: int) -> None:
    text = "Soy Ana Quispe de Textiles Andina, mis mensajes rebotan en ana@example.com desde Lima"
    note(spam, text, cast.ana)
    assert notes() == [("rebotan", "customer", "vote", True)]


def test_a_person_counts_once_however_often_they_come(cast: Cast, spam: int) -> None:
    for _ in range(5):
        note(spam, "rebotan", cast.ana, cast.beto)
    assert learned(spam) == ()
    assert len(notes()) == 2


def test_a_job_waits_only_where_something_was_noted(cast: Cast, spam: int) -> None:
    def jobs() -> int:
        db.session.rollback()
        return db.session.scalar(select(func.count()).where(Job.kind == LEARN_JOB)) or 0

    note(spam, "hola, gracias: mensajes de spam 10.0.0.1", cast.ana)
    assert jobs() == 0
    note(spam, "rebotan", cast.ana)
    assert jobs() == 1


def test_nothing_is_noted_for_what_nobody_can_read_or_by_whom_nobody_knows(
    cast: Cast, spam: int
) -> None:
    hidden = make_article(
        cast.elena, slug="oculto", category_id=1, title="Otra cosa", publish=False
    )
    assert note(hidden, "rebotan", cast.ana) == 0
    assert note(999_999, "rebotan", cast.ana) == 0
    assert note(spam, "rebotan", "", "p:999999") == 0


def test_filing_a_ticket_after_reading_takes_a_voice_away(cast: Cast, spam: int) -> None:
    note(spam, "rebotan", cast.ana, cast.carla, "browser-1")
    assert learned(spam) == ("rebotan",)
    note(spam, "rebotan", cast.beto, source=Source.FILED)
    assert learned(spam) == ()
    # Whoever is helped the next time says so last.
    note(spam, "rebotan", cast.beto)
    assert learned(spam) == ("rebotan",)


def test_a_word_of_another_title_needs_answers_of_technicians(cast: Cast, spam: int) -> None:
    everybody = (cast.ana, cast.beto, cast.carla, cast.diego)
    note(spam, "factura", *everybody)
    assert learned(spam) == ()
    note(spam, "factura", *everybody, source=Source.REPLY)
    assert learned(spam) == ("factura",)


def test_a_vote_takes_nothing_from_an_answer(cast: Cast, spam: int) -> None:
    note(spam, "rebotan", cast.ana, source=Source.REPLY)
    note(spam, "rebotan", cast.ana)
    assert notes() == [("rebotan", "customer", "reply", True)]


def test_words_are_forgotten_with_time(cast: Cast, spam: int) -> None:
    note(spam, "rebotan", cast.ana, cast.carla, "browser-1")
    assert learned(spam) == ("rebotan",)
    then = LATER + KEPT_FOR + timedelta(days=1)
    assert promotion.forget_old(now=then) == 1
    assert (notes(), learned(spam, now=then)) == ([], ())
    assert promotion.forget_old(now=then) == 0


def test_forgetting_comes_back_daily_and_once(cast: Cast) -> None:
    promotion.ask_to_forget(now=START)
    promotion.ask_to_forget(now=START)
    assert outbox.drain(START, kinds=[promotion.FORGET_JOB]) == 1
    waiting = db.session.scalars(select(Job).where(Job.done_at.is_(None))).all()
    assert [job.kind for job in waiting] == [promotion.FORGET_JOB]


def test_one_person_fills_no_table(cast: Cast, spam: int) -> None:
    def words(first: int) -> str:
        letters = "bcdfglmnprst"
        return " ".join(f"{a}a{b}evo" for a in letters for b in letters)[first * 6 * 20 :]

    assert note(spam, words(0), "browser-1") == PER_TEXT
    for start in range(1, 7):
        note(spam, words(start), "browser-1")
    assert len(notes()) == PER_PERSON
    for number in range(2, 12):
        note(spam, words(number % 6), f"browser-{number}")
    assert len(notes()) == VISITORS_PER_ARTICLE
    # Who is known is not crowded out by those who are not.
    assert note(spam, "zumbido", cast.ana) == 1


def test_the_index_hears_of_every_change_once(app: Flask, cast: Cast, spam: int) -> None:
    before = documents.versions()[spam]
    note(spam, "rebotan", cast.ana, cast.carla, "browser-1")
    learned(spam)
    once = documents.versions()[spam]
    learned(spam)
    db.session.rollback()
    assert (once != before, documents.versions()[spam]) == (True, once)
    document = next(iter(documents.documents([spam])))
    assert (document.hidden, document.version) == (("rebotan",), once)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id, entry.data) == (
        "article.words_learned",
        None,
        {"gained": ["rebotan"], "lost": []},
    )


def test_a_word_the_text_says_by_now_is_hidden_no_longer(cast: Cast, spam: int) -> None:
    note(spam, "rebotan", cast.ana, cast.carla, "browser-1")
    assert learned(spam) == ("rebotan",)
    with transaction() as session:
        session.get_one(Article, spam).plain = "Los mensajes que rebotan."
    assert learned(spam) == ()


def test_deleting_an_article_takes_its_words_along(cast: Cast, spam: int) -> None:
    note(spam, "rebotan", cast.ana, cast.carla, "browser-1")
    learned(spam)
    articles_actions.archive_article(actor=cast.elena, article_id=spam, now=WRITTEN)
    articles_actions.delete_article(actor=cast.elena, article_id=spam, now=WRITTEN)
    for model in (WordNote, HiddenWord, ArticleLearning):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert learned(spam) == ()


def test_a_new_account_is_a_visitor_until_a_technician_answers_it(cast: Cast, spam: int) -> None:
    soon = START + timedelta(days=1)
    note(spam, "rebotan", cast.ana, now=soon)
    note(spam, "rebotan", cast.beto, source=Source.REPLY, now=soon)
    assert notes() == [
        ("rebotan", "visitor", "vote", True),
        ("rebotan", "customer", "reply", True),
    ]
