"""The people of the tests: always the same, so that a test reads like a story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from accounts import sessions
from accounts.models import Company, Person
from accounts.passwords import hash_password
from accounts.permissions import PRESETS, Actor, Role
from core.db import transaction

PASSWORD = "caballo-grapa-correcta-9"
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_hash: list[str] = []


@dataclass(frozen=True)
class Cast:
    """Ana (administrador) and Beto (only his own tickets, peticiones alone) of Andina; Carla
    (administrador) of Costa; Diego and Dora the technicians, Elena the editor, Fabio in sales,
    Gloria the administrator.
    """

    ana: Actor
    beto: Actor
    carla: Actor
    diego: Actor
    dora: Actor
    elena: Actor
    fabio: Actor
    gloria: Actor

    def sign_in(self, app: Flask, actor: Actor) -> FlaskClient:
        """A browser in which `actor` is signed in."""
        from core import clock

        return browser_of(app, sessions.start(actor.person_id, browser="test", now=clock.now()))


def browser_of(app: Flask, token: str) -> FlaskClient:
    """A browser that holds a session."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def password_hash() -> str:
    """One hash for all: argon2 is slow on purpose."""
    if not _hash:
        _hash.append(hash_password(PASSWORD))
    return _hash[0]


def make_cast() -> Cast:
    with transaction() as session:
        andina = Company(name="Textiles Andina", ruc=None, created_at=START)
        costa = Company(name="Pesquera Costa", ruc=None, created_at=START)
        session.add_all([andina, costa])
        session.flush()
        people = {
            "ana": _person("ana", "Ana Quispe", andina, PRESETS["administrador"]),
            "beto": _person("beto", "Beto Ramos", andina, frozenset({"open_requests"})),
            "carla": _person("carla", "Carla Rojas", costa, PRESETS["administrador"]),
            "diego": _person("diego", "Diego Vargas", roles={Role.TECHNICIAN}),
            "dora": _person("dora", "Dora Luna", roles={Role.TECHNICIAN}),
            "elena": _person("elena", "Elena Paredes", roles={Role.EDITOR}),
            "fabio": _person("fabio", "Fabio Medina", roles={Role.SALES}),
            "gloria": _person("gloria", "Gloria Castillo", roles={Role.ADMINISTRATOR}),
        }
        session.add_all(people.values())
        session.flush()
        names = {andina.id: andina.name, costa.id: costa.name, None: ""}
        return Cast(**{k: sessions.actor_for(p, names[p.company_id]) for k, p in people.items()})


def _person(
    key: str,
    name: str,
    company: Company | None = None,
    rights: frozenset[str] = frozenset(),
    roles: set[Role] | None = None,
) -> Person:
    return Person(
        email=f"{key}@example.com",
        name=name,
        password_hash=password_hash(),
        company_id=company.id if company else None,
        rights=frozenset(str(r) for r in rights),
        roles=frozenset(str(r) for r in roles or ()),
        created_at=START,
        confirmed_at=START,
    )
