"""The single writer of an SQLite file lives on, whatever happens to the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from madoguchi.engine.database import Database, Transaction


def one(tx: Transaction) -> int:
    return int(tx.scalar(text("SELECT 1")))


def test_a_file_that_cannot_be_opened_fails_the_write_and_the_next_write_tries_again(tmp_path: Path) -> None:
    folder = tmp_path / "not yet there"
    database = Database(f"sqlite:///{folder / 'counter.db'}")
    with pytest.raises(OperationalError, match="unable to open"):
        database.write(one)
    folder.mkdir()
    assert database.write(one) == 1
    database.close()
