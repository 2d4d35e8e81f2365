"""`flask users create` (DESIGN section 10)."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import Company, Person
from accounts.permissions import PRESETS
from core.db import db
from tests.accounts.mailbox import NEW_PASSWORD, count
from tests.cast import Cast

EVA = "eva@example.com"


def create(app: Flask, *arguments: str, password: str = NEW_PASSWORD) -> Result:
    return app.test_cli_runner().invoke(
        args=["users", "create", *arguments, "--password-stdin"], input=password + "\n"
    )


@pytest.mark.parametrize("role", ["technician", "editor", "sales", "admin"])
def test_staff_account_is_confirmed_and_signs_in(
    app: Flask, client: FlaskClient, role: str
) -> None:
    result = create(app, "EVA@example.com", "--name", "Eva Soto", "--role", role)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"account made: {EVA} ({role})\n"
    person = db.session.query(Person).filter_by(email=EVA).one()
    assert (person.roles, person.rights, person.company_id) == ({role}, frozenset(), None)
    assert person.confirmed_at is not None
    data = {"correo": EVA, "clave": NEW_PASSWORD}
    assert client.post("/cuenta/ingresar", data=data).status_code == 303


def test_customer_joins_the_company_of_that_name(app: Flask, cast: Cast) -> None:
    arguments = ("--name", "Eva Soto", "--role", "customer", "--company")
    assert create(app, EVA, *arguments, "Textiles Andina").exit_code == 0
    assert create(app, "noe@example.com", *arguments, "Nueva SAC").exit_code == 0
    person = db.session.query(Person).filter_by(email=EVA).one()
    assert person.company_id == cast.ana.company_id
    assert person.rights == frozenset(map(str, PRESETS["administrador"]))
    assert {c.name for c in db.session.query(Company)} == {
        "Textiles Andina",
        "Pesquera Costa",
        "Nueva SAC",
    }


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("ana@example.com", NEW_PASSWORD, "ana@example.com has an account already"),
        (EVA, "corta", "12 characters"),
        (EVA, "", "12 characters"),
        (EVA, "x" * 300, "256 characters"),
    ],
)
def test_refusal_is_one_line_and_status_one(
    app: Flask, cast: Cast, email: str, password: str, words: str
) -> None:
    result = create(app, email, "--name", "Eva Soto", "--role", "sales", password=password)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert count(Person) == 8


@pytest.mark.parametrize(
    "arguments",
    [
        ("sin-arroba", "--name", "Eva", "--role", "sales"),
        (EVA, "--role", "sales"),
        (EVA, "--name", " ", "--role", "sales"),
        (EVA, "--name", "x" * 121, "--role", "sales"),
        (EVA, "--name", "Eva", "--role", "root"),
        (EVA, "--name", "Eva", "--role", "customer"),
        (EVA, "--name", "Eva", "--role", "sales", "--company", "Nueva SAC"),
    ],
)
def test_wrong_use_is_status_two(app: Flask, arguments: tuple[str, ...]) -> None:
    result = create(app, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(r"Error: [^\n]+ See: \S+ users create --help\n", result.stderr)
    assert count(Person) == 0


def test_password_that_is_no_utf8_is_refused_in_words(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["users", "create", EVA, "--name", "Eva", "--role", "sales", "--password-stdin"],
        input=b"caballo \xf1and\xfa 99\n",
    )
    assert (result.exit_code, result.stderr) == (1, "the password is not UTF-8\n")


def test_password_comes_from_standard_input_alone(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["users", "create", EVA, "--name", "Eva", "--role", "sales"], input=NEW_PASSWORD
    )
    assert result.exit_code == 2
    assert "--password-stdin" in result.stderr
