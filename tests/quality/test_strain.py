"""Abuse is flagged as it is said; the agent warns once, calmly, and may then end it; the case stays open (QLT-008)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.engine.audit import audit
from tests.faces.api.conftest import counter as counter
from tests.faces.api.conftest import filled as filled
from tests.faces.api.people import Caller, Counter, texts

pytestmark = pytest.mark.req("QLT-008")


@pytest.fixture
def talk(counter: Counter) -> tuple[Caller, Caller, str]:
    """A customer, the agent who has the contact, and its id."""
    misaki, ito = counter.customer(cast.MISAKI), counter.agent("ito")
    contact = misaki.open("荷物が届きません")
    seen = ito.get(f"/contacts/{contact['id']}")
    ito.post(f"/contacts/{contact['id']}/take", {"owner_version": seen["owner"]["version"]})
    return misaki, ito, contact["id"]


def version(ito: Caller, contact_id: str) -> dict[str, int]:
    return {"owner_version": ito.get(f"/contacts/{contact_id}")["owner"]["version"]}


def test_the_agent_sees_the_flag_and_a_calm_template_and_the_customer_sees_neither(
    talk: tuple[Caller, Caller, str],
) -> None:
    misaki, ito, contact_id = talk
    assert ito.get(f"/contacts/{contact_id}")["strain"] == ""
    misaki.say(contact_id, "いい加減にしてください")
    assert ito.get(f"/contacts/{contact_id}")["strain"] == "upset"
    found = ito.get(f"/contacts/{contact_id}/conduct")
    assert found["calm"].startswith("このたびはご不快な思いを")
    assert found["may_end"] is False
    assert misaki.get(f"/contacts/{contact_id}")["strain"] == ""
    assert misaki.refused("GET", f"/contacts/{contact_id}/conduct")[0] == 403


def test_abuse_is_ended_only_after_a_warning_and_only_if_it_goes_on(
    counter: Counter, talk: tuple[Caller, Caller, str]
) -> None:
    misaki, ito, contact_id = talk
    owned = version(ito, contact_id)
    assert ito.refused("POST", f"/contacts/{contact_id}/conduct/end", owned) == (409, "no_abuse")
    assert ito.refused("POST", f"/contacts/{contact_id}/conduct/warn", owned) == (409, "no_abuse")
    misaki.say(contact_id, "この無能が")
    assert ito.refused("POST", f"/contacts/{contact_id}/conduct/end", owned) == (409, "not_warned")
    warned = ito.post(f"/contacts/{contact_id}/conduct/warn", owned)
    assert (warned["warned"], warned["may_end"]) == (True, False)
    assert (
        "続く場合は、この会話を終了させていただきます"
        in texts(misaki.get(f"/contacts/{contact_id}/entries")["entries"])[-1]
    )
    misaki.say(contact_id, "死ね")
    assert ito.get(f"/contacts/{contact_id}/conduct")["may_end"] is True
    ended = ito.post(f"/contacts/{contact_id}/conduct/end", owned)
    assert ended["state"] == "ended"
    assert ended["case"]["state"] not in ("resolved", "closed")
    assert "責任者が確認します" in texts(misaki.get(f"/contacts/{contact_id}/entries")["entries"])[-1]
    rows = counter.house.database.read(
        lambda tx: tx.all(
            select(audit).where(
                audit.c.action == "contact.ended_for_conduct", audit.c.object_id == contact_id
            )
        )
    )
    assert [row.detail["abusive"] for row in rows] == [2]


def test_a_calm_word_after_the_warning_does_not_let_it_end(talk: tuple[Caller, Caller, str]) -> None:
    misaki, ito, contact_id = talk
    owned = version(ito, contact_id)
    misaki.say(contact_id, "この無能が")
    ito.post(f"/contacts/{contact_id}/conduct/warn", owned)
    misaki.say(contact_id, "すみません、言いすぎました")
    misaki.say(contact_id, "でも、いい加減にしてほしいです。もう我慢の限界です")
    assert ito.refused("POST", f"/contacts/{contact_id}/conduct/end", owned) == (409, "not_warned")


def test_nobody_else_warns_or_ends_except_a_supervisor(
    counter: Counter, talk: tuple[Caller, Caller, str]
) -> None:
    misaki, ito, contact_id = talk
    owned = version(ito, contact_id)
    misaki.say(contact_id, "死ね")
    kato, mori = counter.agent("kato"), counter.agent("mori")
    assert kato.refused("POST", f"/contacts/{contact_id}/conduct/end", owned) == (403, "not_owner")
    assert kato.refused("POST", f"/contacts/{contact_id}/conduct/warn", owned) == (403, "not_owner")
    assert mori.post(f"/contacts/{contact_id}/conduct/end", owned)["state"] == "ended"
