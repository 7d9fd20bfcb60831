"""The live board and what those who lead do from it: pages that work without a script, and the line that keeps them fresh."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import connect

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service
from madoguchi.counter.routing import presence
from madoguchi.counter.routing import service as routing
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.facts import Elsewhere
from madoguchi.counter.team import lending, notices
from madoguchi.counter.team import queries as team
from madoguchi.counter.team import service as team_service
from madoguchi.engine.database import Transaction
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.kit.ids import new_id
from tests.faces.pages.conftest import Counter, Staff, _context

HOME = "/console/live"
Waits = Callable[..., str]


@pytest.fixture
def waits(counter: Counter) -> Waits:
    """Somebody waits in a queue; "returns" has nobody with the skill, so nobody is offered them."""

    def wait(queue: str = "returns") -> str:
        actor = Actor(kind="customer", id=new_id("vis"))

        def write(tx: Transaction) -> str:
            opened = service.open_contact(tx, actor=actor, channel="chat", language="ja", owner="none")
            service.say(tx, opened.id, actor=actor, text="返品したい", client_key=new_id("key"))
            routing.enter(tx, contacts.get(tx, opened.id), queue, actor=actor)
            return opened.id

        return counter.house.database.write(write)

    return wait


@pytest.fixture
def helper(counter: Counter) -> Actor:
    """An agent of one queue only, available."""
    login = f"h{new_id('x')[-8:]}"

    def hire(tx: Transaction) -> Actor:
        found = team_service.add_agent(
            tx, login=login, password="corre7t-horse battery", name=f"応援 {login}", queues=["privacy"]
        )
        presence.set_status(tx, found.id, "available")
        return team_service.actor_of(found)

    return counter.house.database.write(hire)


def held(counter: Counter, contact_id: str, agent: Actor) -> None:
    seen = counter.house.database.read(contacts.get, contact_id)
    counter.house.database.write(routing.take, contact_id, agent, seen.owner_version)


def test_the_board_tells_everything_without_a_script(
    counter: Counter, staff: Staff, waits: Waits, helper: Actor
) -> None:
    waits()
    counter.house.board.forget()
    lead = staff("supervisor")
    text = lead.get(HOME)
    assert lead.answer.status_code == 200
    for words in ("ライブ状況", "最長待ち", "今日のSLA達成率", "返品・交換", helper.name, "対応可能"):
        assert words in text
    assert re.search(r'data-cell="queue\.returns\.waiting">[1-9]', text)


def test_operators_see_numbers_and_agents_see_no_board(counter: Counter, staff: Staff, waits: Waits) -> None:
    waits()
    operator = staff("operator")
    text = operator.get(HOME)
    assert operator.answer.status_code == 200
    assert "/desk#" not in text and "/console/live/agents/" not in text
    agent = staff("agent")
    agent.get(HOME)
    assert agent.answer.status_code == 403


def test_a_supervisor_changes_a_status_and_the_agent_is_told(
    counter: Counter, staff: Staff, helper: Actor
) -> None:
    lead = staff("supervisor")
    lead.get(f"{HOME}/agents/{helper.id}")
    lead.send(f"{helper.id}/status", status="break")
    assert lead.answer.status_code == 200
    (told,) = counter.house.database.read(notices.unseen, helper.id)
    assert (told.kind, told.detail) == ("status_set", {"status": "break"})


def test_contacts_in_hand_go_to_a_queue_or_a_colleague_all_or_none(
    counter: Counter, staff: Staff, waits: Waits, helper: Actor
) -> None:
    first, second = waits(), waits()
    for each in (first, second):
        held(counter, each, helper)
    lead = staff("supervisor")
    lead.get(f"{HOME}/agents/{helper.id}")
    target, fields = lead.form("/move")
    lead.answer = lead.client.post(
        target, data={"csrf": fields["csrf"], "contact": [first, second], "to": "queue:payments"}
    )
    assert lead.answer.status_code == 200
    owners = [counter.house.database.read(contacts.get, each) for each in (first, second)]
    assert [(each.owner_kind, each.owner_id) for each in owners] == [("queue", "payments")] * 2
    assert ("contacts_moved", {"count": 2}) in [
        (each.kind, each.detail) for each in counter.house.database.read(notices.unseen, helper.id)
    ]
    lead.answer = lead.client.post(
        target, data={"csrf": fields["csrf"], "contact": [first], "to": "queue:payments"}
    )
    assert lead.answer.status_code == 409
    lead.answer = lead.client.post(target, data={"csrf": fields["csrf"], "to": "queue:payments"})
    assert lead.answer.status_code == 422 and "1つ以上選んでください" in lead.text


def test_people_are_moved_to_a_queue_for_a_while(counter: Counter, staff: Staff, helper: Actor) -> None:
    lead = staff("supervisor")
    lead.get(f"{HOME}/queues/returns/lend")
    assert helper.name in lead.text
    target, fields = lead.form("/lend")
    lead.answer = lead.client.post(
        target, data={"csrf": fields["csrf"], "agent": [helper.id], "minutes": "30"}
    )
    assert helper.name in lead.text and "返品・交換" in lead.text
    assert counter.house.database.read(lending.lent_queues)[helper.id] == {"returns"}
    lead.send("/end")
    assert helper.id not in counter.house.database.read(lending.lent_queues)
    lead.get(f"{HOME}/queues/nowhere/lend")
    assert lead.answer.status_code == 404


def test_rules_are_set_on_one_page_and_an_alert_is_taken(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    lead.get("/console/alerts")
    lead.send("/console/alerts", **{"threshold-callbacks_late": "0"})
    assert lead.answer.status_code == 422
    lead.get("/console/alerts")
    lead.send("/console/alerts", **{"threshold-callbacks_late": "7", "mail-callbacks_late": "yes"})
    rule = counter.house.database.read(alerts.rules_of)["callbacks_late"]
    assert (rule.threshold, rule.by_mail, rule.active) == (7, True, True)


def test_the_live_line_sends_the_whole_once_and_then_only_what_changed(
    counter: Counter, tokens: dict[str, str], waits: Waits
) -> None:
    counter.house.board.forget()
    headers = {"Cookie": f"{STAFF_COOKIE}={tokens['supervisor']}", "Accept-Language": "ja"}
    with connect(
        f"{counter.url.replace('http', 'ws')}/api/v1/live", additional_headers=headers, origin=counter.url
    ) as line:
        line.send(json.dumps({"type": "hello", "board": True}))
        assert json.loads(line.recv(5))["type"] == "welcome"
        whole = json.loads(line.recv(5))
        assert {"waiting", "longest", "level", "queue.returns.waiting"} <= set(whole["cells"])
        before = int(whole["cells"]["queue.returns.waiting"])
        waits()
        changed: dict[str, object] = {}
        while changed.get("queue.returns.waiting") != str(before + 1):
            frame = json.loads(line.recv(10))
            assert frame["type"] == "board"
            assert len(frame["cells"]) < len(whole["cells"]) / 2
            changed |= frame["cells"]
        assert changed["waiting"]
        assert not [name for name in changed if name.startswith("queue.security")]


def test_the_live_line_tells_agents_nothing_of_the_board(counter: Counter, tokens: dict[str, str]) -> None:
    headers = {"Cookie": f"{STAFF_COOKIE}={tokens['agent']}"}
    with connect(
        f"{counter.url.replace('http', 'ws')}/api/v1/live", additional_headers=headers, origin=counter.url
    ) as line:
        line.send(json.dumps({"type": "hello", "board": True}))
        assert json.loads(line.recv(5))["problem"]["status"] == 403


@pytest.fixture
def board(counter: Counter, tokens: dict[str, str], browser: Browser):  # type: ignore[no-untyped-def]
    """The live board in a browser with scripts."""
    contexts = []

    def open_board(**options: object) -> Page:
        context = _context(browser, counter, **options)
        contexts.append(context)
        cookies = {STAFF_COOKIE: tokens["supervisor"], "madoguchi_language": "ja"}
        context.add_cookies(
            [{"name": name, "value": value, "url": counter.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.goto(HOME)
        expect(page.locator("[data-line]")).to_have_text("自動更新中")
        return page

    yield open_board
    for context in contexts:
        context.close()


@pytest.mark.req("A11Y-002")
def test_numbers_come_by_themselves_can_be_paused_by_keyboard_and_alerts_are_said_once(
    counter: Counter, waits: Waits, board: Callable[..., Page]
) -> None:
    page = board()
    cell = page.locator('[data-cell="queue.returns.waiting"]')
    before = int(cell.inner_text())
    waits()
    expect(cell).to_have_text(str(before + 1))
    assert [f"{v['id']}" for v in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="一時停止").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="一時停止")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-line]")).to_have_text("停止中")
    waits()
    page.wait_for_timeout(2500)
    expect(cell).to_have_text(str(before + 1))
    page.keyboard.press("Space")
    expect(cell).to_have_text(str(before + 2))
    raised = counter.house.database.read(alerts.open_alerts)
    assert not raised or page.locator(".board-alert").count()


def test_at_telephone_width_nothing_is_cut(board: Callable[..., Page]) -> None:
    page = board(viewport={"width": 360, "height": 740})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_whoever_is_not_there_is_not_found(staff: Staff) -> None:
    lead = staff("supervisor")
    for path in (f"{HOME}/agents/agt_none", "/console/reviews/contacts/con_none"):
        lead.get(path)
        assert lead.answer.status_code == 404


def test_the_name_of_the_one_who_looks_after_an_alert_stands_beside_it(
    counter: Counter, staff: Staff, waits: Waits
) -> None:
    from zoneinfo import ZoneInfo

    from madoguchi.counter.routing.policy import Rules

    waits()
    rules = Rules.of(counter.house.settings)
    counter.house.database.write(alerts.look, rules, ZoneInfo("Asia/Tokyo"), Elsewhere(lambda tx: 99))
    counter.house.board.forget()
    lead = staff("supervisor")
    assert "折り返し電話が99件遅れています" in lead.get(HOME)
    lead.send("/acknowledge")
    assert "担当 supervisor" in lead.text
    names = {each.name for each in counter.house.database.read(team.agents)}
    assert "担当 supervisor" in names
