"""Outages as everybody reads them, and what a customer is offered about one."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.tokens import new_token
from tests.cast import START, Cast
from tests.tickets.builders import filed, ticket
from tests.tickets.outages.builders import joined, outaged, queries_of
from tests.visit import Visit
from tickets import places
from tickets.outages import actions, joining, resolving

SHOWN = ("/", "/preguntas", "/preguntas/buscar?q=correo", "/tickets/nuevo", "/averias")
ELSEWHERE = ("/cuenta/ingresar", "/condiciones", "/llamada", "/cotizacion", "/preguntas/no-hay")
TITLE = "No llegan correos de Gmail"


def resolved(outage: int, cast: Cast, text: str = "Se cambió el equipo.") -> None:
    resolving.resolve(
        number=outage, actor=cast.diego, text=text, numbers=[], form_id=new_token(), now=START
    )


@pytest.mark.parametrize("path", SHOWN)
def test_an_open_outage_is_announced_until_it_is_resolved(
    app: Flask, client: FlaskClient, cast: Cast, path: str
) -> None:
    assert TITLE not in client.get(path).text
    outage = outaged(cast.diego)
    page = client.get(path).text
    assert TITLE in page
    assert f'href="/averias/{outage}"' in page
    assert "<time datetime=" in page
    actions.edit(
        number=outage,
        actor=cast.diego,
        told=actions.Told("No salen correos", "Otra cosa", "corte-de-red"),
        now=START,
    )
    assert "No salen correos" in client.get(path).text
    resolved(outage, cast)
    if path != "/averias":
        assert "No salen correos" not in client.get(path).text


@pytest.mark.parametrize("path", ELSEWHERE)
def test_an_outage_is_not_announced_on_other_pages(
    app: Flask, client: FlaskClient, cast: Cast, path: str
) -> None:
    outaged(cast.diego)
    assert TITLE not in client.get(path).text


@pytest.mark.parametrize("path", SHOWN[:4])
def test_outages_cost_no_query_while_content_stands_still(
    app: Flask, cast: Cast, path: str
) -> None:
    client = cast.sign_in(app, cast.elena if path != "/tickets/nuevo" else cast.ana)
    client.get(path)
    before = len(queries_of(client, path))
    for _ in range(30):
        outaged(cast.diego)
    client.get(path)
    # On the ticket form: how the company stands to them, and the policy.
    assert len(queries_of(client, path)) - before == (3 if path == "/tickets/nuevo" else 0)


def test_many_outages_are_announced_in_three_lines(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    for n in range(5):
        outaged(cast.diego, title=f"Avería {n}")
    page = client.get("/").text
    assert re.findall(r"Avería \d", page) == ["Avería 4", "Avería 3", "Avería 2"]
    assert "Ver las 5 averías conocidas" in page


def test_the_public_page_holds_the_text_and_the_log_as_safe_html(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    mark = '"><img src=x onerror=MARK>'
    outage = outaged(cast.diego, title=mark, body=f"**Cae** {mark}", services=(mark,))
    actions.add_update(
        number=outage, actor=cast.diego, body=f"Novedad {mark}", form_id=new_token(), now=START
    )
    for path in (f"/averias/{outage}", "/averias", "/", "/tickets/nuevo"):
        assert "<img src=x" not in client.get(path).text, path
    page = client.get(f"/averias/{outage}").text
    assert "<strong>Cae</strong>" in page
    assert page.index("Novedad") < page.index("<strong>Cae</strong>")
    resolved(outage, cast, "Quedó **bien**")
    page = client.get(f"/averias/{outage}").text
    assert "<strong>bien</strong>" in page
    assert "A mí también me afecta" not in page
    assert client.get("/averias/999999").status_code == 404


def test_english_words_are_shown_to_english_readers_and_spanish_ones_are_marked(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    outaged(cast.diego, title="Sin red", title_en="No network", body="Cae", body_en="It fails")
    outaged(cast.diego, title="Sólo en español", body="Nada más")
    client.set_cookie("idioma", "en")
    page = client.get("/averias").text
    assert "No network" in page
    assert "Sin red" not in page
    assert '<span lang="es">Sólo en español</span>' in page
    assert "It fails" in client.get("/averias/1").text
    assert re.search(r'<div class="prose small" lang="es"><p>Nada', client.get("/averias/2").text)


def test_a_visitor_signs_in_and_comes_back(app: Flask, client: FlaskClient, cast: Cast) -> None:
    outage = outaged(cast.diego)
    for path in (f"/averias/{outage}", "/tickets/nuevo"):
        assert f"/cuenta/ingresar?next=/averias/{outage}" in client.get(path).text
    assert "Set-Cookie" not in client.get(f"/averias/{outage}").headers


def test_a_customer_reports_it_on_the_page_of_the_outage(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    client = cast.sign_in(app, cast.ana)
    page = client.get(f"/averias/{outage}").text
    form = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
        for name in ("formulario", "condiciones")
    }
    assert "Al enviar autoriza al equipo técnico" in page
    sent = client.post(f"/averias/{outage}/afectados", data={**form, "linea": "No veo nada"})
    assert (sent.status_code, sent.location) == (303, "/tickets/1001")
    thread = client.get("/tickets/1001").text
    assert "No veo nada" in thread
    assert "Es parte de una avería conocida:" in thread
    assert f"Se unió a la avería conocida {outage}" in thread
    assert "ticket 1001" in client.get(f"/averias/{outage}").text
    assert "ticket 1001" in client.get("/tickets/nuevo").text


def test_a_line_that_is_too_long_stays_in_its_box(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    page = cast.sign_in(app, cast.ana).post(
        f"/averias/{outage}/afectados", data={"linea": "x" * 301}
    )
    assert page.status_code == 422
    assert "x" * 301 in page.text
    assert f'href="#linea-{outage}"' in page.text
    assert places.queue_length() == 0


def test_changed_conditions_are_shown_before_anything_is_filed(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    page = cast.sign_in(app, cast.ana).post(
        f"/averias/{outage}/afectados", data={"linea": "Nada va", "condiciones": "7"}
    )
    assert page.status_code == 422
    assert "Las condiciones cambiaron" in page.text
    assert "Nada va" in page.text
    assert places.queue_length() == 0


def test_an_open_ticket_with_the_same_affection_is_offered_instead(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    own = filed(cast.ana, affection="corte-de-red")
    filed(cast.ana, affection="spam", subject="Otro asunto")
    client = cast.sign_in(app, cast.ana)
    for path in (f"/averias/{outage}", "/tickets/nuevo"):
        page = client.get(path).text
        assert f"Unir el ticket {own}" in page
        assert "Otro asunto" not in page
    sent = client.post(f"/averias/{outage}/tickets", data={"ticket": own})
    assert sent.location == f"/tickets/{own}"
    assert "Unir el ticket" not in client.get(f"/averias/{outage}").text
    for bad in ("", "x", "999999", "-1", str(own + 50)):
        assert client.post(f"/averias/{outage}/tickets", data={"ticket": bad}).status_code == 404
    foreign = cast.sign_in(app, cast.carla)
    assert foreign.post(f"/averias/{outage}/tickets", data={"ticket": own}).status_code == 404


def test_a_ticket_about_something_else_is_told_apart(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    own = filed(cast.ana, affection="spam")
    sent = cast.sign_in(app, cast.ana).post(f"/averias/{outage}/tickets", data={"ticket": own})
    assert sent.status_code == 409


def test_a_colleague_without_sight_is_told_and_nothing_leaks(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    number = joined(outage, cast.ana)
    client = cast.sign_in(app, cast.beto)
    for path in (f"/averias/{outage}", "/tickets/nuevo"):
        page = client.get(path).text
        assert "Su empresa ya informó de esta avería" in page
        assert str(number) not in page
    sent = client.post(f"/averias/{outage}/afectados", data={})
    assert sent.location == f"/averias/{outage}"
    assert "Su empresa ya informó de esta avería." in client.get(sent.location).text


def test_a_member_without_the_right_is_told_whom_to_ask(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    client = cast.sign_in(app, cast.beto)
    page = client.get(f"/averias/{outage}").text
    assert "no puede abrir incidencias" in page
    assert "/afectados" not in page
    assert client.post(f"/averias/{outage}/afectados", data={}).status_code == 422
    assert places.queue_length() == 0


def test_an_outage_that_ended_meanwhile_files_nothing(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    resolved(outage, cast)
    client = cast.sign_in(app, cast.ana)
    sent = client.post(f"/averias/{outage}/afectados", data={"linea": "Sigue sin entrar nada"})
    assert sent.status_code == 409
    assert "Sigue sin entrar nada" in sent.text
    assert places.queue_length() == 0


def test_a_company_still_finds_its_ticket_on_an_outage_that_ended(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    number = joined(outage, cast.ana)
    resolved(outage, cast)
    page = cast.sign_in(app, cast.ana).get(f"/averias/{outage}").text
    assert f"Su empresa informó de esta avería en el ticket {number}." in page
    for other in (cast.beto, cast.carla):
        assert str(number) not in cast.sign_in(app, other).get(f"/averias/{outage}").text


def test_the_whole_way_in_a_browser_without_scripts(app: Flask, cast: Cast) -> None:
    from tests.cast import PASSWORD

    outage = outaged(cast.diego)
    visit = Visit(app).go("/").follow(f"/averias/{outage}").follow("/cuenta/ingresar?next=/averias")
    visit.send("/cuenta/ingresar", correo=cast.ana.email, clave=PASSWORD)
    visit.send(f"/averias/{outage}/afectados", linea="Desde las 10")
    visit.says("Recibimos su ticket 1001.", "Desde las 10", "Es parte de una avería conocida:")
    assert ticket(1001).state == "en_cola"


def test_detached_tickets_say_nothing_of_the_outage(app: Flask, cast: Cast) -> None:
    outage = outaged(cast.diego)
    number = joined(outage, cast.ana)
    joining.detach(number=number, actor=cast.diego, now=START)
    page = cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text
    assert "Es parte de una avería conocida" not in page
    assert f"Dejó de ser parte de la avería conocida {outage}" in page
