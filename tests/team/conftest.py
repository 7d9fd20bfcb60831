"""Hashing that is quick enough for tests; the parameters of real passwords are not what is tested here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from madoguchi.counter.team import passwords


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    passwords._nobodys_hash.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=256, parallelism=1))
    yield
    passwords._nobodys_hash.cache_clear()
