"""Settings, keys and people for the customers' room."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.counter.customers import identity, service
from madoguchi.counter.customers.model import Customer
from madoguchi.engine import sessions
from madoguchi.engine.database import Database
from madoguchi.engine.keys import Keys
from madoguchi.engine.sessions import Session
from madoguchi.engine.settings import Settings

SECRET = "a-shop-secret-that-is-long-enough-for-every-hash-0123456789-abcdefghij"


@pytest.fixture
def settings() -> Settings:
    return Settings.load(identity={"shop_token_secret": SECRET})


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


@pytest.fixture
def misaki(sqlite_database: Database) -> Customer:
    return sqlite_database.write(
        lambda tx: service.upsert(
            tx,
            shop_ref="S-1001",
            name="佐藤　美咲",
            kana="さとう ﾐｻｷ",
            email="Misaki@Example.jp",
            phone="090-1234-5678",
            segments=["individual", "member"],
        )
    )


def begin(database: Database, settings: Settings) -> Session:
    """A fresh visitor's session."""
    token = database.write(identity.begin, "ja", settings.identity)
    found = database.read(sessions.find, token)
    assert found is not None
    return found


def again(database: Database, session: Session) -> Session:
    """The session as it is stored now."""
    from sqlalchemy import select

    row = database.read(
        lambda tx: tx.first(
            select(sessions.session).where(sessions.session.c.token_hash == session.token_hash)
        )
    )
    assert row is not None
    return Session(**row._mapping)
