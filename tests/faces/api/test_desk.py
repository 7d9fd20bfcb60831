"""The desk's routes: inbox, status, colleagues, queues, customers; and who may see them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction
from tests.faces.api.people import Counter
from tests.faces.api.test_contacts import in_hand, waiting


def test_the_inbox_holds_own_and_waiting_contacts_with_counts(counter: Counter) -> None:
    desk = counter.agent("ito")
    mine = in_hand(counter, counter.customer(cast.SENIOR), desk)
    other = waiting(counter, counter.visitor())
    inbox = desk.get("/desk/inbox")
    shown = {contact["id"]: contact for contact in inbox["contacts"]}
    assert shown[mine["id"]]["owner"]["id"] == desk.id
    assert shown[other["id"]]["owner"]["kind"] == "queue"
    assert inbox["counts"]["mine"] >= 1
    assert inbox["counts"]["waiting"] >= 1
    assert inbox["me"]["open_contacts"] >= 1
    listed = desk.get("/contacts", view="waiting")["contacts"]
    assert other["id"] in {contact["id"] for contact in listed}
    assert desk.refused("GET", "/contacts?view=everything") == (422, "invalid")


def test_an_agents_status_is_set_and_seen_by_colleagues(counter: Counter) -> None:
    desk, colleague = counter.agent("ito"), counter.agent("mori")
    assert desk.put("/agents/me/status", {"status": "break"})["status"] == "break"
    seen = {agent["id"]: agent for agent in colleague.get("/agents")}
    assert (seen[desk.id]["status"], seen[desk.id]["status_label"]) == ("break", "休憩中")
    assert desk.refused("PUT", "/agents/me/status", {"status": "asleep"}) == (422, "invalid")
    assert all(agent["name"] != "退職" for agent in seen.values())


def test_queues_tell_how_many_wait(counter: Counter) -> None:
    waiting(counter, counter.visitor())
    queues = {queue["id"]: queue for queue in counter.agent("ito").get("/queues")}
    assert sum(queue["waiting"] for queue in queues.values()) >= 1
    assert all(queue["name"] for queue in queues.values())


@pytest.mark.parametrize("text", ["佐藤 美咲", "ｻﾄｳ", "さとう", cast.MISAKI_EMAIL])
def test_customers_are_found_by_name_reading_and_mail(counter: Counter, text: str) -> None:
    found = counter.agent("ito").get("/customers", search=text)
    assert customer_id(cast.MISAKI) in {customer["id"] for customer in found}


def test_a_customer_and_everything_they_brought_to_us(counter: Counter) -> None:
    contact = counter.customer(cast.MISAKI).open("一件")
    desk = counter.agent("ito")
    shown = desk.get(f"/customers/{customer_id(cast.MISAKI)}")
    assert shown["email"] == cast.MISAKI_EMAIL
    assert shown["segment_labels"]
    brought = desk.get(f"/customers/{customer_id(cast.MISAKI)}/contacts")["contacts"]
    assert contact["id"] in {found["id"] for found in brought}


@pytest.mark.req("PRIV-002")
def test_staff_without_the_role_open_no_contact_and_every_view_by_staff_is_written_down(
    counter: Counter,
) -> None:
    contact = counter.customer(cast.MISAKI).open("秘密の相談")
    path = f"/contacts/{contact['id']}"
    operator, desk, program = counter.agent("ops"), counter.agent("ito"), counter.key("contacts")
    for address in (path, f"{path}/entries", "/desk/inbox", "/customers?search=佐藤", "/contacts"):
        assert operator.refused("GET", address) == (403, "role_missing")
    before = _readers(counter, contact["id"])
    desk.get(path)
    desk.get(f"{path}/entries")
    program.get(f"{path}/entries")
    assert _readers(counter, contact["id"]) - before == {desk.id, program.id}
    desk.get(f"/customers/{customer_id(cast.MISAKI)}")
    assert desk.id in _readers(counter, customer_id(cast.MISAKI))


def test_staff_read_in_the_language_that_their_browser_asks_for(counter: Counter) -> None:
    counter.customer(cast.MISAKI).open("言葉")
    labels = {
        language: counter.agent("ito", language).get("/desk/inbox")["me"]["status_label"]
        for language in ("ja", "en")
    }
    assert labels == {"ja": "対応可能", "en": "Available"}


def _readers(counter: Counter, object_id: str) -> set[str]:
    def read(tx: Transaction) -> set[str]:
        wanted = select(audit.c.actor_id).where(audit.c.object_id == object_id, audit.c.action.like("%.read"))
        return {row.actor_id for row in tx.all(wanted)}

    return counter.house.database.read(read)
