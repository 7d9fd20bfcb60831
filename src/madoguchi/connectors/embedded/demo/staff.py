"""The demonstration's staff: two agents (one of them an editor), a supervisor, an operator; and two sellers. Their passwords are made at random, once."""

from __future__ import annotations

import json
import os
from pathlib import Path

from madoguchi.counter.actors import Role
from madoguchi.counter.team import passwords, queries, service
from madoguchi.engine.database import Database, Transaction

STAFF: tuple[tuple[str, str, str, tuple[Role, ...], tuple[str, ...]], ...] = (
    ("ito", "伊藤 直子", "伊藤", ("agent", "editor"), ("ja", "en")),
    ("kato", "加藤 健", "加藤", ("agent",), ("ja",)),
    ("mori", "森 恵", "森", ("agent", "supervisor"), ("ja", "en")),
    ("yamada", "山田 悟", "山田", ("agent", "supervisor", "operator"), ("ja", "en")),
)


SELLERS = (("kogei", "北山工芸", "seller-kogei"), ("asahi", "あさひ電機ダイレクト", "seller-denki"))


def ensure_staff(database: Database, folder: Path) -> dict[str, str]:
    """Login → password of the demonstration's staff; kept in a file that only its owner can read."""
    path = folder / "demo-staff.json"
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text("utf-8"))
        return known
    logins = [login for login, *_ in STAFF] + [login for login, *_ in SELLERS]
    made = {login: passwords.make() for login in logins}
    database.write(_add, made)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file)
    return made


def _add(tx: Transaction, made: dict[str, str]) -> None:
    for login, name, display_name, roles, languages in STAFF:
        found = queries.by_login(tx, login)
        if found is not None:
            service.set_password(tx, found.id, made[login])
            continue
        service.add_agent(
            tx,
            login=login,
            name=name,
            display_name=display_name,
            password=made[login],
            roles=list(roles),
            languages=list(languages),
            queues=["*"],
        )
    for login, name, seller_id in SELLERS:
        found = queries.by_login(tx, login)
        if found is not None:
            service.set_password(tx, found.id, made[login])
            continue
        service.add_agent(
            tx,
            login=login,
            name=name,
            password=made[login],
            roles=["seller"],
            queues=[],
            seller_id=seller_id,
        )
