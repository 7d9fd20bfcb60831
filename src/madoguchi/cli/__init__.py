"""The command line: `madoguchi …`. Each group of commands lives in a module of its own, loaded when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from madoguchi import __version__
from madoguchi.kit.loading import loading

# Command → where it is: a function, or an application with commands of its own.
COMMANDS = {
    "demo": "running:demo",
    "serve": "running:serve",
    "work": "running:work",
    "init": "house:init",
    "migrate": "house:migrate_command",
    "doctor": "house:doctor",
    "import": "importing:import_command",
    "backup": "safety:backup",
    "restore": "safety:restore",
    "encrypt": "encrypting:encrypt",
    "decrypt": "encrypting:decrypt",
    "users": "users:app",
    "hours": "tables:hours",
    "assistant": "assistant:app",
    "flow": "flows:app",
    "policy": "policy:app",
    "knowledge": "knowledge:app",
    "mail": "mail:app",
    "search": "search:app",
    "figures": "figures:app",
    "privacy": "privacy:app",
    "forecast": "forecasting:app",
    "dev": "dev:app",
}


class Commands(TyperGroup):
    """Loads only the command that is called; `--help` needs all of them."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, name: str) -> Any:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        with loading():
            found = getattr(importlib.import_module(f"madoguchi.cli.{module}"), attribute)
        shelf = typer.Typer()
        if isinstance(found, typer.Typer):
            shelf.add_typer(found, name=name)
        else:
            shelf.command(name)(found)
        return typer.main.get_group(shelf).commands[name]


app = typer.Typer(
    name="madoguchi",
    cls=Commands,
    help="窓口: the customer-service system of an online shop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"madoguchi {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    pass


def main() -> None:
    """Entry point; what is wrong with the settings is told in one line, not in a traceback."""
    try:
        app()
    except Exception as error:
        from madoguchi.engine.settings import (
            SettingsError,
        )  # here: most of a second, and every command has it already

        if not isinstance(error, SettingsError):
            raise
        typer.secho(str(error), fg="red", err=True)
        sys.exit(2)
