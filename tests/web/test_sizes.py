"""What the widget costs on a page of the shop: the sizes are promises, and a build that breaks one fails here."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import madoguchi

STATIC = Path(madoguchi.__file__).parent / "static"
LOADER = 3 * 1024
LOADER_AND_PANEL = 25 * 1024
LATER_PART = 5 * 1024


def size(name: str) -> int:
    """Bytes on the wire, gzip -9."""
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


def test_the_loader_on_every_shop_page_stays_under_3_kib() -> None:
    assert size("widget.js") <= LOADER


def test_loader_and_panel_together_stay_under_25_kib() -> None:
    assert size("widget.js") + size("panel.js") <= LOADER_AND_PANEL


def test_each_part_fetched_later_stays_under_5_kib() -> None:
    parts = sorted(path.name for path in STATIC.glob("panel-*.js"))
    assert parts
    assert {name: size(name) for name in parts if size(name) > LATER_PART} == {}


@pytest.mark.parametrize("name", ["widget.js", "panel.js", "panel-chat.js", "panel-later.js"])
def test_no_script_writes_html_or_code_from_text(name: str) -> None:
    """Shops run with Trusted Types and without unsafe-eval; no sink may even be there to be called with our words."""
    source = (STATIC / name).read_text("utf-8")
    for sink in ("insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert sink not in source


@pytest.mark.parametrize("name", ["widget.js", "panel.js", "panel-chat.js", "panel-later.js"])
def test_no_script_names_a_foreign_server(name: str) -> None:
    source = (STATIC / name).read_text("utf-8")
    names = {part.split("/")[0] for part in source.split("://")[1:]}
    assert names <= {"www.w3.org"} | {name for name in names if not name[:1].isalnum()}
