"""Cases that are older than the record of promises: what they were promised is taken over, and nobody is told twice."""

from __future__ import annotations

from datetime import timedelta

from alembic.script import ScriptDirectory
from sqlalchemy import text

from madoguchi.counter.cases import service, telling
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.model import case_file
from madoguchi.counter.cases.promise_queries import promises_of
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.migrations.upgrade import config_of_revisions
from tests.cases.conftest import AGENT
from tests.cases.test_cases import DAMAGED, opened
from tests.conftest import StillClock


def test_promises_given_before_are_taken_over_and_a_late_one_that_staff_know_is_not_told(
    database: Database, keeper: Keeper, clock: StillClock
) -> None:
    running, late, kept, too_late = (opened(database) for _ in range(4))
    opened(database, "general.site_usage")  # nothing is promised
    clock.forward(days=2)
    database.write(service.resolve, kept.id, AGENT)
    clock.forward(days=4)
    database.write(service.resolve, too_late.id, AGENT)
    migration = ScriptDirectory.from_config(config_of_revisions()).get_revision("0015").module

    def upgrade(tx: Transaction) -> None:
        """As the migration finds them: staff were alerted to one, the other was opened lately."""
        tx.execute(case_file.update().where(case_file.c.id == late.id).values(summary={"overdue_since": "x"}))
        lately = {"opened_at": clock.now, "promised_at": clock.now + timedelta(days=5)}
        tx.execute(case_file.update().where(case_file.c.id == running.id).values(lately))
        tx.execute(text(migration._SOLUTIONS))
        tx.execute(text(migration._NOT_TOLD_AGAIN))

    database.write(upgrade)
    states = {
        case.id: [(each.kind, each.state) for each in database.read(promises_of, case.id)]
        for case in (running, late, kept, too_late)
    }
    assert states == {
        running.id: [("solution", "running")],
        late.id: [("solution", "broken")],
        kept.id: [("solution", "kept")],
        too_late.id: [("solution", "broken")],
    }
    for case_id in database.read(keeper.to_read):
        database.write(keeper.read, case_id)
    told = [each.case_id for each in database.read(telling.due_to_be_told, timedelta(0))]
    assert told == []
    assert DAMAGED in {case.category for case in (running, late)}
