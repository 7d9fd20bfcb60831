"""Whatever arrives, each mail ends in a contact or kept apart: none lost, none doubled (R-15). More with
`MADOGUCHI_MAILS=20000`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from madoguchi.channels.mail.model import received_mail
from madoguchi.cli import app
from madoguchi.counter.contacts.model import ledger_entry
from madoguchi.engine.database import Transaction
from madoguchi.rehearsal.mails import send
from tests.mail.conftest import MailCounter
from tests.mail.generated import mails
from tests.mail.letters import mail

COUNT = int(os.environ.get("MADOGUCHI_MAILS", "150"))


@pytest.mark.req("CH-040")
def test_generated_mails_are_all_filed_once(counter: MailCounter) -> None:
    told = send(counter.house, mails(COUNT))
    assert (told.received, told.lost, told.doubled) == (COUNT, 0, 0)
    assert told.entries + told.quarantined == COUNT
    assert told.slowest_ms < 10_000  # a hang; the figure itself is in the benchmarks
    assert counter.house.database.read(_misfiled) == []


def _misfiled(tx: Transaction) -> list[str]:
    """Mails whose entry is not there, is another mail's, or two mails that share one."""
    rows = tx.all(select(received_mail).where(received_mail.c.state == "filed"))
    places = [(row.contact_id, row.seq) for row in rows]
    wrong = [] if len(set(places)) == len(places) else ["two mails in one place"]
    for row in rows:
        here = (ledger_entry.c.contact_id == row.contact_id, ledger_entry.c.seq == row.seq)
        entry = tx.first(select(ledger_entry.c.client_key).where(*here))
        if entry is None or entry.client_key != row.id:
            wrong.append(row.id)
    return wrong


def test_the_same_mails_again_change_nothing(counter: MailCounter) -> None:
    send(counter.house, mails(20))
    again = send(counter.house, mails(20))
    assert (again.received, again.doubled, again.cases, again.entries, again.lost) == (20, 20, 0, 0, 0)


def test_an_operator_tries_a_folder(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "one.eml").write_bytes(mail("荷物が届きません").as_bytes())
    (tmp_path / "below" / "two.eml").write_bytes(mail("返品したい", From="other@example.jp").as_bytes())
    (tmp_path / "copy.eml").write_bytes(mail("荷物が届きません").as_bytes())
    shown = CliRunner().invoke(app, ["mail", "replay", str(tmp_path), "--json"])
    told = json.loads(shown.stdout)
    assert shown.exit_code == 0
    assert {
        name: told[name] for name in ("received", "doubled", "cases", "entries", "quarantined", "lost")
    } == {
        "received": 3,
        "doubled": 1,
        "cases": 2,
        "entries": 2,
        "quarantined": 0,
        "lost": 0,
    }
