"""`madoguchi dev`: commands for the people who work on Madoguchi itself."""

import typer

from madoguchi.cli.dev import requirements

app = typer.Typer(name="dev", help="Commands for people who work on Madoguchi itself.", no_args_is_help=True)
app.command("requirements")(requirements.show)


@app.callback()
def dev() -> None:
    """Commands for people who work on Madoguchi itself."""
