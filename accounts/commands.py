"""`flask users`: accounts made from the command line."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask import Flask
from flask_babel import force_locale

from accounts import actions
from accounts.addresses import canonical
from accounts.passwords import objection
from accounts.permissions import PRESETS, Role
from core import clock
from core.cli import Group
from core.wording import clean_line

ROLES = ("customer", *(str(role) for role in Role))
users = Group("users", help="Accounts of customers and staff.")


@users.command("create")
@click.argument("email")
@click.option("--name", required=True, help="Given name and surname.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--company", default="", help="Company; for --role customer alone.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, name: str, role: str, company: str, password_stdin: bool) -> None:
    """Make a confirmed account. A customer gets every right in their company."""
    name, company = clean_line(name, 121), clean_line(company, 161)
    address = _checked(email, name, role, company)
    if not password_stdin:
        raise click.UsageError("--password-stdin is missing: it says where the password is")
    try:
        password = sys.stdin.buffer.read().decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        _refuse("the password is not UTF-8")
    with force_locale("en"):
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
        _refuse(f"{address} has an account already")
    click.echo(f"account made: {address} ({role})")


def _checked(email: str, name: str, role: str, company: str) -> str:
    if not 0 < len(name) <= 120:
        raise click.BadParameter("must have 1 to 120 characters", param_hint="--name")
    if (role == "customer") != bool(company):
        raise click.UsageError("--company goes with --role customer, and must be there then")
    if len(company) > 160:
        raise click.BadParameter("must have at most 160 characters", param_hint="--company")
    try:
        return canonical(email)
    except ValueError:
        raise click.BadParameter("is no complete mail address", param_hint="EMAIL") from None


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    raise SystemExit(1)


def register(app: Flask) -> None:
    """Add `flask users`."""
    app.cli.add_command(users)
