"""Schema revisions, forward only, from every earlier one with data kept: `migrate(database)`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from madoguchi.engine.database import Database

_LOCK = 7_040_310  # any number of our own, for PostgreSQL's advisory lock


def migrate(database: Database) -> None:
    """Bring the database to the newest revision; several processes may try at once, one does it."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            _upgrade(connection)
            return
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        try:
            _upgrade(connection)
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
            connection.commit()


def revision_of(database: Database) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision that this version of the code expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
