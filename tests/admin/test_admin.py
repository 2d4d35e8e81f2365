from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import Person, UserSession
from accounts.permissions import Role
from admin import actions
from conditions import queries as conditions
from core import clock, outbox, settings
from core.db import db, transaction
from core.models import AuditEntry, Job
from tests.cast import START, Cast
from tests.home.counting import statements
from tests.tickets.builders import answered, filed, taken, ticket
from tickets.handling import Then

PAGES = ["/admin", "/admin/ajustes", "/admin/condiciones", "/admin/trabajos", "/admin/personas"]


@pytest.fixture
def gloria(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.gloria)


def person(person_id: int) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, person_id)


def settings_form(**changes: str) -> dict[str, str]:
    return {
        "nombre": "NetSolution", "titulo": "Centro de soporte", "telefono": "(01) 739-0054",
        "whatsapp": "969 782 160", "horario": "24 horas", "correo": "hola@netsolution.pe",
        "acento": "", "limite": "3", "deshacer": "15", "revisar": "12",
    } | changes  # fmt: skip


def audited(action: str) -> list[str]:
    return list(db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == action)))


@pytest.mark.parametrize("path", [*PAGES, "/admin/personas/1"])
def test_administration_is_not_there_for_others(app: Flask, cast: Cast, path: str) -> None:
    for actor in (cast.ana, cast.diego, cast.elena, cast.fabio):
        answer = cast.sign_in(app, actor).get(path)
        assert answer.status_code == 404
        assert "carla@example.com" not in answer.text
    assert app.test_client().get(path).status_code == 302


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/admin/ajustes", {"nombre": "Otro"}),
        ("/admin/condiciones", {"titulo": "x", "texto": "y", "accion": "publicar"}),
        ("/admin/personas/1/cierre", {}),
        ("/admin/personas/1/reapertura", {}),
        ("/admin/personas/4/roles", {"roles": "admin"}),
        ("/admin/trabajos/1/reintento", {}),
    ],
)
def test_nobody_else_administers(app: Flask, cast: Cast, path: str, data: dict[str, str]) -> None:
    for actor in (cast.ana, cast.diego):
        assert cast.sign_in(app, actor).post(path, data=data).status_code == 404
    assert person(1).disabled_at is None
    assert settings.load() == settings.SiteSettings()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens(gloria: FlaskClient, path: str) -> None:
    assert gloria.get(path).status_code == 200


def test_settings_are_stored_and_shown(app: Flask, gloria: FlaskClient) -> None:
    answer = gloria.post(
        "/admin/ajustes",
        data=settings_form(
            nombre="Otra SAC", acento="#FFEE00", telefono="+34 612 345 678", limite="5"
        ),
    )
    assert (answer.status_code, answer.location) == (303, "/admin/ajustes")
    now = settings.load()
    assert (now.name, now.accent, now.phone, now.held_limit) == (
        "Otra SAC", "#ffee00", "+34612345678", 5,
    )  # fmt: skip
    page = app.test_client().get("/").text
    assert "Otra SAC" in page
    assert "+34 612 34 56 78" in page
    assert audited("settings.changed") == ["site"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("nombre", " "), ("nombre", "x" * 61), ("telefono", "123"), ("whatsapp", "123"),
        ("correo", "no"), ("acento", "red"), ("acento", "#12345g"), ("acento", "#fff"),
        ("limite", "0"), ("limite", "21"), ("limite", "x"), ("limite", ""),
        ("deshacer", "-1"), ("deshacer", "61"), ("deshacer", ""), ("horario", ""),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_and_kept(gloria: FlaskClient, field: str, text: str) -> None:
    answer = gloria.post("/admin/ajustes", data=settings_form(**{field: text}))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert settings.load() == settings.SiteSettings()


def test_the_form_shows_the_present_settings(gloria: FlaskClient) -> None:
    page = gloria.get("/admin/ajustes").text
    assert 'value="+5117390054"' in page
    assert (
        gloria.post("/admin/ajustes", data=settings_form(telefono="+5117390054")).status_code == 303
    )


def test_conditions_are_seen_before_they_are_published(gloria: FlaskClient) -> None:
    new = {"titulo": "Condiciones", "texto": "## Cambio\n\nTexto <b>nuevo</b>.", "desde": "1"}
    seen = gloria.post("/admin/condiciones", data=new | {"accion": "vista"})
    assert seen.status_code == 200
    assert '<h2 id="s-cambio">Cambio</h2>' in seen.text
    assert "Publicar la versión 2" in seen.text
    assert conditions.version(2) is None
    answer = gloria.post("/admin/condiciones", data=new | {"accion": "publicar"})
    assert (answer.status_code, answer.location) == (303, "/condiciones")
    again = gloria.post("/admin/condiciones", data=new | {"accion": "publicar"})
    assert again.status_code == 409
    assert "Este texto ya es el vigente" in again.text
    late = gloria.post("/admin/condiciones", data=new | {"accion": "publicar", "texto": "Otro"})
    assert late.status_code == 409
    assert "Otra persona publicó" in late.text
    assert conditions.version(3) is None


def test_conditions_need_a_title_and_a_text(gloria: FlaskClient) -> None:
    answer = gloria.post("/admin/condiciones", data={"accion": "publicar", "desde": "1"})
    assert answer.status_code == 422
    too_long = {"titulo": "x", "texto": "x" * 100_001, "accion": "publicar", "desde": "1"}
    assert gloria.post("/admin/condiciones", data=too_long).status_code == 422
    assert conditions.version(2) is None


def test_people_are_found_by_name_mail_and_company(gloria: FlaskClient) -> None:
    def found(words: str) -> set[str]:
        page = gloria.get("/admin/personas", query_string={"q": words}).text
        names = ("Ana Quispe", "Beto Ramos", "Carla Rojas", "Diego Vargas")
        return {name for name in names if name in page}

    assert found("quispe") == {"Ana Quispe"}
    assert found("BETO@") == {"Beto Ramos"}
    assert found("costa") == {"Carla Rojas"}
    assert found("") == {"Ana Quispe", "Beto Ramos", "Carla Rojas", "Diego Vargas"}
    for nothing in ("%", "_", "' OR 1=1 --", "<script>"):
        assert found(nothing) == set()


def test_what_was_searched_is_shown_as_text(gloria: FlaskClient) -> None:
    page = gloria.get("/admin/personas", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
    assert gloria.get("/admin/personas?pagina=99").status_code == 404
    assert gloria.get("/admin/personas?pagina=" + "9" * 40).status_code == 404


def test_people_cost_the_same_for_one_and_thirty(gloria: FlaskClient) -> None:
    one = len(statements(gloria, "/admin/personas?q=Gloria"))
    with transaction() as session:
        for number in range(30):
            session.add(
                Person(
                    email=f"p{number}@example.com", name=f"Persona {number:02}", password_hash="x",
                    rights=frozenset(), roles=frozenset({"editor"}), created_at=START,
                )
            )  # fmt: skip
    assert len(statements(gloria, "/admin/personas")) == one
    assert "Página 2" in gloria.get("/admin/personas").text


def test_closing_an_account_ends_its_sessions(app: Flask, cast: Cast, gloria: FlaskClient) -> None:
    ana = cast.sign_in(app, cast.ana)
    assert ana.get("/tickets").status_code == 200
    address = f"/admin/personas/{cast.ana.person_id}"
    for _ in range(2):
        assert gloria.post(f"{address}/cierre").location == address
    assert ana.get("/tickets").status_code == 302
    assert person(cast.ana.person_id).disabled_at is not None
    left = select(func.count()).where(UserSession.person_id == cast.ana.person_id)
    assert db.session.scalar(left) == 0
    assert gloria.post(f"{address}/reapertura").status_code == 303
    assert person(cast.ana.person_id).disabled_at is None
    assert audited("person.closed") == audited("person.opened") == [f"person:{cast.ana.person_id}"]


@pytest.mark.parametrize("how", ["cierre", "roles"])
def test_tickets_of_a_technician_who_leaves_go_back_to_their_place(
    app: Flask, cast: Cast, gloria: FlaskClient, how: str
) -> None:
    first, second = filed(cast.ana, affection="corte-de-red"), filed(cast.carla)
    asked = filed(cast.ana)
    assert [taken(cast.diego) for _ in range(3)] == [first, second, asked]
    answered(asked, cast.diego, Then.WAIT)
    address = f"/admin/personas/{cast.diego.person_id}/{how}"
    assert gloria.post(address, data={"roles": "editor"}).status_code == 303
    assert [ticket(number).state for number in (first, second, asked)] == [
        "en_cola",
        "en_cola",
        "esperando_cliente",
    ]
    dora = cast.sign_in(app, cast.dora)
    page = dora.get(f"/mesa/tickets/{first}").text
    assert "Se cerró o cambió la cuenta" in page
    assert [taken(cast.dora) for _ in range(2)] == [first, second]


def test_a_technician_who_gets_another_role_as_well_keeps_their_tickets(
    cast: Cast, gloria: FlaskClient
) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    address = f"/admin/personas/{cast.diego.person_id}/roles"
    assert gloria.post(address, data={"roles": ["technician", "sales"]}).status_code == 303
    assert (ticket(number).state, ticket(number).holder_id) == (
        "en_atencion",
        cast.diego.person_id,
    )


def test_the_last_administrator_stays(cast: Cast, gloria: FlaskClient) -> None:
    address = f"/admin/personas/{cast.gloria.person_id}"
    for path, data in (("cierre", {}), ("roles", {"roles": "technician"})):
        answer = gloria.post(f"{address}/{path}", data=data)
        assert answer.status_code == 409
        assert "Es el único administrador" in answer.text
    assert person(cast.gloria.person_id).disabled_at is None
    assert person(cast.gloria.person_id).roles == {"admin"}
    # A closed administrator is none.
    actions.change_roles(
        cast.dora.person_id, frozenset({Role.ADMINISTRATOR}), actor=cast.gloria, now=START
    )
    actions.close_person(cast.dora.person_id, actor=cast.gloria, now=START)
    with pytest.raises(actions.LastAdministratorError):
        actions.close_person(cast.gloria.person_id, actor=cast.gloria, now=START)
    actions.open_person(cast.dora.person_id, actor=cast.gloria, now=START)
    actions.close_person(cast.gloria.person_id, actor=cast.dora, now=START)


def test_roles_change_at_once(app: Flask, cast: Cast, gloria: FlaskClient) -> None:
    diego = cast.sign_in(app, cast.diego)
    assert diego.get("/ventas").status_code == 404
    address = f"/admin/personas/{cast.diego.person_id}/roles"
    answer = gloria.post(address, data={"roles": ["sales", "editor"]})
    assert answer.status_code == 303
    assert diego.get("/ventas").status_code == 200
    assert diego.get("/mesa/llamadas").status_code == 404
    assert person(cast.diego.person_id).roles == {"sales", "editor"}
    assert audited("person.roles_changed") == [f"person:{cast.diego.person_id}"]


@pytest.mark.parametrize("roles", [[], ["root"], ["admin", "x" * 1000], [""]])
def test_unknown_roles_are_refused(cast: Cast, gloria: FlaskClient, roles: list[str]) -> None:
    address = f"/admin/personas/{cast.diego.person_id}/roles"
    assert gloria.post(address, data={"roles": roles}).status_code == 422
    assert person(cast.diego.person_id).roles == {"technician"}


def test_a_customer_gets_no_role(cast: Cast, gloria: FlaskClient) -> None:
    address = f"/admin/personas/{cast.ana.person_id}"
    assert gloria.post(f"{address}/roles", data={"roles": "admin"}).status_code == 404
    assert 'name="roles"' not in gloria.get(address).text
    with pytest.raises(actions.NotStaffError):
        actions.change_roles(
            cast.ana.person_id, frozenset({Role.EDITOR}), actor=cast.gloria, now=START
        )
    assert person(cast.ana.person_id).roles == frozenset()


@pytest.mark.parametrize("verb", ["", "/cierre", "/reapertura", "/roles"])
def test_nobody_is_not_found(gloria: FlaskClient, verb: str) -> None:
    address = f"/admin/personas/999{verb}"
    answer = gloria.post(address, data={"roles": "editor"}) if verb else gloria.get(address)
    assert answer.status_code == 404


def test_a_failed_job_is_shown_and_tried_again(gloria: FlaskClient) -> None:
    with transaction() as session:
        outbox.enqueue("nobody.knows", {}, now=START)
        session.flush()
        session.query(Job).one().attempts = 9
    outbox.drain(clock.now())
    with transaction() as session:
        known = session.scalars(select(Job).where(Job.kind == "nobody.knows")).one()
        known.last_error = "SMTP <b>refused</b> </code>"
    page = gloria.get("/admin/trabajos").text
    assert "nobody.knows" in page
    assert "SMTP &lt;b&gt;refused&lt;/b&gt; &lt;/code&gt;" in page
    assert "1 trabajo no se pudo hacer" in gloria.get("/admin").text
    job = db.session.scalars(select(Job.id).where(Job.kind == "nobody.knows")).one()
    answer = gloria.post(f"/admin/trabajos/{job}/reintento")
    assert (answer.status_code, answer.location) == (303, "/admin/trabajos")
    db.session.rollback()
    row = db.session.get_one(Job, job)
    assert (row.failed_at, row.attempts, row.claimed_until) == (None, 0, None)
    assert outbox.pending(["nobody.knows"]) == 1
    assert audited("job.retried") == [f"job:{job}"]
    # What waits or was done is not tried again.
    assert gloria.post(f"/admin/trabajos/{job}/reintento").status_code == 404
    assert gloria.post("/admin/trabajos/999/reintento").status_code == 404


def test_jobs_cost_the_same_for_one_and_thirty(gloria: FlaskClient) -> None:
    def fail(count: int) -> None:
        with transaction() as session:
            for number in range(count):
                session.add(
                    Job(
                        kind="x.y", payload={}, created_at=START, run_at=START,
                        failed_at=START + timedelta(seconds=number), last_error="x",
                    )
                )  # fmt: skip

    fail(1)
    one = len(statements(gloria, "/admin/trabajos"))
    fail(29)
    assert len(statements(gloria, "/admin/trabajos")) == one
