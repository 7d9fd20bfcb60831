"""Schema revisions, forward only, from every earlier one with data kept: `migrate(database)`.

Alembic does it, and is loaded only where there is something to do: whether there is, one look at the database tells.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect

from madoguchi.engine.database import Database

_LOCK = 7_040_310  # any number of our own, for PostgreSQL's advisory lock


def migrate(database: Database) -> None:
    """Bring the database to the newest revision; several processes may try at once, one does it."""
    if revision_of(database) == newest_revision():
        return
    from madoguchi.engine.migrations.upgrade import upgrade

    with database.engine.connect() as connection:
        if database.is_sqlite:
            upgrade(connection)
            return
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        try:
            upgrade(connection)
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
            connection.commit()


def revision_of(database: Database) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return found


def newest_revision() -> str:
    """The revision that this version of the code expects: the number that the last file begins with."""
    return max(path.name for path in (Path(__file__).parent / "versions").glob("[0-9]*.py")).partition("_")[0]
