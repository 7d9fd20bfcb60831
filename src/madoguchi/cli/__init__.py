"""The command line: `madoguchi …`. Each group of commands lives in a module of its own."""

from __future__ import annotations

import sys

import typer

from madoguchi import __version__
from madoguchi.cli import assistant, flows, house, importing, knowledge, policy, running, safety, users
from madoguchi.cli.dev import app as dev
from madoguchi.engine.settings import SettingsError

app = typer.Typer(
    name="madoguchi",
    help="窓口: the customer-service system of an online shop.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(running.demo)
app.command("serve")(running.serve)
app.command("work")(running.work)
app.command("init")(house.init)
app.command("migrate")(house.migrate_command)
app.command("doctor")(house.doctor)
app.command("import")(importing.import_command)
app.command("backup")(safety.backup)
app.command("restore")(safety.restore)
app.add_typer(users.app, name="users", help="Staff accounts and API keys.")
app.add_typer(assistant.app, name="assistant", help="The assistant: its conversations and its understanding.")
app.add_typer(flows.app, name="flow", help="The conversations that the assistant can hold.")
app.add_typer(policy.app, name="policy", help="The shop's written policy.")
app.add_typer(knowledge.app, name="knowledge", help="Articles that answer questions.")
app.add_typer(dev, name="dev", help="For those who build Madoguchi.")


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
    except SettingsError as error:
        typer.secho(str(error), fg="red", err=True)
        sys.exit(2)
