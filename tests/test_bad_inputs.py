"""Requests no browser sends, addresses that lead nowhere, and the pages that answer them.

The rows J01 to J18 of the security notes that concern every route; the bad inputs of one form
are with the tests of that form.
"""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from core.protection import ORDINARY_REQUEST
from tests.cast import PASSWORD, Cast
from tests.guards import guarded
from tests.world import World

TYPED = "Lo que escribí con mucho cuidado"


@pytest.fixture
def world(strict_app: Flask, made: World) -> World:
    """One row of everything, and browsers whose forms need their tokens."""
    return made.opened(strict_app)


@pytest.fixture
def visitor(strict_app: Flask) -> FlaskClient:
    return strict_app.test_client()


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "", "localhost:99999", "localhost@evil.example", "localhost, evil.example",
        "[::1", "localhost.evil.example", "evil.example:80",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/cuenta/clave/olvidada", "/no-existe"])
def test_request_for_another_host_is_refused(visitor: FlaskClient, host: str, path: str) -> None:
    answer = visitor.get(path, environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert guarded(answer) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Prefix", "/evil"),
        ("X-Forwarded-For", "1.2.3.4"),
        ("Forwarded", "host=evil.example;proto=https"),
        ("X-Real-IP", "1.2.3.4"),
        ("X-Original-URL", "/admin"),
        ("X-Rewrite-URL", "/admin"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Remote-User", "gloria@example.com"),
    ],
)
def test_headers_of_a_proxy_that_is_not_there_change_nothing(
    world: World, strict_app: Flask, name: str, value: str
) -> None:
    for path in ("/preguntas", "/cuenta/ingresar", "/admin"):
        plain = strict_app.test_client().get(path)
        dressed = strict_app.test_client().get(path, headers={name: value})
        assert dressed.status_code == plain.status_code
        assert dressed.headers.get("Location") == plain.headers.get("Location")
        assert "evil" not in dressed.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "FOO"])
def test_other_methods_are_refused_with_those_that_work(world: World, method: str) -> None:
    for path in ("/", "/tickets/nuevo", "/preguntas/correo-lleno", "/cuenta/ingresar"):
        answer = world.clients["ana"].open(path, method=method)
        assert answer.status_code == 405
        assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))
        assert guarded(answer) == {}


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/json", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded; charset=utf-7", 415),
        ("application/x-www-form-urlencoded; charset=latin-1", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=x", 400),
    ],
)
def test_body_that_is_no_form_is_refused(
    visitor: FlaskClient, content_type: str, status: int
) -> None:
    for path in ("/cuenta/ingresar", "/tickets/nuevo", "/preguntas/correo-lleno/valoraciones"):
        answer = visitor.post(path, data=b'{"correo": "a"}', content_type=content_type)
        assert answer.status_code == status, path
        assert guarded(answer) == {}


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 100_000, b"NaN", b"1e999", b'{"a":1,"a":2}', b"[]", b""]
)
def test_json_is_not_read(visitor: FlaskClient, body: bytes) -> None:
    answer = visitor.post("/llamada", data=body, content_type="application/json")
    assert answer.status_code == 415


def test_packed_body_is_refused(visitor: FlaskClient) -> None:
    headers = {"Content-Encoding": "gzip"}
    assert visitor.post("/llamada", data={"nombre": "x"}, headers=headers).status_code == 415


def test_form_that_is_too_large_is_refused_before_it_is_read(visitor: FlaskClient) -> None:
    large = {"correo": "x" * (ORDINARY_REQUEST + 1)}
    many = {f"campo{n}": "1" for n in range(5000)}
    for path in ("/cuenta/ingresar", "/llamada", "/cotizacion"):
        for data in (large, many):
            answer = visitor.post(path, data=data)
            assert answer.status_code == 413, path
            assert guarded(answer) == {}
    files = {"asunto": "x" * (26 * 1024 * 1024)}
    assert visitor.post("/tickets/nuevo", data=files).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/no-existe", "/admin.php", "/.git/config", "/instance/support.db", "/support.db",
        "/static/../core/config.py", "/static/..%2fcore/config.py", "/static/%2e%2e/app.py",
        "/TICKETS", "/tickets;x=1", "/mesa/tickets/٣", "/tickets/0", "/tickets/-1", "/tickets/1.0",
        "/tickets/" + "9" * 40, "/tickets/01001", "/preguntas/..%2f..%2fetc%2fpasswd",
        "/preguntas/%00", "/preguntas/%0d%0aSet-Cookie:x", "/preguntas/" + "a" * 20_000,
        "/preguntas/%zz", "/preguntas/%2527", "/preguntas/%ff", "/wp-login.php", "/uploads/x.png",
    ],
)  # fmt: skip
def test_address_that_leads_nowhere_is_not_found(world: World, path: str) -> None:
    for name in ("visitor", "gloria"):
        answer = world.clients[name].get(path)
        assert answer.status_code == 404, name
        assert guarded(answer) == {}


@pytest.mark.parametrize(
    "form", ["//tickets/{n}", "/tickets/{n}/", "/tickets%2f{n}", "/tickets//{n}"]
)
def test_address_written_otherwise_opens_nothing_more(world: World, form: str) -> None:
    path = form.format(n=world.common["number"])
    for name in ("visitor", "carla"):
        # Not as the client's own argument: it would take the first part of «//x» for a host.
        answer = world.clients[name].get("/", environ_overrides={"PATH_INFO": unquote(path)})
        assert answer.status_code in {301, 302, 308, 404}
        assert "Secreto" not in answer.text
        location = answer.headers.get("Location", "/")
        assert location.startswith(("/", "http://localhost/"))
        assert not location.startswith("//")
        assert "Secreto" not in world.clients[name].get(location, follow_redirects=True).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"Accept": "*/*;q=-1"},
        {"Accept-Language": "../../x"},
        {"Accept-Language": "x" * 10_000},
        {"If-Modified-Since": "never"},
        {"If-None-Match": "x"},
        {"Range": "x"},
        {"Range": "bytes=0-1"},
        {"Cookie": "session=garbage"},
        {"Cookie": "session=" + "x" * 8000},
        {"Cookie": "session=a; session=b"},
        {"Cookie": "x" * 100_000},
        {"Cookie": "idioma=../../x"},
        {"User-Agent": ""},
        {"Referer": "javascript:alert(1)"},
    ],
    ids=lambda headers: " ".join(f"{k}={v[:20]}" for k, v in headers.items()),
)
@pytest.mark.parametrize("path", ["/", "/preguntas/correo-lleno", "/cuenta/ingresar"])
def test_strange_headers_get_the_ordinary_page(
    world: World, visitor: FlaskClient, headers: dict[str, str], path: str
) -> None:
    answer = visitor.get(path, headers=headers)
    assert answer.status_code == 200
    assert "</html>" in answer.text
    assert "Ingresar" in answer.text


# Errors in the site's face


@pytest.fixture
def broken(strict_app: Flask) -> FlaskClient:
    """The site with pages that fail, open to everybody."""

    def crash() -> str:
        raise RuntimeError("SELECT secret FROM people")

    def no_database() -> str:
        raise OperationalError("SELECT secret", {}, Exception("disk I/O error"))

    def stop(code: int) -> str:
        abort(code)

    for view in (crash, no_database, stop):
        view.door = "open"  # type: ignore[attr-defined]
    strict_app.add_url_rule("/prueba/500", view_func=crash, methods=["GET", "POST"])
    strict_app.add_url_rule("/prueba/503", view_func=no_database, methods=["GET", "POST"])
    strict_app.add_url_rule("/prueba/codigo/<int:code>", view_func=stop, methods=["GET", "POST"])
    strict_app.config["WTF_CSRF_ENABLED"] = False
    return strict_app.test_client()


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 413, 415, 418, 429, 500, 503])
def test_error_has_a_page_in_words(broken: FlaskClient, code: int) -> None:
    answer = broken.get(f"/prueba/codigo/{code}")
    assert answer.status_code == code
    assert f"Error {code}" in answer.text
    assert 'class="brand"' in answer.text
    assert "(01) 739-0054" in answer.text
    assert "noindex" in answer.text
    assert guarded(answer) == {}
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("code", [500, 503])
def test_failure_says_nothing_of_the_inside_and_keeps_the_text(
    broken: FlaskClient, code: int
) -> None:
    answer = broken.post(f"/prueba/{code}", data={"texto": TYPED, "clave": PASSWORD})
    assert answer.status_code == code
    assert TYPED in answer.text
    for word in (PASSWORD, "Traceback", "SELECT", "secret FROM", "disk I/O", "/core/", ".py"):
        assert word not in answer.text
    assert guarded(answer) == {}


def test_too_many_tries_say_when_to_come_back(
    strict_app: Flask, cast: Cast, visitor: FlaskClient
) -> None:
    strict_app.config["WTF_CSRF_ENABLED"] = False
    data = {"correo": "ana@example.com", "clave": "otra cosa distinta"}
    answers = [visitor.post("/cuenta/ingresar", data=data) for _ in range(11)]
    last = answers[-1]
    assert last.status_code == 429
    assert 0 < int(last.headers["Retry-After"]) <= 900
    assert "Error 429" in last.text
    assert guarded(last) == {}
