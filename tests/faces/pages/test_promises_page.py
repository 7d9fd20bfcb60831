"""Promises where people see them: on the customer's pages, in the API, on the console's page; both languages, no violation."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases import queries, service, telling
from madoguchi.counter.cases.keeping import Keeper
from madoguchi.counter.cases.model import Case, case_file
from madoguchi.counter.cases.promise_model import case_promise
from madoguchi.counter.cases.promises import promise_text
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts import service as ledger
from madoguchi.engine.database import Transaction
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))


@pytest.fixture
def asked(counter: Counter, misaki: Visitor) -> str:
    """Misaki has asked for a person about a parcel that has not arrived; the path of her contact."""
    misaki.get("/")
    misaki.answer = misaki.client.post(
        "/contacts",
        data={
            **misaki.form("/contacts")[1],
            "problem": "order_delivery.item_not_received",
            "way": "person",
            "client_key": f"key-{time.monotonic_ns()}",
        },
    )
    assert misaki.path.startswith("/contacts/"), misaki.text
    return misaki.path.partition("?")[0]


def case_of(counter: Counter, path: str) -> Case:
    def read(tx: Transaction) -> Case:
        found = contacts.get(tx, path.rpartition("/")[2].partition("#")[0])
        assert found.case_id is not None
        return queries.get(tx, found.case_id)

    return counter.house.database.read(read)


def let(counter: Counter, case: Case, *verbs: object) -> None:
    """Staff do something to the case, and it is read."""
    keeper = Keeper.of(counter.house.settings)
    for verb in verbs:
        counter.house.database.write(verb, case.id, AGENT)  # type: ignore[arg-type]
    counter.house.database.write(keeper.read, case.id)


@pytest.mark.req("CASE-007", "CASE-017", "SLA-030")
def test_a_customer_sees_at_once_by_when_we_answer_and_what_is_usual(
    counter: Counter, misaki: Visitor, asked: str
) -> None:
    page = misaki.get(asked)
    assert "までに解決する見込みです。" in page
    assert f"このご用件の目安：{promise_text('order_delivery.item_not_received', 'ja')}" in page
    assert "解決までの目安は1〜3日です。" in page
    assert "までに解決する見込みです。" in misaki.get("/history")
    english = misaki.get(f"{asked}?lang=en")
    misaki.get(f"{asked}?lang=ja")  # the choice is kept
    assert "We expect to have solved it by" in english and "Usual time for this:" in english


@pytest.mark.req("CASE-007")
def test_a_promise_that_stands_still_says_so_and_a_broken_one_says_until_when(
    counter: Counter, misaki: Visitor, asked: str
) -> None:
    case = case_of(counter, asked)
    let(counter, case, service.wait_for_customer)
    page = misaki.get(asked)
    assert "その間、解決までの時間は止まり、お返事をいただくと再開します。" in page
    assert "までに解決する見込みです" not in page
    let(counter, case, service.wait_for_us)
    database, now = counter.house.database, counter.house.database.clock()

    def be_late(tx: Transaction) -> None:
        tx.execute(
            case_promise.update()
            .where(case_promise.c.case_id == case.id, case_promise.c.kind == "solution")
            .values(
                state="broken",
                due_at=now - timedelta(hours=1),
                told_at=now,
                told_due_at=now + timedelta(days=3),
            )
        )

    database.write(be_late)
    assert "時間がかかっており、申し訳ございません。解決の見込みは" in misaki.get(asked)


@pytest.mark.req("CASE-007")
def test_a_move_stands_in_the_conversation(counter: Counter, misaki: Visitor, asked: str) -> None:
    let(counter, case_of(counter, asked), service.investigate)
    assert "状況：調査中" in misaki.get(asked)


@pytest.mark.req("CASE-007")
def test_programs_read_the_promises_of_a_case(counter: Counter, misaki: Visitor, asked: str) -> None:
    contact_id = asked.rpartition("/")[2]
    seen = misaki.client.get(f"/api/v1/contacts/{contact_id}").json()["case"]
    (solution,) = [each for each in seen["promises"] if each["kind"] == "solution"]
    assert solution["state"] == "running" and solution["due_at"] == seen["promised_at"]
    assert solution["text"].startswith("We expect") or solution["text"].endswith("見込みです。")
    assert seen["usual_time"]


@pytest.fixture(scope="module")
def troubled(counter: Counter) -> str:
    """A case of eight days ago to which nobody has said a word; its number."""
    ago = timedelta(days=8)

    def write(tx: Transaction) -> str:
        owner = Actor(kind="customer", id="vis_troubled")
        opened = ledger.open_contact(tx, actor=owner, channel="mail", language="ja", owner="none")
        case = service.open_case(tx, None, owner.id, "return_exchange_cancel.damaged_item")
        ledger.link_case(tx, opened.id, case.id)
        tx.execute(case_file.update().where(case_file.c.id == case.id).values(opened_at=tx.now - ago))
        shift = round(ago.total_seconds() * 1_000_000)
        tx.driver("UPDATE ledger_entry SET at = at - ? WHERE contact_id = ?", (shift, opened.id)).close()
        Keeper.of(counter.house.settings).read(tx, case.id)
        telling.stalled(tx, timedelta(days=3))
        return case.label

    return counter.house.database.write(write)


@pytest.mark.req("SLA-030", "CASE-012", "SLA-001", "SLA-004")
def test_leads_see_what_is_overdue_what_stands_still_and_how_promises_were_kept(
    troubled: str, staff: Staff
) -> None:
    page = staff("supervisor").get("/console/promises")
    overdue, _, rest = page.partition("止まっているケース</h2>")
    stalled, _, figures = rest.partition("守れた約束・守れなかった約束</h2>")
    assert troubled in overdue and "破損" in overdue
    assert troubled in stalled
    for words in (
        "メール・フォーム：最初の回答（95％がこの時間以内）",
        "24時間以下",
        "チャット：担当者の最初の返答（平均）",
        "120秒以下",
        "95.0%以上",
    ):
        assert words in figures, words
    english = staff("operator", "en").get("/console/promises?days=7")
    assert "Overdue now" in english and "Last 7 days" in english


def test_programs_and_supervisors_get_the_same_figures(troubled: str, staff: Staff) -> None:
    found = staff("supervisor").client.get("/api/v1/figures/promises?days=30").json()
    assert troubled in {row["number"] for row in found["overdue"]} & {
        row["number"] for row in found["stalled"]
    }
    assert {row["id"] for row in found["measures"]} >= {"mail.first_answer.median", "chat.join_seconds.p90"}
    assert all(row["definition"] for row in found["measures"])
    assert staff("agent").client.get("/api/v1/figures/promises").status_code == 403


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_hold_no_violation_and_fit(
    width: int, troubled: str, chromium: Browser, counter: Counter, tokens: dict[str, str]
) -> None:
    context = _context(chromium, counter, viewport={"width": width, "height": 800})
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    page.goto("/console/promises")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_agents_may_not_and_strangers_sign_in(staff: Staff, counter: Counter) -> None:
    agent, stranger = staff("agent"), counter.visitor()
    agent.get("/console/promises")
    assert agent.answer.status_code == 403
    stranger.get("/console/promises")
    assert stranger.path.startswith("/desk/sign-in?next=")
