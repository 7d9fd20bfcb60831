"""Alembic, told where our revisions are and which connection to use."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Every pending revision, in one transaction."""
    config = config_of_revisions()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def config_of_revisions() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
