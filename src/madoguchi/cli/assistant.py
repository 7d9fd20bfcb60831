"""`madoguchi assistant`: the colleague who answers first."""

from __future__ import annotations

import typer

from madoguchi.cli import conversing

app = typer.Typer(no_args_is_help=True)
app.command("converse")(conversing.converse)


@app.callback()
def _assistant() -> None:
    pass
