"""What surrounds every page: headers, tokens, origins, cookies."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from accounts.models import Person
from app import create_app
from core.db import db
from core.protection import POLICY
from tests.cast import PASSWORD, Cast
from tests.conftest import Browser, site_config
from tests.databases import Backend, one_database
from tests.guards import guarded
from tests.tickets.builders import ticket
from tests.world import World, routes

HTTPS = "https://soporte.example"
TYPED = "Lo que escribí con mucho cuidado"
#: No token: the same page is read by all visitors. The origin is checked all the same.
WITHOUT_TOKEN = {"kb.rate", "accounts.stop_mail"}
#: Pages that say the same to every visitor.
PUBLIC = (
    "/", "/preguntas", "/preguntas/categoria/correo", "/preguntas/correo-lleno",
    "/preguntas/buscar?q=correo", "/preguntas/buscar?q=zzzz", "/preguntas/sugerencias?q=cor",
    "/condiciones", "/condiciones/1", "/robots.txt", "/salud/vivo", "/no-existe",
)  # fmt: skip


#: What browsers may keep, for everybody the same.
PUBLIC_FILES = {"home.brand_css", "home.robots", "images.picture"}


@pytest.fixture
def world(strict_app: Flask, made: World) -> World:
    """One row of everything, and browsers whose forms need their tokens."""
    return made.opened(strict_app)


@pytest.fixture
def visitor(strict_app: Flask) -> FlaskClient:
    return strict_app.test_client()


def token_of(page: TestResponse) -> str:
    found = re.search(r'csrf[-_]token" (?:content|value)="([^"]+)"', page.text)
    assert found, page.request.path
    return unescape(found.group(1))


def is_secret(rule: Rule) -> bool:
    """Whoever holds its address may read it, or it is one door of a page of that kind."""
    return "token" in rule.arguments or rule.rule.startswith("/cotizaciones/")


def test_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*", "blob:", "data: ;"):
        assert word not in POLICY
    assert POLICY.startswith("default-src 'none'")


@one_database
def test_every_answer_carries_the_headers(strict_app: Flask, world: World) -> None:
    files = {"tickets.attachment", "previews.large", "previews.small", "images.picture"}
    files |= {"chat.picture", "chat.reading_picture", "chat_desk.picture"}
    for route, (method, rule) in routes(strict_app).items():
        for name in ("visitor", "ana", "diego", "gloria"):
            client = world.clients[name]
            for missing in (False, True):
                answer = client.open(
                    world.address(strict_app, rule, missing=missing), method=method
                )
                wrong = guarded(answer, secret_address=is_secret(rule))
                if rule.endpoint in files and answer.status_code == 200:
                    assert wrong.pop("Content-Security-Policy") == "default-src 'none'; sandbox"
                    wrong.pop("Content-Type", None)
                assert wrong == {}, (name, route, answer.status_code)


@one_database
def test_signed_in_pages_are_kept_nowhere_and_all_vary_by_cookie(
    strict_app: Flask, world: World
) -> None:
    for route, (method, rule) in routes(strict_app).items():
        if rule.endpoint == "static":
            continue
        for name in ("visitor", "ana", "gloria"):
            answer = world.clients[name].open(world.address(strict_app, rule), method=method)
            assert "Cookie" in answer.headers.get("Vary", ""), (name, route)
            control = answer.headers["Cache-Control"]
            if name == "visitor" or rule.endpoint == "accounts.sign_out":
                assert "public" not in control or rule.endpoint in PUBLIC_FILES
            else:
                assert control == "no-store" or rule.endpoint == "images.picture", (name, route)


def test_static_file_with_its_print_may_be_kept_for_ever(visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    address = re.search(r'href="(/static/css/base\.css\?v=[0-9a-f]+)"', page)
    assert address
    kept = visitor.get(address.group(1))
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert guarded(kept) == {}
    assert "immutable" not in visitor.get("/static/css/base.css").headers["Cache-Control"]


@pytest.fixture
def https_client(app: Flask, backend: Backend) -> Iterator[FlaskClient]:
    """The same database behind a site that was told an https address."""
    site = dataclasses.replace(site_config(backend), public_url=HTTPS)
    secure = create_app(site)
    secure.test_client_class = Browser
    yield secure.test_client()
    secure.extensions["page_cache"].forget()
    with secure.app_context():
        db.engine.dispose()


def test_site_on_https_asks_for_it_for_a_year(app: Flask, https_client: FlaskClient) -> None:
    answer = https_client.get("/", base_url=HTTPS)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers


# Tokens and origins


@one_database
def test_every_form_without_its_token_is_refused_and_gives_the_text_back(
    strict_app: Flask, world: World
) -> None:
    for route, (method, rule) in routes(strict_app).items():
        if method == "GET" or rule.endpoint in WITHOUT_TOKEN:
            continue
        for name, client in world.clients.items():
            address = world.address(strict_app, rule)
            answer = client.open(address, method=method, data={"texto": TYPED, "clave": PASSWORD})
            assert answer.status_code == 400, (name, route)
            assert TYPED in answer.text
            assert PASSWORD not in answer.text
            assert f'name="texto" value="{TYPED}"' not in answer.text
    assert ticket(int(world.common["number"])).state == "en_atencion"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://evil.example/http://localhost"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
    ids=lambda headers: " ".join(headers.values()) or "empty",
)
def test_form_of_another_site_is_refused_even_with_a_token(
    strict_app: Flask, world: World, headers: dict[str, str]
) -> None:
    ana = world.clients["ana"]
    token = token_of(ana.get("/cuenta"))
    for route, (method, rule) in routes(strict_app).items():
        if method == "GET":
            continue
        address = world.address(strict_app, rule)
        data = {"csrf_token": token, "texto": TYPED, "util": "si"}
        answer = ana.open(address, method=method, data=data, headers=headers)
        assert answer.status_code == 400, route
        assert '<form method="post" action="/tickets' not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
    ],
    ids=lambda headers: " ".join(headers.values()) or "silent",
)
def test_form_of_this_site_is_taken(world: World, headers: dict[str, str]) -> None:
    ana = world.clients["ana"]
    data = {"csrf_token": token_of(ana.get("/cuenta")), "texto": TYPED}
    address = f"/tickets/{world.common['number']}/respuestas"
    assert ana.post(address, data=data, headers=headers).status_code == 303


def test_token_of_another_browser_is_worthless(world: World) -> None:
    stolen = token_of(world.clients["carla"].get("/cuenta"))
    ana = world.clients["ana"]
    address = f"/tickets/{world.common['number']}/respuestas"
    for token in (stolen, "", "x", stolen[:-1], "ñ" * 40):
        answer = ana.post(address, data={"csrf_token": token, "texto": TYPED})
        assert answer.status_code == 400
        assert TYPED in answer.text


def test_token_is_new_after_signing_in(world: World, visitor: FlaskClient) -> None:
    before = token_of(visitor.get("/cuenta/ingresar"))
    data = {"csrf_token": before, "correo": "ana@example.com", "clave": PASSWORD}
    assert visitor.post("/cuenta/ingresar", data=data).status_code == 303
    assert visitor.post("/cuenta", data={"csrf_token": before}).status_code == 400


def test_expired_form_of_our_own_page_can_be_sent_again_with_one_press(world: World) -> None:
    ana = world.clients["ana"]
    address = f"/tickets/{world.common['number']}/respuestas"
    data = {"csrf_token": "old", "texto": TYPED, "formulario": "f" * 43}
    refused = ana.post(address, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert refused.status_code == 400
    assert f'name="texto" value="{TYPED}"' in refused.text
    again = {"csrf_token": token_of(refused), "texto": TYPED, "formulario": "f" * 43}
    assert ana.post(address, data=again).status_code == 303
    assert TYPED in ana.get(f"/tickets/{world.common['number']}").text


def test_expired_form_of_tickets_shows_what_was_typed_and_can_be_sent_again(
    visitor: FlaskClient,
) -> None:
    typed = {"asunto": "Un asunto", "descripcion": TYPED, "afeccion": "spam", "prioridad": "alta"}
    carried = {"csrf_token": "old", "borrador": "b" * 43, "condiciones": "1", "accion": "enviar"}
    refused = visitor.post(
        "/tickets/nuevo",
        data={**typed, **carried, "adjuntos": (io.BytesIO(), "")},
        headers={"Sec-Fetch-Site": "same-origin"},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 400
    labels = re.findall(r'<label for="conservado-\d+">([^<]*)</label>', refused.text)
    assert labels == ["Asunto", "Descripción"]
    for name, value in {**typed, **carried}.items():
        sent_again = f'name="{name}" value="{value}"' in refused.text
        assert sent_again == (name != "csrf_token"), name


def test_expired_form_is_sent_again_with_every_value_of_a_name(
    strict_app: Flask, cast: Cast, world: World
) -> None:
    gloria, roles = world.clients["gloria"], ["technician", "editor", "sales"]
    address = f"/admin/personas/{cast.diego.person_id}/roles"
    refused = gloria.post(
        address,
        data={"csrf_token": "old", "roles": roles},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert refused.status_code == 400
    assert re.findall(r'name="roles" value="([^"]+)"', refused.text) == roles
    again = {"csrf_token": token_of(refused), "roles": roles}
    assert gloria.post(address, data=again).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Person, cast.diego.person_id).roles == set(roles)


def test_expired_form_with_a_file_says_so_and_leads_back(world: World) -> None:
    ana, ticket = world.clients["ana"], f"/tickets/{world.common['number']}"
    refused = ana.post(
        f"{ticket}/respuestas",
        data={"csrf_token": "old", "texto": TYPED, "adjuntos": (io.BytesIO(b"x"), "a.txt")},
        headers={"Sec-Fetch-Site": "same-origin", "Referer": f"http://localhost{ticket}"},
        content_type="multipart/form-data",
    )
    assert refused.status_code == 400
    assert TYPED in refused.text
    assert "adjúntelos otra vez" in refused.text
    assert "Enviar de nuevo" not in refused.text
    assert re.search(rf'href="{ticket}">[^<]*Volver a la página', refused.text)


def test_form_that_was_too_large_is_in_the_browser_alone(world: World) -> None:
    answer = world.clients["ana"].post(
        "/tickets/nuevo",
        data={"texto": TYPED, "adjuntos": (io.BytesIO(b"x" * (26 * 1024 * 1024)), "a.txt")},
        headers={"Referer": "http://localhost/tickets/nuevo"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413
    assert "su texto sigue en el formulario" in answer.text
    assert "data-back hidden" in answer.text
    assert "Volver a la página" not in answer.text


@pytest.mark.parametrize(
    "referrer",
    ["http://evil.example/tickets", "http://localhost@evil.example/", "javascript:x", ""],
)
def test_error_page_leads_back_to_our_own_pages_alone(world: World, referrer: str) -> None:
    address = f"/tickets/{world.common['number']}/respuestas"
    refused = world.clients["ana"].post(
        address, data={"csrf_token": "old", "texto": TYPED}, headers={"Referer": referrer}
    )
    assert refused.status_code == 400
    assert "Volver a la página" not in refused.text


def test_expired_form_with_a_password_is_not_offered_again(visitor: FlaskClient) -> None:
    data = {"correo": "ana@example.com", "clave": PASSWORD}
    answer = visitor.post("/cuenta/ingresar", data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 400
    assert PASSWORD not in answer.text
    assert 'name="correo" value=' not in answer.text
    assert "ana@example.com" in answer.text


def test_token_is_in_no_address(strict_app: Flask, world: World) -> None:
    for name in ("visitor", "ana", "diego"):
        for path in ("/", "/tickets/nuevo", "/cuenta/ingresar", "/cuenta", "/mesa", "/cotizacion"):
            page = world.clients[name].get(path)
            assert not re.search(r'(href|action|src)="[^"]*csrf', page.text)


def test_session_that_ended_while_writing_keeps_the_text(
    strict_app: Flask, world: World, visitor: FlaskClient
) -> None:
    token = token_of(visitor.get("/tickets/nuevo"))
    address = f"/tickets/{world.common['number']}/respuestas"
    answer = visitor.post(address, data={"csrf_token": token, "texto": TYPED})
    assert answer.status_code == 401
    assert TYPED in answer.text
    assert "Secreto" not in answer.text


# Cookies


def cookies_of(answer: TestResponse) -> dict[str, set[str]]:
    """Flags by name of the cookies an answer sets."""
    out: dict[str, set[str]] = {}
    for raw in answer.headers.getlist("Set-Cookie"):
        first, *flags = (part.strip() for part in raw.split(";"))
        kept = {flag for flag in flags if not flag.lower().startswith(("expires", "max-age"))}
        out[first.split("=", 1)[0]] = kept
    return out


def test_session_cookie_is_for_this_site_and_no_script(visitor: FlaskClient) -> None:
    assert cookies_of(visitor.get("/cuenta/ingresar")) == {
        "session": {"HttpOnly", "Path=/", "SameSite=Lax"}
    }


def test_cookies_of_an_https_site_belong_to_the_host(https_client: FlaskClient) -> None:
    found = [
        cookies_of(https_client.get(path, base_url=HTTPS))
        for path in ("/cuenta/ingresar", "/idioma/en")
    ]
    flags = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert found == [{"__Host-session": flags}, {"idioma": flags}]


@pytest.mark.parametrize("path", PUBLIC)
def test_visitor_who_reads_gets_no_cookie(world: World, visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.headers.getlist("Set-Cookie") == []
    assert "csrf_token" not in answer.text
