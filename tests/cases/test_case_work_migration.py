"""Cases of an older installation that went on in a new one are linked with it after the migration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic import command

from madoguchi.counter.cases import links, queries
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate
from madoguchi.engine.migrations.upgrade import config_of_revisions


@pytest.mark.req("CASE-011")
def test_what_followed_an_earlier_case_is_linked_with_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.begin() as connection:
        config = config_of_revisions()
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        for number, summary in ((10001, {}), (10002, {"follows": "C-10001"}), (10003, {"follows": "C-9"})):
            connection.exec_driver_sql(
                "INSERT INTO case_file (id, number, customer_id, visitor_id, category, order_number, wish, priority,"
                " state, summary, opened_at, comment, updated_at)"
                " VALUES (?, ?, 'cus_1', 'vis_1', '', '', '', 4, 'open', ?, 1, '', 1)",
                (f"case_{number}", number, json.dumps(summary)),
            )
    migrate(database)
    found = database.read(links.linked, "case_10002")
    assert [(each.case.id, each.kind, each.backwards) for each in found] == [("case_10001", "follows", False)]
    assert database.read(links.linked, "case_10003") == []
    assert database.read(queries.get, "case_10002").merged_into == ""
    database.close()
