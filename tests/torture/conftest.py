"""Where a torture may stand: the PostgreSQL case is skipped, visibly, where there is no server."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import POSTGRES

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def server(request: pytest.FixtureRequest) -> str:
    """The PostgreSQL server for scratch databases; only asked for where the test stands on one."""
    if request.node.callspec.params.get("kind") == "postgresql":
        try:
            psycopg.connect(POSTGRES, connect_timeout=2).close()
        except psycopg.Error as error:
            pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
    return POSTGRES
