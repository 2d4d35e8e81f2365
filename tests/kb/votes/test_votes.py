"""«¿Le resultó útil?» in two steps, and what editors and lists make of it."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from kb import actions, queries
from kb.actions import ArticleText
from kb.models import ArticleVote
from kb.usage.actions import record_use
from kb.usage.policy import Use
from kb.votes.models import ArticleStanding
from tests.cast import Cast
from tests.kb.articles import make_article, make_articles, make_categories

ARTICLE = "/preguntas/no-recibo-correos"
VOTES = f"{ARTICLE}/valoraciones"


@pytest.fixture
def faq(cast: Cast) -> dict[str, int]:
    return make_articles(cast.elena)


def votes() -> list[tuple[bool, str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(ArticleVote).order_by(ArticleVote.id))
    return [(row.useful, row.reason, row.comment) for row in rows]


def rate(article_id: int, visitor: str, useful: bool, *, revision: int = 1, **more: str) -> None:
    said = {"comment": "", **more}
    actions.rate_article(
        article_id=article_id, revision=revision, visitor=visitor, useful=useful,
        now=clock.now(), **said,
    )  # fmt: skip


def test_no_asks_why_and_is_kept_even_when_nobody_answers(
    client: FlaskClient, faq: dict[str, int]
) -> None:
    answer = client.post(VOTES, data={"util": "no", "comentario": "Falta Outlook"})
    assert (answer.status_code, answer.location) == (303, VOTES)
    assert votes() == [(False, "", "Falta Outlook")]
    page = client.get(VOTES).text
    assert page.count('name="motivo"') == 4
    assert "Falta Outlook" in page


def test_a_reason_is_kept_with_the_vote(client: FlaskClient, faq: dict[str, int]) -> None:
    client.post(VOTES, data={"util": "no"})
    data = {"util": "no", "paso": "motivos", "motivo": "desactualizado", "comentario": "Es de 2019"}
    answer = client.post(VOTES, data=data)
    assert (answer.status_code, answer.location) == (303, ARTICLE)
    assert votes() == [(False, "desactualizado", "Es de 2019")]
    page = html.unescape(client.get(ARTICLE).text)
    assert "Gracias. Su respuesta" in page
    assert "Nos dijo que no." in page
    assert 'value="desactualizado" checked' in client.get(VOTES).text


def test_a_reason_may_be_left_out_or_sent_at_once(
    app: Flask, client: FlaskClient, faq: dict[str, int]
) -> None:
    client.post(VOTES, data={"util": "no"})
    assert client.post(VOTES, data={"util": "no", "paso": "motivos"}).location == ARTICLE
    other = app.test_client()
    answer = other.post(VOTES, data={"util": "no", "motivo": "no-se-entiende"})
    assert answer.location == ARTICLE
    assert votes() == [(False, "", ""), (False, "no-se-entiende", "")]


def test_yes_needs_no_reason_and_takes_a_former_one_back(
    client: FlaskClient, faq: dict[str, int]
) -> None:
    client.post(VOTES, data={"util": "no", "motivo": "no-funciono"})
    answer = client.post(VOTES, data={"util": "si", "motivo": "no-funciono"})
    assert (answer.location, votes()) == (ARTICLE, [(True, "", "")])
    assert "Nos dijo que sí." in client.get(ARTICLE).text


def test_the_page_of_reasons_is_for_whoever_said_no(
    app: Flask, client: FlaskClient, faq: dict[str, int]
) -> None:
    assert client.get(VOTES).location == ARTICLE
    client.post(VOTES, data={"util": "si"})
    assert client.get(VOTES).location == ARTICLE
    assert client.get("/preguntas/falta/valoraciones").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {"motivo": "porque-si", "comentario": "se conserva"},
        {"motivo": "no-funciono", "comentario": "se conserva" + "x" * 1000},
        {"motivo": "x" * 5000, "comentario": "se conserva"},
    ],
)
def test_a_refused_reason_loses_nothing_that_was_typed(
    client: FlaskClient, faq: dict[str, int], data: dict[str, str]
) -> None:
    client.post(VOTES, data={"util": "no"})
    answer = client.post(VOTES, data={"util": "no", "paso": "motivos", **data})
    assert answer.status_code == 422
    assert "se conserva" in answer.text
    assert 'role="alert"' in answer.text
    assert votes() == [(False, "", "")]
    if data["motivo"] == "no-funciono":
        assert 'value="no-funciono" checked' in answer.text


def test_pages_in_memory_never_hold_somebodys_vote(app: Flask, faq: dict[str, int]) -> None:
    voter = app.test_client()
    voter.get(ARTICLE)
    voter.post(VOTES, data={"util": "si"})
    assert "Nos dijo que sí." in voter.get(ARTICLE).text
    assert "Nos dijo que" not in app.test_client().get(ARTICLE).text


def test_lists_are_ordered_by_what_is_sure_and_not_by_the_share(faq: dict[str, int]) -> None:
    for number in range(10):
        rate(faq["correo-en-spam"], f"v{number}", number < 9)
    rate(faq["firma-de-correo"], "a", True)
    for number in range(3):
        rate(faq["no-recibo-correos"], f"v{number}", False)
    best = [article.slug for article in queries.most_helpful(20)]
    assert best[:2] == ["correo-en-spam", "firma-de-correo"]
    assert best[-1] == "no-recibo-correos"


def test_standing_follows_every_change_of_a_vote(cast: Cast, faq: dict[str, int]) -> None:
    key = faq["firma-de-correo"]
    for useful in (True, False, True):
        rate(key, "a", useful)
    rate(key, "b", False)
    db.session.rollback()
    standing = db.session.get_one(ArticleStanding, key)
    assert (standing.useful, standing.useless) == (1, 1)
    assert standing.bound == pytest.approx(0.0945, abs=0.0001)
    actions.archive_article(actor=cast.elena, article_id=key, now=clock.now())
    actions.delete_article(actor=cast.elena, article_id=key, now=clock.now())
    assert db.session.scalars(select(ArticleStanding)).all() == []


def test_opinions_are_shown_by_revision_with_masked_comments(app: Flask, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    key = make_article(cast.elena, slug="una", category_id=shelf)
    rate(key, "a", False, reason="no-funciono", comment="Soy ana@andina.pe\n<b>no</b> va")
    rate(key, "b", False, reason="no-funciono")
    rate(key, "c", True)
    with transaction() as session:
        for ticket in ("t:1", "t:2"):
            use = str(Use.FILED_AFTER_READING)
            record_use(session, article_id=key, kind=use, key=ticket, now=clock.now())
    text = ArticleText("Una", "una", shelf, "", [], "es", "Otro texto")
    actions.save_article(actor=cast.elena, text=text, article_id=key, revision=1, now=clock.now())
    rate(key, "a", True, revision=2)
    elena = cast.sign_in(app, cast.elena)
    page = html.unescape(elena.get(f"/editor/articulos/{key}/opiniones").text)
    newest, oldest = page.split('id="version-1"')
    assert "Versión 2" in newest
    assert "la actual" in newest
    assert "No funcionó" not in newest
    for said in ("<dd>1</dd>", "<dd>2<ul", "Lo hice y no funcionó: 2", "Soy [correo]"):
        assert said in oldest
    assert "ana@andina.pe" not in page
    assert "&lt;b&gt;no" in elena.get(f"/editor/articulos/{key}/opiniones").text


def test_an_article_nobody_spoke_of_says_so(app: Flask, cast: Cast) -> None:
    key = make_article(cast.elena, slug="una", category_id=make_categories()["correo"])
    page = cast.sign_in(app, cast.elena).get(f"/editor/articulos/{key}/opiniones").text
    assert "Nadie ha opinado todavía" in page
