"""The page of an article's words: what editors add, remove and give back."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db
from core.models import AuditEntry
from kb.learning import editing
from kb.learning.models import HiddenWord
from kb.learning.policy import MOST_WORDS
from kb.learning.words import typed_words
from tests.cast import Cast
from tests.kb.articles import make_articles
from tests.kb.counting import statements
from tests.kb.learning.teaching import LATER, SPAM, found, learned, note


@pytest.fixture
def spam(cast: Cast) -> int:
    return make_articles(cast.elena)[SPAM]


@pytest.fixture
def elena(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.elena)


def send(client: FlaskClient, article_id: int, words: str) -> int:
    page = client.post(f"/editor/articulos/{article_id}/palabras", data={"palabras": words})
    return page.status_code


def kept() -> list[tuple[str, bool, bool]]:
    db.session.rollback()
    rows = db.session.scalars(select(HiddenWord).order_by(HiddenWord.word))
    return [(row.word, row.by_hand, row.removed_at is not None) for row in rows]


def test_words_added_by_hand_find_the_article_at_once(
    app: Flask, elena: FlaskClient, spam: int
) -> None:
    assert send(elena, spam, "Rebotan, devueltos y wp-config.php; spam") == 303
    assert [word for word, *_ in kept()] == ["devueltos", "rebotan", "wp-config.php"]
    assert found(app, "rebotaron") == [SPAM]
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.data) == (
        "article.words_added",
        {"words": ["rebotan", "devueltos", "wp-config.php"]},
    )


@pytest.mark.parametrize("words", ["", "   ", "de la", "hola, gracias", "¿?", "\u200b", "x" * 301])
def test_words_that_say_nothing_are_refused_with_what_was_typed(
    elena: FlaskClient, spam: int, words: str
) -> None:
    page = elena.post(f"/editor/articulos/{spam}/palabras", data={"palabras": words})
    assert page.status_code == 422
    assert words.strip("\u200b ") in page.text
    assert kept() == []


def test_a_removed_word_stays_away_and_can_come_back(
    app: Flask, cast: Cast, elena: FlaskClient, spam: int
) -> None:
    note(spam, "rebotan", cast.ana, cast.carla, "browser-1")
    assert learned(spam) == ("rebotan",)
    for _ in range(2):
        gone = elena.post(f"/editor/articulos/{spam}/palabras/retiro", data={"palabra": "rebot"})
        assert gone.status_code == 303
    note(spam, "rebotan", cast.beto, cast.diego)
    assert (learned(spam), found(app, "rebotan")) == ((), [])
    page = elena.get(f"/editor/articulos/{spam}/palabras").text
    assert "Poner de nuevo «rebotan»" in page
    back = elena.post(f"/editor/articulos/{spam}/palabras/restauracion", data={"palabra": "rebot"})
    assert back.status_code == 303
    assert (learned(spam), found(app, "rebotan")) == (("rebotan",), [SPAM])


@pytest.mark.parametrize("verb", ["retiro", "restauracion"])
def test_a_word_nobody_knows_is_missing(elena: FlaskClient, spam: int, verb: str) -> None:
    for word in ("nada", "", "x" * 500, "\x00"):
        page = elena.post(f"/editor/articulos/{spam}/palabras/{verb}", data={"palabra": word})
        assert page.status_code in {400, 404}


def test_the_page_says_how_many_and_from_where_and_never_who(
    cast: Cast, elena: FlaskClient, spam: int
) -> None:
    note(spam, "rebotan devueltos", cast.ana, cast.carla, "browser-1")
    note(spam, "zumbido", cast.beto)
    learned(spam)
    page = elena.get(f"/editor/articulos/{spam}/palabras").text
    assert "voto útil: 3" in page
    assert "1 palabra más espera a que la usen otras personas." in page
    for secret in ("zumbido", "Ana Quispe", "Carla", "browser-1"):
        assert secret not in page


def test_an_article_holds_so_many_words_and_no_more(cast: Cast, spam: int) -> None:
    letters = "bcdfghjklm"
    many = typed_words(" ".join(f"{a}u{b}a" for a in letters for b in letters), "es")
    first = dict(list(many.items())[:MOST_WORDS])
    editing.add_words(actor=cast.elena, article_id=spam, words=first, now=LATER)
    with pytest.raises(editing.TooMany):
        editing.add_words(actor=cast.elena, article_id=spam, words={"zumb": "zumbido"}, now=LATER)
    assert len(kept()) == MOST_WORDS
    note(spam, "rebotan", cast.ana, cast.carla, "browser-1")
    assert "rebotan" not in learned(spam)


def test_the_page_costs_the_same_with_many_words(
    app: Flask, cast: Cast, elena: FlaskClient, spam: int
) -> None:
    counts = []
    elena.get(f"/editor/articulos/{spam}/palabras")
    for words in ({"zumb": "zumbido"}, typed_words("bula cala dula fula gula jula kula", "es")):
        editing.add_words(actor=cast.elena, article_id=spam, words=words, now=LATER)
        with statements() as seen:
            elena.get(f"/editor/articulos/{spam}/palabras")
        counts.append(len(seen))
    assert counts[0] == counts[1]
