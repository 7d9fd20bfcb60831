"""`madoguchi dev settings`: docs/settings.md, made from the settings' own descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from madoguchi.engine.settings import Settings

PAGE = Path("docs/settings.md")


def settings_command(
    check: Annotated[bool, typer.Option(help="Only say whether the page is up to date.")] = False,
) -> None:
    """Write docs/settings.md anew."""
    text = settings_page()
    if not check:
        PAGE.write_text(text, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != text:
        typer.secho(f"{PAGE} is not up to date: run `madoguchi dev settings`", fg="red", err=True)
        raise typer.Exit(1)


def settings_page() -> str:
    """Markdown: a table per section with key, default and meaning."""
    lines = [
        "# Settings",
        "",
        "One TOML file (`madoguchi init` writes it with every key explained); each key can be overridden in the",
        "environment as `MADOGUCHI_SECTION__KEY`. An unknown key is refused with the nearest known name.",
        "This page is made by `madoguchi dev settings`.",
    ]
    defaults = Settings.model_construct()
    for section in Settings.model_fields:
        model: BaseModel = getattr(defaults, section)
        lines += ["", f"## `[{section}]`", "", (model.__doc__ or "").strip().splitlines()[0], ""]
        lines += ["| key | default | meaning |", "|---|---|---|"]
        for name, field in type(model).model_fields.items():
            meaning = field.description or f"Hours on {name}."
            lines.append(f"| `{name}` | {_shown(getattr(model, name))} | {meaning} |")
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    if str(value) in ("", "None", "[]"):
        return ""
    return f"`{value}`".replace("|", "\\|")
