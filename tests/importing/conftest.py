"""Files written for one test, and the import of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from madoguchi.connectors.embedded.importing.report import Report
from madoguchi.connectors.embedded.importing.work import import_files
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.engine.database import Database

EXAMPLES = Path(__file__).parents[2] / "examples" / "import"
Import = Callable[..., Report]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write("orders.csv", text)` or with `encoding=`; the path."""

    def run(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    return run


@pytest.fixture
def imported(sqlite_database: Database) -> Import:
    def run(*paths: Path, **options: Any) -> Report:
        return import_files(sqlite_database, paths, **options)

    return run


@pytest.fixture
def shop(sqlite_database: Database) -> EmbeddedShop:
    return EmbeddedShop(sqlite_database)
