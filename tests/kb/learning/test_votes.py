"""A helpful vote after a search teaches the article the words of the search."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from kb.learning.models import HiddenWord, WordNote
from tests.cast import Cast
from tests.kb.articles import index_everything, make_articles
from tests.kb.learning.teaching import SPAM, learned
from tests.kb.searches.visitors import Visitor, Watch


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def vote(visitor: Visitor, slug: str = SPAM, util: str = "si") -> None:
    page = visitor.client.post(
        f"/preguntas/{slug}/valoraciones", data={"util": util}, **visitor._from
    )
    assert page.status_code == 303


def noted() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(WordNote).order_by(WordNote.stem, WordNote.person))
    return [(row.word, row.standing) for row in rows]


def test_a_helpful_vote_notes_the_words_of_the_search_before(
    app: Flask, cast: Cast, watch: Watch
) -> None:
    make_articles(cast.elena)
    index_everything(app)
    visitor = Visitor(app)
    visitor.search("rebotan spam de juan@andina.pe 10.0.0.7")
    vote(visitor)
    assert noted() == [("rebotan", "visitor")]


def test_an_unhelpful_vote_and_an_old_search_note_nothing(
    app: Flask, cast: Cast, watch: Watch
) -> None:
    make_articles(cast.elena)
    visitor = Visitor(app)
    visitor.search("rebotan spam")
    vote(visitor, util="no")
    watch.pass_by(minutes=31)
    vote(visitor)
    assert noted() == []


def test_fifty_browsers_and_an_account_push_nothing_up(
    app: Flask, cast: Cast, watch: Watch
) -> None:
    ids = make_articles(cast.elena)
    index_everything(app)
    crowd = [Visitor(app, network=f"203.0.{n}.7") for n in range(50)]
    crowd.append(Visitor(app, client=cast.sign_in(app, cast.ana)))
    for visitor in crowd:
        visitor.search("servidores baratos casino")
        vote(visitor)
    assert learned(ids[SPAM], now=watch.now) == ()
    assert db.session.scalars(select(HiddenWord)).all() == []
