"""The people of a company: who sees them, who may change what (R10, V83, B25, Z5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import event

from accounts.models import Person, UserSession
from accounts.permissions import PRESETS, Actor
from core.db import db, transaction
from core.models import AuditEntry
from tests.accounts.test_registration import FORM
from tests.cast import START, Cast, password_hash

ALL = sorted(map(str, PRESETS["administrador"]))


def rights_of(person_id: int) -> frozenset[str]:
    db.session.rollback()
    return db.session.get_one(Person, person_id).rights


def give(person_id: int, *rights: str) -> None:
    with transaction() as session:
        session.get_one(Person, person_id).rights = frozenset(rights)


def member_url(actor: Actor) -> str:
    return f"/cuenta/empresa/miembros/{actor.person_id}"


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def record(_c: object, _cur: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", record)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", record)


def test_members_are_shown_to_their_company_alone(app: Flask, cast: Cast) -> None:
    page = cast.sign_in(app, cast.beto).get("/cuenta/empresa")
    assert page.status_code == 200
    assert "ana@example.com" in page.text
    assert "carla@example.com" not in page.text
    assert cast.sign_in(app, cast.diego).get("/cuenta/empresa").status_code == 404


def test_member_without_the_right_sees_no_buttons_and_can_do_nothing(
    app: Flask, cast: Cast
) -> None:
    client = cast.sign_in(app, cast.beto)
    page = client.get("/cuenta/empresa").text
    assert "/cuenta/empresa/miembros/" not in page
    assert "/cuenta/empresa/invitaciones" not in page
    url = member_url(cast.ana)
    assert client.get(url).status_code == 404
    for path in (url, f"{url}/cierre", f"{url}/reapertura"):
        assert client.post(path, data={"permisos": ALL}).status_code == 404
    invite = {"correo": "eva@example.com", "preset": "lectura"}
    assert client.post("/cuenta/empresa/invitaciones", data=invite).status_code == 404
    assert rights_of(cast.ana.person_id) == cast.ana.rights


def test_manager_of_another_company_finds_nobody(app: Flask, cast: Cast) -> None:
    client, url = cast.sign_in(app, cast.carla), member_url(cast.beto)
    there, missing = client.get(url), client.get("/cuenta/empresa/miembros/99999")
    assert (there.status_code, missing.status_code) == (404, 404)
    token = re.compile(r'(csrf[-_]token" (?:content|value)=)"[^"]+"')
    assert token.sub(r"\1", there.text.replace(url, "…")) == token.sub(
        r"\1", missing.text.replace("/cuenta/empresa/miembros/99999", "…")
    )
    for path in (url, f"{url}/cierre", f"{url}/reapertura"):
        assert client.post(path, data={"permisos": ALL}).status_code == 404
    assert rights_of(cast.beto.person_id) == cast.beto.rights
    assert db.session.get_one(Person, cast.beto.person_id).disabled_at is None


def test_unconfirmed_manager_waits(app: Flask) -> None:
    client = app.test_client()
    client.post("/cuenta/registro", data=FORM)
    page = client.get("/cuenta/empresa").text
    assert "Confirme su correo para invitar" in page
    assert "/cuenta/empresa/invitaciones" not in page
    invite = {"correo": "eva@example.com", "preset": "lectura"}
    assert client.post("/cuenta/empresa/invitaciones", data=invite).status_code == 404


def test_rights_change_from_the_next_request(app: Flask, cast: Cast) -> None:
    ana, beto = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.beto)
    assert beto.get(member_url(cast.ana)).status_code == 404
    wanted = ["open_requests", "manage_members"]
    answer = ana.post(member_url(cast.beto), data={"permisos": wanted})
    assert (answer.status_code, answer.location) == (303, "/cuenta/empresa")
    assert rights_of(cast.beto.person_id) == frozenset(wanted)
    assert beto.get(member_url(cast.ana)).status_code == 200
    ana.post(member_url(cast.beto), data={"permisos": ["open_requests"]})
    assert beto.get(member_url(cast.ana)).status_code == 404
    db.session.rollback()
    changes = db.session.query(AuditEntry).filter_by(action="member.rights_changed")
    entries = changes.order_by(AuditEntry.id).all()
    assert [e.data for e in entries] == [
        {"before": ["open_requests"], "after": ["manage_members", "open_requests"]},
        {"before": ["manage_members", "open_requests"], "after": ["open_requests"]},
    ]
    assert {e.actor_id for e in entries} == {cast.ana.person_id}


def test_nobody_grants_what_they_do_not_hold(app: Flask, cast: Cast) -> None:
    give(cast.beto.person_id, "manage_members", "open_requests")
    give(cast.ana.person_id, "manage_members", "authorise_access", "open_requests")
    client = cast.sign_in(app, cast.beto)
    page = client.get(member_url(cast.ana)).text
    assert "Usted no tiene ese permiso" in page
    refused = client.post(member_url(cast.beto), data={"permisos": ["authorise_access"]})
    assert refused.status_code == 422
    assert rights_of(cast.beto.person_id) == {"manage_members", "open_requests"}
    client.post(member_url(cast.ana), data={"permisos": ["manage_members"]})
    assert rights_of(cast.ana.person_id) == {"manage_members", "authorise_access"}


def test_unknown_right_is_refused(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    answer = client.post(member_url(cast.beto), data={"permisos": ["admin", "open_requests"]})
    assert answer.status_code == 422
    assert rights_of(cast.beto.person_id) == cast.beto.rights


def test_last_manager_stays_one(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    for answer in (
        client.post(member_url(cast.ana), data={"permisos": ["open_requests"]}),
        client.post(f"{member_url(cast.ana)}/cierre"),
    ):
        assert answer.status_code == 422
        assert "al menos una persona que administre" in answer.text
    assert rights_of(cast.ana.person_id) == cast.ana.rights
    assert client.get("/cuenta").status_code == 200


def test_nobody_closes_their_own_account(app: Flask, cast: Cast) -> None:
    give(cast.beto.person_id, "manage_members")
    answer = cast.sign_in(app, cast.ana).post(f"{member_url(cast.ana)}/cierre")
    assert answer.status_code == 422
    assert "Para cerrar su propia cuenta, use «Dejar la empresa»." in answer.text


def test_two_managers_cannot_remove_each_other_at_once(app: Flask, cast: Cast) -> None:
    give(cast.beto.person_id, *ALL)
    ready, statuses = Barrier(2), []

    def remove(who: Actor, whom: Actor) -> None:
        client = cast.sign_in(app, who)
        ready.wait()
        statuses.append(client.post(f"{member_url(whom)}/cierre").status_code)

    pairs = [(cast.ana, cast.beto), (cast.beto, cast.ana)]
    threads = [Thread(target=_in_context, args=(app, remove, *pair)) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    left = [p for p in db.session.query(Person).all() if p.company_id == cast.ana.company_id]
    assert len([p for p in left if p.disabled_at is None]) == 1
    assert 303 in statuses


def _in_context(app: Flask, work: object, *args: object) -> None:
    with app.app_context():
        work(*args)  # type: ignore[operator]


def test_closed_member_is_out_at_once_and_can_come_back(app: Flask, cast: Cast) -> None:
    ana, beto = cast.sign_in(app, cast.ana), cast.sign_in(app, cast.beto)
    assert ana.post(f"{member_url(cast.beto)}/cierre").status_code == 303
    assert beto.get("/cuenta").status_code == 302
    assert {s.person_id for s in db.session.query(UserSession)} == {cast.ana.person_id}
    assert "cuenta cerrada" in ana.get("/cuenta/empresa").text
    page = ana.get(member_url(cast.beto)).text
    assert f'action="{member_url(cast.beto)}/reapertura"' in page
    assert f'action="{member_url(cast.beto)}/cierre"' not in page
    assert ana.post(f"{member_url(cast.beto)}/reapertura").status_code == 303
    assert beto.get("/cuenta").status_code == 302
    assert rights_of(cast.beto.person_id) == cast.beto.rights
    assert cast.sign_in(app, cast.beto).get("/cuenta").status_code == 200


def test_reopening_needs_every_right_of_the_member(app: Flask, cast: Cast) -> None:
    give(cast.beto.person_id, "authorise_access")
    cast.sign_in(app, cast.ana).post(f"{member_url(cast.beto)}/cierre")
    give(cast.ana.person_id, "manage_members")
    answer = cast.sign_in(app, cast.ana).post(f"{member_url(cast.beto)}/reapertura")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/cuenta/empresa", "/cuenta"])
def test_pages_ask_the_same_number_of_questions_for_many(app: Flask, cast: Cast, path: str) -> None:
    client = cast.sign_in(app, cast.ana)
    client.get(path)
    with statements() as few:
        client.get(path)
    with transaction() as session:
        session.add_all(
            Person(
                email=f"p{n}@example.com",
                name=f"Persona {n}",
                password_hash=password_hash(),
                company_id=cast.ana.company_id,
                rights=frozenset(),
                roles=frozenset(),
                created_at=START,
                confirmed_at=START,
            )
            for n in range(30)
        )
    for n in range(5):
        data = {"correo": f"i{n}@example.com", "preset": "lectura"}
        assert client.post("/cuenta/empresa/invitaciones", data=data).status_code == 303
        client.get(path)
    with statements() as many:
        client.get(path)
    assert len(many) == len(few)


def test_reading_writes_nothing(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.ana)
    paths = ["/cuenta", "/cuenta/empresa", member_url(cast.beto)]
    with statements() as seen:
        for path in paths:
            assert client.get(path).status_code == 200
    writes = [s for s in seen if s.split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert writes == []
