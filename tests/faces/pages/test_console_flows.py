"""The assistant's dialogues at the console: what is told of them, and who answers, changed while the house works (HND-007)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import delete, insert, select, update

from madoguchi.assistant import flows
from madoguchi.assistant.anatomy import anatomy
from madoguchi.assistant.labour_keeping import labour_rule
from madoguchi.assistant.wording import words
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.staff import ensure_staff
from madoguchi.counter.contacts import events
from madoguchi.counter.problems import Conflict
from madoguchi.counter.reports.cells import EVERY, Changes
from madoguchi.counter.reports.model import DIMENSIONS
from madoguchi.counter.reports.tally import SLOTS, Tally
from madoguchi.counter.routing.model import queue
from madoguchi.engine.audit import audit
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.rehearsal.chat import Chat
from tests.faces.pages.conftest import Counter, Staff, _context

HOME = "/console/flows"
DUPLICATE = f"{HOME}/kinds/payment_refund.duplicate_charge"
TWICE = "二重に請求されています。返金してください"


@pytest.fixture(scope="module", autouse=True)
def people(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The demonstration's staff."""
    ensure_staff(counter.house.database, tmp_path_factory.mktemp("staff"))


@pytest.fixture(autouse=True)
def nothing_changed(counter: Counter) -> Iterator[None]:
    yield
    counter.house.database.write(lambda tx: tx.execute(delete(labour_rule)) and None)


def audited(counter: Counter) -> list[dict[str, object]]:
    rows = counter.house.database.read(
        lambda tx: tx.all(select(audit).where(audit.c.action == "labour.set").order_by(audit.c.seq))
    )
    return [{"matter": row.object_id, "by": row.actor_id, **row.detail} for row in rows]


def now_of(page: str) -> str:
    """Who answers, as the first row of the division says it."""
    return page.partition('data-head="現在"><span class="sheet-cell">')[2].partition("<")[0]


def proposes(chat: Chat) -> bool:
    return any(card["kind"] == "proposal" for card in chat.cards)


@pytest.mark.parametrize("path", [HOME, f"{HOME}/labour", DUPLICATE])
def test_who_may_open_what(counter: Counter, staff: Staff, path: str) -> None:
    for role, status in {"operator": 200, "supervisor": 200, "agent": 403}.items():
        visitor = staff(role)
        visitor.get(path)
        assert visitor.answer.status_code == status, role
    stranger = counter.visitor()
    stranger.get(path)
    assert stranger.path.startswith("/desk/sign-in?next=")


@pytest.mark.req("HND-007")
def test_an_agent_who_sends_the_form_is_refused(counter: Counter, staff: Staff) -> None:
    agent = staff("agent")
    _, fields = (agent.get("/console/held"), agent.form("/desk/sign-out"))[1]
    sent = {**fields, "matter": "refund", "labour": "human", "seen": "0"}
    assert agent.client.post(f"{HOME}/labour", data=sent).status_code == 403
    assert counter.house.database.read(lambda tx: tx.all(select(labour_rule))) == []


@pytest.mark.req("HND-007")
def test_refund_for_people_stops_automatic_refunds_at_once_and_the_way_back_opens_them(
    counter: Counter, staff: Staff
) -> None:
    """Through the real turn: also the proposal that lies on the table when the supervisor saves."""
    on_the_table = Chat(counter.house, cast.CHARGED_TWICE)
    on_the_table.say(TWICE)
    assert proposes(on_the_table)
    lead = staff("supervisor")
    lead.get(f"{HOME}/labour")
    form = next(part for part in lead.text.split("<form ") if 'value="refund"' in part)
    assert "初期設定：アシスタント（案内と手続き）" in form
    _, fields = lead.form(f"{HOME}/labour")
    lead.answer = lead.client.post(f"{HOME}/labour", data={**fields, "matter": "refund", "labour": "human"})
    assert "「返金（すべて）」を保存しました。次のメッセージから反映されます。" in lead.text
    on_the_table.say("はい")
    assert on_the_table.done() == [] and on_the_table.contact.owner_kind == "queue"
    later = Chat(counter.house, cast.CHARGED_TWICE)
    later.say(TWICE)
    assert not proposes(later)
    assert later.facts(events.HAND_OVER)[-1]["reason"] == "configured"
    lead.answer = lead.client.post(
        f"{HOME}/labour", data={**fields, "matter": "refund", "labour": "", "seen": "1"}
    )
    again = Chat(counter.house, cast.CHARGED_TWICE)
    again.say(TWICE)
    assert proposes(again)
    changes = audited(counter)[-2:]
    assert [(each["matter"], each["before"], each["after"], each["version"], each["returned"]) for each in changes] == [
        ("refund", "bot_with_action", "human", 1, False),
        ("refund", "human", "bot_with_action", 2, True),
    ]  # fmt: skip


@pytest.mark.req("HND-007")
def test_a_proposal_on_the_table_cannot_be_confirmed_on_its_card_either(
    counter: Counter, staff: Staff
) -> None:
    chat = Chat(counter.house, cast.CHARGED_TWICE)
    chat.say(TWICE)
    card = next(card for card in chat.cards if card["kind"] == "proposal")
    lead = staff("supervisor")
    lead.get(f"{HOME}/labour")
    _, fields = lead.form(f"{HOME}/labour")
    for matter, seen in (("cancel", "0"), ("refund", "0")):
        assert counter.house.orders.proposal(chat.actor, card["id"]).state == "offered"
        lead.client.post(f"{HOME}/labour", data={**fields, "matter": matter, "labour": "human", "seen": seen})
    with pytest.raises(Conflict):
        counter.house.orders.confirm(chat.actor, card["id"], "pressed-on-the-card")
    assert counter.house.orders.proposal(chat.actor, card["id"]).state == "withdrawn"


@pytest.mark.req("HND-007")
def test_a_kind_is_given_to_people_on_its_own_page(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    lead.get(DUPLICATE)
    lead.send(f"{HOME}/labour", labour="human")
    assert lead.path.startswith(f"{DUPLICATE}?saved=")
    assert now_of(lead.text) == "担当者" and "第1版" in lead.text
    asking = Chat(counter.house, cast.CHARGED_TWICE)
    asking.say(TWICE)
    handed = asking.facts(events.HAND_OVER)[-1]
    assert (handed["queue"], handed["reason"]) == ("payments", "configured")
    assert "payment_refund.duplicate_charge" in lead.get(f"{HOME}/labour")


def test_two_who_change_the_same_are_told_and_what_was_chosen_stays(counter: Counter, staff: Staff) -> None:
    one, other = staff("supervisor"), staff("operator")
    for each in (one, other):
        each.get(DUPLICATE)
    one.send(f"{HOME}/labour", labour="human")
    other.send(f"{HOME}/labour", labour="bot")
    assert other.answer.status_code == 409
    assert "ほかの方がこの間に変更しました" in other.text
    _, fields = other.form(f"{HOME}/labour")
    assert (fields["labour"], fields["seen"]) == ("bot", "1")
    other.send(f"{HOME}/labour")
    assert now_of(other.text) == "アシスタント（案内のみ）"


@pytest.mark.parametrize(
    ("matter", "labour"), [("nonsense", "human"), ("refund", "nobody"), ("guarantee", "bot")]
)
def test_what_does_not_exist_is_refused(counter: Counter, staff: Staff, matter: str, labour: str) -> None:
    lead = staff("supervisor")
    lead.get(f"{HOME}/labour")
    _, fields = lead.form(f"{HOME}/labour")
    sent = {**fields, "matter": matter, "labour": labour, "seen": "0"}
    assert lead.client.post(f"{HOME}/labour", data=sent).status_code == 422
    assert counter.house.database.read(lambda tx: tx.all(select(labour_rule))) == []


def test_every_dialogue_shows_its_exit_and_one_that_has_none_is_an_error(
    counter: Counter, staff: Staff
) -> None:
    lead, database = staff("supervisor"), counter.house.database
    page = lead.get(HOME)
    assert page.count(f'href="{HOME}/kinds/') == len(flows.load())
    assert "担当者につながりません" not in page
    gone = database.read(lambda tx: tx.first(select(queue).where(queue.c.id == "payments")))
    database.write(lambda tx: tx.execute(delete(queue).where(queue.c.id == "payments")) and None)
    try:
        assert "担当者への出口がない会話" in lead.get(HOME)
        assert "担当者につながりません" in lead.get(DUPLICATE)
    finally:
        database.write(lambda tx: tx.execute(insert(queue).values(**gone._mapping)) and None)


def test_a_switched_off_queue_leads_to_the_general_one(counter: Counter, staff: Staff) -> None:
    lead, database = staff("supervisor"), counter.house.database

    def switch(active: bool) -> None:
        off = update(queue).where(queue.c.id == "payments").values(active=active)
        database.write(lambda tx: tx.execute(off) and None)

    name = database.read(lambda tx: tx.first(select(queue).where(queue.c.id == "general"))).name["ja"]
    switch(False)
    try:
        assert f"<dd>{name}</dd>" in lead.get(DUPLICATE)
    finally:
        switch(True)


@pytest.mark.req("QLT-006")
def test_use_and_where_customers_leave_come_from_the_sums_of_thirty_days(
    counter: Counter, staff: Staff
) -> None:
    kind, database = "order_delivery.redelivery", counter.house.database
    today = database.clock().astimezone(ZoneInfo(counter.house.settings.shop.timezone)).date()
    asked = next(iter(anatomy(flows.load()[kind]).questions))
    counted = tally_of_nothing()
    counted.words.update(
        {f"flow:{kind}": 41, f"step:{kind}/{asked}": 23, f"exit:{kind}/{asked}": 7, f"exit:{kind}_other/x": 5}
    )
    changes = Changes()
    for days in (3, 31):
        day = (today - timedelta(days=days)).isoformat()
        for grain, starts in (("day", day), ("month", f"{day[:7]}-01")):
            changes.by_cell["", grain, starts, *([EVERY] * len(DIMENSIONS))].add(counted)
    database.write(changes.write)
    lead = staff("supervisor")
    assert "開始41件・離脱7件" in lead.get(HOME)
    page = lead.get(f"{HOME}/kinds/{kind}")
    question = page[page.index("<h2>質問と離脱") :]
    assert 'data-head="質問した回数"><span class="sheet-cell">23<' in question
    assert 'data-head="ここで離脱"><span class="sheet-cell">7<' in question


def tally_of_nothing() -> Tally:
    """One contact, so that its cell is kept."""
    numbers = np.zeros(len(SLOTS), np.int64)
    numbers[SLOTS.index("contacts")] = 1
    return Tally(numbers)


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_the_words_are_those_of_the_wording(staff: Staff, language: str) -> None:
    lead = staff("supervisor")
    page = lead.get(f"{DUPLICATE}?words={language}")
    for key in anatomy(flows.load()["payment_refund.duplicate_charge"]).words:
        assert f'<dd lang="{language}">{words(language, key)}</dd>' in page, key


def test_a_tree_is_told_step_by_step(staff: Staff) -> None:
    page = staff("supervisor").get(f"{HOME}/kinds/membership_digital_device.device_issue")
    assert "トラブル解決の手順：" in page and "手順2" in page


def test_trying_words_shows_what_is_understood_and_keeps_nothing(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    page = lead.get(f"{HOME}?said={TWICE}")
    heard = page[page.index("次の用件と聞き取りました") : page.index('aria-label="お問い合わせの分類"')]
    assert "payment_refund.duplicate_charge" in heard
    assert "聞き取れませんでした" in lead.get(f"{HOME}?said=むにゃむにゃぴよ")


def test_the_pages_are_accessible_and_fit_a_narrow_screen(
    browser: Browser, counter: Counter, staff: Staff
) -> None:
    lead = staff("supervisor")
    lead.get(HOME)
    context = _context(browser, counter, viewport={"width": 320, "height": 700}, bypass_csp=True)
    context.add_cookies(
        [{"name": STAFF_COOKIE, "value": lead.client.cookies[STAFF_COOKIE], "url": counter.url}]
    )
    page = context.new_page()
    for path in (HOME, f"{HOME}/labour", DUPLICATE):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()
