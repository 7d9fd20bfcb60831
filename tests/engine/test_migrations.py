"""Migrations lead from nothing to exactly the tables of the code, on both databases, with every process trying at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from madoguchi.building import metadata
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate, newest_revision, revision_of
from madoguchi.engine.migrations.upgrade import config_of_revisions


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """All but the full-text index, which is no table of the code on either database (counter.search.model)."""
    return kind != "table" or not str(name).startswith("search_index")


def test_the_migrated_schema_is_the_one_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        options = {"compare_type": False, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        tables = {name for name in inspect(connection).get_table_names() if _is_ours(name, "table", None)}
        assert tables == {*metadata.tables, "alembic_version"}


def test_the_newest_revision_is_the_one_that_all_others_lead_to() -> None:
    assert newest_revision() == ScriptDirectory.from_config(config_of_revisions()).get_current_head()


def test_a_database_that_is_up_to_date_needs_no_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    database = Database(url)
    assert revision_of(database) is None
    migrate(database)
    database.close()
    code = (
        "import sys; from madoguchi.engine.database import Database;"
        "from madoguchi.engine.migrations import migrate;"
        f"database = Database({url!r}); migrate(database); database.close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_processes_that_migrate_at_once_agree(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    code = (
        "from madoguchi.engine.database import Database; from madoguchi.engine.migrations import migrate;"
        f"database = Database({url!r}); migrate(database); database.close()"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    database = Database(url)
    assert revision_of(database) == newest_revision()
    database.close()


def test_sqlite_promises_durability(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
