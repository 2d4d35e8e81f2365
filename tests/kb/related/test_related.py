"""What an editor chose to be read after an article goes first, where readers may see it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb import steps
from kb.lifecycle import Audience
from kb.related import actions, queries
from tests.cast import START, Cast
from tests.kb.articles import make_article, make_categories

PAGE = "no-recibo-correos"


@pytest.fixture
def ids(indexed: dict[str, int]) -> dict[str, int]:
    return indexed


def offered(client: FlaskClient, slug: str = PAGE) -> list[str]:
    page = client.get(f"/preguntas/{slug}").text.split("<main", 1)[1]
    found = re.findall(r'href="/preguntas/([a-z0-9-]+)"', page.split('id="relacionadas"')[-1])
    return [slug for slug in dict.fromkeys(found) if slug != "buscar"]


def choose(cast: Cast, ids: dict[str, int], *slugs: str) -> None:
    for slug in slugs:
        actions.choose(actor=cast.elena, article_id=ids[PAGE], related_id=ids[slug], now=START)


def test_chosen_articles_go_first_in_their_order(
    client: FlaskClient, cast: Cast, ids: dict[str, int]
) -> None:
    before = offered(client)
    assert before[:2] != ["factura-ruc", "disco-lleno"]
    choose(cast, ids, "factura-ruc", "disco-lleno", "factura-ruc")
    after = offered(client)
    assert after[:2] == ["factura-ruc", "disco-lleno"]
    assert len(after) == len(before) == actions.MOST
    actions.drop(actor=cast.elena, article_id=ids[PAGE], related_id=ids["factura-ruc"], now=START)
    assert offered(client)[0] == "disco-lleno"


def test_what_readers_may_not_see_is_not_offered(
    client: FlaskClient, cast: Cast, ids: dict[str, int]
) -> None:
    choose(cast, ids, "factura-ruc", "disco-lleno")
    steps.archive_article(actor=cast.elena, article_id=ids["factura-ruc"], now=START)
    steps.set_audience(
        actor=cast.elena, article_id=ids["disco-lleno"], audience=Audience.STAFF, now=START
    )
    assert not {"factura-ruc", "disco-lleno"} & set(offered(client))
    assert queries.chosen_ids(ids[PAGE]) == [ids["factura-ruc"], ids["disco-lleno"]]


def test_the_page_chooses_and_takes_away(app: Flask, cast: Cast, ids: dict[str, int]) -> None:
    elena = cast.sign_in(app, cast.elena)
    own = f"/editor/articulos/{ids[PAGE]}/relacionados"
    assert "Elegir" in elena.get(own, query_string={"q": "factura"}).text
    answer = elena.post(own, data={"articulo": ids["factura-ruc"]})
    assert (answer.status_code, answer.location) == (303, own)
    assert "Elegido. Se ve al final" in elena.get(own).text
    # What is chosen is proposed no more.
    assert "Elegir" not in elena.get(own, query_string={"q": "factura con RUC"}).text
    assert elena.post(f"{own}/retiro", data={"articulo": ids["factura-ruc"]}).status_code == 303
    assert queries.chosen_ids(ids[PAGE]) == []


def test_itself_and_a_fifth_are_refused_in_words(
    app: Flask, cast: Cast, ids: dict[str, int]
) -> None:
    elena, shelf = cast.sign_in(app, cast.elena), make_categories()["correo"]
    own = f"/editor/articulos/{ids[PAGE]}/relacionados"
    elena.post(own, data={"articulo": ids[PAGE]})
    assert "no lleva a sí mismo" in elena.get(own).text
    for number in range(5):
        one = make_article(cast.elena, slug=f"otro-{number}", category_id=shelf)
        elena.post(own, data={"articulo": one})
    assert "Ya hay 4 elegidos" in elena.get(own).text
    assert len(queries.chosen_ids(ids[PAGE])) == 4
    for wrong in ("", "x", "999999", "-1"):
        assert elena.post(own, data={"articulo": wrong}).status_code == 404
