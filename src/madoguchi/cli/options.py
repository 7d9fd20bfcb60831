"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from madoguchi.engine.settings import Settings

DEFAULT_FILE = Path("madoguchi.toml")

SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", "-s", help="Settings file; default: madoguchi.toml here, if there is one."),
]
DataFolder = Annotated[
    Path | None, typer.Option("--data", help="Data folder, instead of the one in the settings.")
]


def load(path: Path | None, data: Path | None = None, **sections: dict[str, object]) -> Settings:
    """The settings that a command works with. Raises SettingsError."""
    if path is None and DEFAULT_FILE.exists():
        path = DEFAULT_FILE
    if data is not None:
        sections["data"] = {**sections.get("data", {}), "folder": data}
    return Settings.load(path, **sections)
