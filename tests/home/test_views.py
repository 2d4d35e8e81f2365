from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event

from core import clock, settings
from core.db import db, transaction
from core.models import Job
from kb.actions import ArticleText, save_article
from kb.categories import put_category
from tests.cast import START, Cast
from tests.home.counting import statements
from tests.tickets.builders import filed

DOORS = [
    "Crear y ver tickets",
    "Consulta rápida",
    "Central de consultas",
    "Chat en línea",
    "Preguntas frecuentes",
    "Solicitar cotización",
]


def _publish(cast: Cast, slug: str, category: int, *, publish: bool = True) -> None:
    text = ArticleText(
        title=f"Respuesta {slug}", slug=slug, category_id=category, summary="", tags=(),
        lang="es", body="Texto de la respuesta.",
    )  # fmt: skip
    save_article(actor=cast.elena, text=text, publish=publish, now=START)


def _shelf(slug: str = "correo") -> int:
    return put_category(actor=None, slug=slug, name=slug.title(), description="", now=START)


def test_home_has_the_search_and_six_doors_in_their_order(client: FlaskClient) -> None:
    page = client.get("/").text
    assert re.findall(r"<h3>([^<]+)</h3>", page) == DOORS
    assert 'action="/preguntas/buscar"' in page
    for address in (
        "/tickets/nuevo", "https://wa.me/51969782160?text=Hola", "tel:+5117390054", "/llamada",
        "/chat", "/preguntas", "/cotizacion", "/condiciones",
    ):  # fmt: skip
        assert f'href="{address}' in page
    assert "(+51) 969 782 160" in page
    assert "(01) 739-0054" in page
    assert "24 horas, todos los días" in page


def test_home_of_a_visitor_sets_no_cookie_and_holds_no_token(strict_app: Flask) -> None:
    answer = strict_app.test_client().get("/")
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


def test_home_shows_published_answers_alone(client: FlaskClient, cast: Cast) -> None:
    shelf = _shelf()
    _publish(cast, "publica", shelf)
    _publish(cast, "borrador-secreto", shelf, publish=False)
    page = client.get("/").text
    assert "Respuesta publica" in page
    assert "borrador-secreto" not in page


def test_home_asks_the_same_of_the_database_for_one_answer_and_thirty(
    app: Flask, cast: Cast
) -> None:
    # Somebody signed in: the page of visitors may be kept.
    ana = cast.sign_in(app, cast.ana)
    shelf = _shelf()
    _publish(cast, "primera", shelf)
    filed(cast.ana)
    ana.get("/")
    one = len(statements(ana, "/"))
    for number in range(30):
        _publish(cast, f"otra-{number}", shelf if number % 2 else _shelf(f"tema-{number}"))
    ana.get("/")
    assert len(statements(ana, "/")) == one


def test_home_of_a_customer_begins_with_their_tickets_and_places(app: Flask, cast: Cast) -> None:
    filed(cast.carla, subject="Secreto de Costa")
    number = filed(cast.ana, subject="No llegan correos de Gmail", now=START + timedelta(hours=1))
    page = cast.sign_in(app, cast.ana).get("/").text
    assert f'href="/tickets/{number}"' in page
    assert "ticket delante del suyo" in page
    assert page.index("No llegan correos") < page.index("¿En qué podemos ayudarle?")
    assert "Secreto de Costa" not in page


def test_home_of_staff_links_their_work(app: Flask, cast: Cast) -> None:
    page = cast.sign_in(app, cast.fabio).get("/").text
    assert 'href="/ventas"' in page
    assert 'href="/admin"' not in page
    assert 'href="/admin"' in cast.sign_in(app, cast.gloria).get("/").text


def test_language_is_remembered_and_leads_back(client: FlaskClient) -> None:
    answer = client.get("/idioma/en?next=/condiciones")
    assert (answer.status_code, answer.location) == (302, "/condiciones")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("idioma=en;")
    for part in ("Max-Age=31536000", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert '<html lang="en"' in client.get("/").text


@pytest.mark.parametrize(
    "target", ["https://evil.pe/", "//evil.pe", "/\\evil.pe", "javascript:1", ""]
)
def test_language_never_leads_off_the_site(client: FlaskClient, target: str) -> None:
    answer = client.get("/idioma/es", query_string={"next": target})
    assert answer.location == "/"


def test_an_unknown_language_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/idioma/xx")
    assert answer.status_code == 404
    assert "idioma=" not in answer.headers.get("Set-Cookie", "")


def test_alive_says_ok(client: FlaskClient) -> None:
    assert client.get("/salud/vivo").text == "ok\n"


def test_readiness_says_details_to_administrators_only(app: Flask, cast: Cast) -> None:
    # No worker runs in the tests: the index was never made.
    answer = app.test_client().get("/salud/listo")
    assert (answer.status_code, answer.text) == (503, "fail\n")
    assert cast.sign_in(app, cast.diego).get("/salud/listo").text == "fail\n"
    details = cast.sign_in(app, cast.gloria).get("/salud/listo").text
    assert "ok database: " in details
    assert "fail index: " in details


def test_a_database_that_cannot_be_written_to_is_not_ready(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gloria = cast.sign_in(app, cast.gloria)
    assert "ok database: " in gloria.get("/salud/listo").text
    if app.config["SITE"].is_sqlite:
        monkeypatch.setattr(os, "access", lambda *_arguments: False)
    else:
        event.listen(db.engine, "begin", _read_only)
    try:
        answer = gloria.get("/salud/listo")
        assert answer.status_code == 503
        assert re.search("fail database: .*, cannot be written to", answer.text)
    finally:
        if not app.config["SITE"].is_sqlite:
            event.remove(db.engine, "begin", _read_only)


def _read_only(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def test_readiness_follows_the_worker(client: FlaskClient, cast: Cast) -> None:
    _publish(cast, "primera", _shelf())
    with transaction() as session:
        job = session.query(Job).one()
        job.run_at = clock.now() - timedelta(minutes=4)
    assert client.get("/salud/listo").text == "ok\n"
    with transaction() as session:
        session.query(Job).one().run_at = clock.now() - timedelta(minutes=6)
    answer = client.get("/salud/listo")
    assert (answer.status_code, answer.text) == (503, "fail\n")


def test_the_style_guide_is_for_development(client: FlaskClient, app: Flask) -> None:
    assert client.get("/estilo").status_code == 200
    import dataclasses

    site = app.config["SITE"]
    app.config["SITE"] = dataclasses.replace(site, development=False)
    try:
        assert client.get("/estilo").status_code == 404
    finally:
        app.config["SITE"] = site


def test_the_brand_is_a_style_sheet_that_may_be_kept(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/estilo/marca.css")
    assert (answer.mimetype, answer.text) == ("text/css", "")
    wanted = settings.SiteSettings(accent="#ffee00")
    settings.change(wanted, actor_id=cast.gloria.person_id, now=START)
    assert '<link rel="stylesheet" href="/estilo/marca.css?v=ffee00">' in client.get("/").text
    answer = client.get("/estilo/marca.css?v=ffee00")
    assert "--accent: light-dark(" in answer.text
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get("/estilo/marca.css?v=old").headers["Cache-Control"]


def test_the_old_names_lead_somewhere(client: FlaskClient) -> None:
    assert client.get("/favicon.ico").location.startswith("/static/img/favicon.svg")
    assert "Disallow: /tickets\n" in client.get("/robots.txt").text


def test_no_page_of_the_site_map_is_forbidden_to_robots(client: FlaskClient) -> None:
    rules = [line.split(": ") for line in client.get("/robots.txt").text.splitlines() if line]
    allowed = {path.removesuffix("$") for name, path in rules if name == "Allow"}
    closed = [path for name, path in rules if name == "Disallow"]
    places = re.findall("<loc>http://[^/]+([^<]+)</loc>", client.get("/sitemap/paginas.xml").text)
    shut = {path for path in places if any(path.startswith(start) for start in closed)}
    assert shut == allowed == {"/tickets/nuevo", "/cuenta/registro"}


def test_a_visitor_costs_no_question_but_whether_something_changed(client: FlaskClient) -> None:
    client.get("/condiciones")
    assert [one for one in statements(client, "/condiciones") if "counters" not in one] == []


@pytest.mark.parametrize("path", ["/", "/condiciones", "/chat"])
def test_pages_come_without_the_menus_of_others(app: Flask, cast: Cast, path: str) -> None:
    page = app.test_client().get(path).text
    for place in ("/mesa", "/ventas", "/admin", "/editor", "/cuenta/colegas"):
        assert f'href="{place}' not in page


def test_an_error_page_is_drawn_when_the_database_fails(strict_app: Flask, cast: Cast) -> None:
    client = cast.sign_in(strict_app, cast.ana)
    with transaction() as session:
        session.execute(db.text("ALTER TABLE user_sessions RENAME TO gone"))
        session.execute(db.text("ALTER TABLE counters RENAME TO gone_too"))
    answer = client.get("/")
    assert answer.status_code in {500, 503}
    assert "(01) 739-0054" in answer.text
