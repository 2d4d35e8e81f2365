"""Groups of commands: they need a database that is set up, and say wrong use in one line."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from core.db import require_set_up


class WrongUse(click.ClickException):
    """Missing or unknown words of a command."""

    exit_code = 2


class Group(AppGroup):
    """`flask <name> …`: each command of it runs with the application, on tables that exist."""

    def __init__(self, name: str, *, help: str) -> None:
        super().__init__(name, help=help, callback=with_appcontext(require_set_up))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises WrongUse instead of click's several lines of usage."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else ctx.command_path
            raise WrongUse(f"{error.format_message()} See: {path} --help") from error
