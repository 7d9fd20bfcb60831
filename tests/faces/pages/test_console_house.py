"""Reviews, audit log, uptime, keys and webhooks in the console: who may, what is shown, what comes as a file."""

from __future__ import annotations

import csv
import io
import re

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service
from madoguchi.counter.quality import reviews
from madoguchi.counter.routing import service as routing
from madoguchi.counter.team import queries as team
from madoguchi.counter.team import service as team_service
from madoguchi.engine.database import Transaction
from madoguchi.faces.hooks import listeners
from madoguchi.kit.ids import new_id
from tests.faces.pages.conftest import Counter, Staff, Visitor


def rows(visitor: Visitor) -> list[dict[str, str]]:
    assert visitor.answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(visitor.answer.content.decode("utf-8-sig"))))


@pytest.fixture
def spoken(counter: Counter) -> tuple[str, str]:
    """A conversation that the agent of the tests has held; with the agent's id."""
    actor = Actor(kind="customer", id=new_id("vis"))

    def hold(tx: Transaction) -> tuple[str, str]:
        agent = team.by_login(tx, "test-agent")
        assert agent is not None
        me = team_service.actor_of(agent)
        opened = service.open_contact(tx, actor=actor, channel="chat", language="ja", owner="none")
        service.say(tx, opened.id, actor=actor, text="=届きません", client_key="a")
        taken = routing.take(tx, opened.id, me, contacts.get(tx, opened.id).owner_version)
        service.say(
            tx, opened.id, actor=me, text="確認いたします", client_key="b", owner_version=taken.owner_version
        )
        service.resolve(tx, opened.id, me, taken.owner_version)
        return opened.id, agent.id

    return counter.house.database.write(hold)


@pytest.mark.req("QLT-005")
def test_a_conversation_is_reviewed_and_the_agent_reads_it(
    counter: Counter, tokens: dict[str, str], staff: Staff, spoken: tuple[str, str]
) -> None:
    contact_id, agent_id = spoken
    lead = staff("supervisor")
    assert contact_id in lead.get("/console/reviews")  # drawn by lot
    lead.get(f"/console/reviews/contacts/{contact_id}")
    assert "確認いたします" in lead.text and "親切さ" in lead.text
    lead.send(f"/{contact_id}")
    assert lead.answer.status_code == 422 and "点数を選んでください" in lead.text
    marks = {f"mark-{each.id}": "4" for each in counter.house.database.read(reviews.criteria)}
    lead.send(f"/{contact_id}", **marks, agent=agent_id, comment="次は先に結論を")
    assert lead.answer.status_code == 200 and "4.0" in lead.text
    agent = staff("agent")
    assert "次は先に結論を" in agent.get("/console/reviews/mine")
    agent.send("/seen")
    assert "本人確認済み" in lead.get("/console/reviews")
    lead.get("/console/reviews/csv")
    assert [row["kindness"] for row in rows(lead) if row["contact"] == contact_id] == ["4"]
    for path in ("/console/reviews", f"/console/reviews/contacts/{contact_id}", "/console/reviews/criteria"):
        agent.get(path)
        assert agent.answer.status_code == 403


def test_a_criterion_is_added_on_a_page(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    lead.get("/console/reviews/criteria")
    lead.send("/criteria", id="Grüße", **{"name-ja": "あいさつ"}, place="9")
    assert lead.answer.status_code == 422
    lead.send("/criteria", id="greeting", **{"name-ja": "あいさつ"}, place="9", active="")
    found = {each.id: each for each in counter.house.database.read(reviews.criteria, active_only=False)}
    assert found["greeting"].name == {"ja": "あいさつ"} and not found["greeting"].active


@pytest.mark.req("QLT-009")
def test_the_audit_log_is_filtered_and_comes_as_a_file(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    lead.get("/console/alerts")
    lead.send("/console/alerts", **{"threshold-upset": "4"})
    text = lead.get("/console/audit?action=alert_rule")
    assert "threshold: 1 → 4" in text and "担当 supervisor" in text
    assert "session.begun" not in re.sub(r"<datalist.*?</datalist>", "", text, flags=re.S)
    lead.get("/console/audit/csv?action=alert_rule&subject=upset")
    (row,) = rows(lead)
    assert (row["what"], row["object"], row["detail"]) == ("alert_rule.changed", "upset", "threshold: 1 → 4")
    lead.get("/console/audit?since=2001-01-01&until=2001-01-02")
    assert "当てはまる記録はありません" in lead.text
    actor = counter.house.database.read(team.by_login, "test-supervisor")
    assert actor is not None
    lead.get(f"/console/audit/csv?actor={actor.id}")
    assert {row["who"] for row in rows(lead)} == {actor.id}
    agent = staff("agent")
    for path in ("/console/audit", "/console/audit/csv", "/console/uptime"):
        agent.get(path)
        assert agent.answer.status_code == 403


@pytest.mark.req("QLT-009")
def test_uptime_is_told_from_the_first_sign_of_life(staff: Staff) -> None:
    operator = staff("operator")
    text = operator.get("/console/uptime?days=1")
    assert re.search(r"\d{1,3}\.\d{3}%", text)
    operator.get("/console/uptime/csv?days=1")
    assert rows(operator)[-1]["what"] == "period"
    assert 0 <= float(rows(operator)[-1]["share_up"]) <= 1


def test_a_key_is_shown_once_used_and_revoked(counter: Counter, staff: Staff) -> None:
    operator = staff("operator")
    operator.get("/console/keys")
    operator.send("/keys", name="")
    assert operator.answer.status_code == 422
    operator.send("/keys", name="在庫連携", scope="read")
    secret = re.search(r"mdg_[\w-]+", operator.text)
    assert secret is not None
    assert secret[0] not in operator.get("/console/keys")
    headers = {"authorization": f"Bearer {secret[0]}"}

    def call() -> int:
        return operator.client.get("/api/v1/queues", headers=headers).status_code

    assert call() == 200
    assert "最終使用" in operator.get("/console/keys")
    operator.send("/revoke")
    assert call() == 401
    assert "失効" in operator.text
    lead = staff("supervisor")
    lead.get("/console/keys")
    assert lead.answer.status_code == 403


def test_a_webhook_is_added_and_taken_away(counter: Counter, staff: Staff) -> None:
    operator = staff("operator")
    operator.get("/console/webhooks")
    operator.send("/webhooks", url="http://127.0.0.1/x")
    assert operator.answer.status_code == 422
    operator.send("/webhooks", url="http://93.184.215.14/x", kind="alert.raised")
    assert "whsec_" in operator.text
    (found,) = [each for each in counter.house.database.read(listeners.listeners) if each.active]
    assert found.kinds == ["alert.raised"]
    operator.get("/console/webhooks")
    assert "whsec_" not in operator.text
    operator.send("/remove")
    assert not any(each.active for each in counter.house.database.read(listeners.listeners))
