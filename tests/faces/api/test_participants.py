"""Colleagues in a conversation over the API: an interpreter whom the customer sees, a consultation that they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from madoguchi.connectors.embedded.demo import cast
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand


@pytest.fixture
def talk(counter: Counter) -> Iterator[tuple[Caller, Caller, Any]]:
    """A customer, the agent who has the contact, and the contact."""
    customer, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    desk.put("/agents/me/status", {"status": "available"})
    contact = in_hand(counter, customer, desk)
    yield customer, desk, contact
    now = desk.get(f"/contacts/{contact['id']}")["owner"]
    if now["id"] == desk.id:
        desk.post(f"/contacts/{contact['id']}/resolve", {"owner_version": now["version"], "anyway": True})


def entries_of(caller: Caller, contact_id: str) -> list[Any]:
    return list(caller.get(f"/contacts/{contact_id}/entries")["entries"])


@pytest.mark.req("LNG-004")
def test_the_customer_sees_the_interpreter_come_speak_and_go(
    counter: Counter, talk: tuple[Caller, Caller, Any]
) -> None:
    customer, desk, contact = talk
    colleague = counter.agent("kato")
    path = f"/contacts/{contact['id']}/participants"
    asked = desk.post(
        path, {"role": "interpreter", "agent_id": colleague.id, "note": "中国語です"}, status=201
    )
    assert (asked["role_label"], asked["name"], asked["joined_at"], asked["speaks"]) == (
        "通訳",
        "加藤",
        None,
        False,
    )
    mine = colleague.get("/desk/invitations")
    assert [(each["id"], each["mine"], each["invited_by"]) for each in mine] == [(asked["id"], True, "伊藤")]
    joined = colleague.post(f"{path}/{asked['id']}/join", {})
    assert joined["speaks"] and joined["seen_by_customer"]
    wish = {
        "text": "请稍等",
        "client_key": "interpreted-1",
        "owner_version": contact["owner"]["version"],
        "original": {"text": "少々お待ちください", "lang": "ja"},
    }
    colleague.post(f"/contacts/{contact['id']}/entries", wish)
    seen = entries_of(customer, contact["id"])
    texts = [entry["text"] for entry in seen]
    assert "通訳の加藤が加わりました" in texts and "请稍等" in texts
    assert "中国語です" not in str(seen)
    said = next(entry for entry in seen if entry["text"] == "请稍等")
    assert said["author"]["name"] == "加藤" and said["data"]["original"]["text"] == "少々お待ちください"
    assert colleague.send("DELETE", f"{path}/{asked['id']}").json() == []
    assert entries_of(customer, contact["id"])[-1]["text"] == "加藤 が退出しました"


def test_a_consultation_and_a_hand_over_after_it(counter: Counter, talk: tuple[Caller, Caller, Any]) -> None:
    customer, desk, contact = talk
    colleague = counter.agent("kato")
    path = f"/contacts/{contact['id']}/participants"
    before = [entry["kind"] for entry in entries_of(customer, contact["id"])]
    asked = desk.post(path, {"role": "consult", "agent_id": colleague.id}, status=201)
    colleague.post(f"{path}/{asked['id']}/join", {})
    assert [entry["kind"] for entry in entries_of(customer, contact["id"])] == before
    version = contact["owner"]["version"]
    assert colleague.refused("POST", f"{path}/{asked['id']}/promote", {"owner_version": version}) == (
        403,
        "not_owner",
    )
    assert desk.post(f"{path}/{asked['id']}/promote", {"owner_version": version}) == []
    now = colleague.get(f"/contacts/{contact['id']}")
    assert (now["owner"]["id"], now["owner"]["version"]) == (colleague.id, version + 1)
    assert now["case"] is not None


def test_a_supervisor_sits_in_whispers_and_is_not_seen(
    counter: Counter, talk: tuple[Caller, Caller, Any]
) -> None:
    customer, desk, contact = talk
    boss = counter.agent("mori")
    before = entries_of(customer, contact["id"])
    sitting = boss.post(f"/contacts/{contact['id']}/observe", {"role": "whispering"})
    assert (sitting["role_label"], sitting["seen_by_customer"]) == ("ささやき中", False)
    whisper = {"text": "返品の期限をご案内ください", "client_key": "whisper-1"}
    boss.send("POST", f"/contacts/{contact['id']}/whisper", json=whisper).raise_for_status()
    heard = entries_of(desk, contact["id"])[-1]
    assert (heard["kind"], heard["text"], heard["data"]["whisper_to"]) == (
        "note.added",
        whisper["text"],
        desk.id,
    )
    assert entries_of(customer, contact["id"]) == before
    assert desk.refused("POST", f"/contacts/{contact['id']}/observe", {"role": "listening"}) == (
        403,
        "role_missing",
    )
