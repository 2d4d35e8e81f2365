"""`flask users`: accounts made from the command line."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask import Flask
from flask.cli import AppGroup

from accounts import actions
from accounts.addresses import canonical
from accounts.passwords import objection
from accounts.permissions import PRESETS, Role
from core import clock
from core.wording import clean_line

ROLES = ("customer", *(str(role) for role in Role))
users = AppGroup("users", help="Cuentas de clientes y de personal.")


@users.command("create")
@click.argument("email")
@click.option("--name", required=True, help="Nombre y apellido.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--company", default="", help="Empresa; solo para --role customer.")
@click.option("--password-stdin", is_flag=True, help="Lee la clave de la entrada estándar.")
def create(email: str, name: str, role: str, company: str, password_stdin: bool) -> None:
    """Crea una cuenta confirmada. Un cliente recibe todos los permisos de su empresa."""
    name, company = clean_line(name, 121), clean_line(company, 161)
    address = _checked(email, name, role, company)
    if not password_stdin:
        raise click.UsageError("Falta --password-stdin: la clave se lee de la entrada estándar.")
    password = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    refused = objection(password, name, address, company)
    if refused:
        _refuse(str(refused))
    is_customer = role == "customer"
    try:
        actions.create_person(
            name=name,
            email=address,
            password=password,
            company=company,
            rights=frozenset(PRESETS["administrador"]) if is_customer else frozenset(),
            roles=frozenset() if is_customer else frozenset({role}),
            now=clock.now(),
        )
    except actions.AddressTaken:
        _refuse(f"{address} ya tiene una cuenta.")
    click.echo(f"Cuenta creada: {address} ({role}).")


def _checked(email: str, name: str, role: str, company: str) -> str:
    if not 0 < len(name) <= 120:
        raise click.BadParameter("debe tener entre 1 y 120 caracteres.", param_hint="--name")
    if (role == "customer") != bool(company):
        raise click.UsageError("--company es obligatorio con --role customer, y solo con él.")
    if len(company) > 160:
        raise click.BadParameter("debe tener hasta 160 caracteres.", param_hint="--company")
    try:
        return canonical(email)
    except ValueError:
        raise click.BadParameter("no es un correo completo.", param_hint="EMAIL") from None


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    raise SystemExit(1)


def register(app: Flask) -> None:
    """Add `flask users`."""
    app.cli.add_command(users)
