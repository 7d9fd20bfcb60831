"""`madoguchi dev`: commands for the people who work on Madoguchi itself."""

import typer

from madoguchi.cli.dev import (
    catalogue,
    load,
    rehearse,
    replay,
    requirements,
    revision,
    settings_page,
    simulate,
)
from madoguchi.cli.dev.torture import app as torture

app = typer.Typer(name="dev", help="For those who build Madoguchi.", no_args_is_help=True)
app.command("requirements")(requirements.show)
app.command("catalogue")(catalogue.catalogue_command)
app.command("settings")(settings_page.settings_command)
app.command("revision")(revision.revision_command)
app.command("replay")(replay.replay_command)
app.command("rehearse")(rehearse.rehearse_command)
app.command("simulate")(simulate.simulate_command)
app.command("load")(load.load_command)
app.add_typer(torture, name="torture")


@app.callback()
def dev() -> None:
    """For those who build Madoguchi."""
