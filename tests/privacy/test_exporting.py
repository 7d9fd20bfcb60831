"""A copy holds everything that is kept about somebody, counted, and nothing of others (PRIV-002, PRIV-005)."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import select, update

from madoguchi.channels.mail.model import received_mail
from madoguchi.counter.actors import SYSTEM, Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.privacy import exporting, holds, service
from madoguchi.counter.privacy.model import PrivacyRequest
from madoguchi.counter.privacy.ways import Person
from madoguchi.counter.problems import NotFound
from tests.conftest import StillClock
from tests.privacy.conftest import SUPERVISOR, Desk, actor_of, history, signed_in, words

MINE, OTHERS, SECRET = words(1), words(2), words(3)

pytestmark = pytest.mark.req("PRIV-002", "HIS-010")


def opened(desk: Desk, done: PrivacyRequest) -> tuple[dict[str, Any], dict[str, bytes]]:
    assert done.storage_key is not None
    with zipfile.ZipFile(io.BytesIO(desk.files.get(done.storage_key))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(parts["manifest.json"]), parts


def test_rows_in_the_copy_are_the_rows_in_the_database(desk: Desk) -> None:
    owner = desk.customer("a")
    for n in range(2):
        history(desk, owner, f"vis_{n}", MINE)
    signed_in(desk, owner, MINE)
    wish = desk.asks(actor_of(owner), "export")
    counted = desk.database.read(exporting.count, Person.who_acts(actor_of(owner)))
    manifest, parts = opened(desk, desk.done(wish))
    told = {each["table"]: each["rows"] for each in manifest["tables"]}
    assert told == counted and counted["contact"] == 2 and counted["session"] == 1
    for table, rows in told.items():
        assert len(parts[f"records/{table}.jsonl"].splitlines()) == rows
    assert manifest["files"] == 4 == sum(name.startswith("files/") for name in parts)
    assert f"RAW {MINE}".encode() in parts.values() and f"PIXELS {MINE}".encode() in parts.values()
    assert all(each["label"] for each in manifest["tables"])


def test_nothing_of_others_and_nothing_withheld_is_in_it(desk: Desk) -> None:
    owner, stranger = desk.customer("a"), desk.customer("b")
    mine = history(desk, owner, "vis_a", MINE)
    history(desk, stranger, "vis_b", OTHERS)
    signed_in(desk, owner, MINE)
    desk.database.write(
        lambda tx: contacts.append(tx, mine, events.NOTE, {"text": f"a note {SECRET}"}, actor=SYSTEM)
    )
    desk.database.write(
        lambda tx: holds.set_hold(tx, SUPERVISOR, customer_id=owner.id, reason=f"court {SECRET}")
    )
    _, parts = opened(desk, desk.done(desk.asks(actor_of(owner), "export")))
    everything = b"".join(parts.values()).decode("utf-8", "replace")
    assert MINE in everything
    assert OTHERS not in everything and SECRET not in everything
    assert stranger.id not in everything
    withheld = {"token_hash", "reason", "client_key"}
    for table in ("session", "legal_hold", "ledger_entry", "reply_address"):
        rows = [json.loads(line) for line in parts[f"records/{table}.jsonl"].splitlines()]
        assert rows and not any(withheld & row.keys() for row in rows)


def test_a_mail_of_somebody_else_in_ones_own_contact_is_left_out(desk: Desk) -> None:
    owner = desk.customer("a")
    mine = history(desk, owner, "vis_a", MINE)
    mail_id = desk.database.read(lambda tx: tx.scalar(select(received_mail.c.id)))
    body = {"mail_id": mail_id, "text": OTHERS, "from": f"{OTHERS}@x.example"}
    desk.database.write(
        lambda tx: contacts.append(
            tx, mine, events.MAIL_FROM_OTHER, body, actor=SYSTEM, visibility="internal"
        )
    )
    desk.database.write(lambda tx: tx.execute(update(received_mail).values(sender=f"{OTHERS}@x.example")))
    manifest, parts = opened(desk, desk.done(desk.asks(actor_of(owner), "export")))
    everything = b"".join(parts.values()).decode("utf-8", "replace")
    assert OTHERS not in everything and manifest["files"] == 1


def test_only_its_owner_finds_it_and_not_for_ever(desk: Desk, clock: StillClock) -> None:
    owner, stranger = desk.customer("a"), desk.customer("b")
    history(desk, owner, "vis_a", MINE)
    done = desk.done(desk.asks(actor_of(owner), "export"))
    assert done.storage_key and desk.files.get(done.storage_key)
    with pytest.raises(NotFound):
        desk.database.read(service.visible, actor_of(stranger), done.id)
    assert desk.database.read(service.visible, actor_of(owner, Rung.SIGNED_IN), done.id) == done
    clock.forward(days=7, minutes=1)
    desk.desk.retain(at_once=True)
    assert desk.database.read(service.get, done.id).storage_key is None
    with pytest.raises(FileNotFoundError):
        desk.files.get(done.storage_key)
