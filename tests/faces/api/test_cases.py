"""Cases over the API: one case from every side, the work on it, who may, and what a customer sees of it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.cases import orders_of, tasks
from madoguchi.counter.cases import queries as case_queries
from madoguchi.counter.cases import service as cases
from madoguchi.counter.cases.order_course import course_of
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as ledger
from madoguchi.counter.surveys import service as surveys
from madoguchi.counter.surveys.model import Answer
from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand

DAMAGED = "return_exchange_cancel.damaged_item"
LATE = "order_delivery.delivery_delay"


def brought(customer: Caller, text: str = "届きません", **wish: Any) -> tuple[str, dict[str, Any]]:
    """A new contact; its case's number beside it."""
    contact = customer.open(text, **wish)
    return contact["case"]["number"], contact


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def views(counter: Counter, kind: str, object_id: str) -> list[str]:
    def read(tx: Transaction) -> list[str]:
        query = select(audit.c.actor_id).where(audit.c.action == kind, audit.c.object_id == object_id)
        return [row.actor_id for row in tx.all(query)]

    return counter.house.database.read(read)


@pytest.mark.req("PRIV-002")
def test_every_look_at_a_case_by_staff_leaves_a_line(counter: Counter) -> None:
    number, contact = brought(counter.customer(cast.MISAKI))
    case_id = contact["case"]["id"]
    looked = []
    for caller in (counter.agent("ito"), counter.agent("mori"), counter.key("read")):
        caller.get(f"/cases/{number}")
        caller.get(f"/cases/{number}/timeline")
        looked.append(caller.id)
    assert views(counter, "case.read", case_id) == looked
    assert counter.agent("ops").refused("GET", f"/cases/{number}")[0] == 403
    assert counter.customer(cast.JOHN).refused("GET", f"/cases/{number}") == (404, "case_not_found")
    assert views(counter, "case.read", case_id) == looked


@pytest.mark.req("CASE-008")
def test_evidence_is_listed_with_digest_time_and_uploader_and_reading_it_is_logged(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    number, contact = brought(misaki)
    file = misaki.upload(f"/contacts/{contact['id']}/attachments", "箱.png", picture())
    misaki.say(contact["id"], "", attachments=[file["id"]])
    (found,) = desk.get(f"/cases/{number}")["evidence"]
    assert (found["name"], found["uploader"], len(found["sha256"])) == ("箱.png", "佐藤 美咲", 64)
    assert found["at"]
    desk.send("GET", found["url"].removeprefix("/api/v1"))
    assert views(counter, "attachment.read", file["id"]) == [desk.id]


@pytest.mark.req("CASE-003", "CASE-006")
def test_the_same_order_and_problem_again_is_the_same_case_and_another_is_not(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    about = {"order_number": cast.MISAKI_UNSHIPPED, "problem": DAMAGED}
    first, _ = brought(misaki, **about)
    again, _ = brought(misaki, **about)
    other, _ = brought(misaki, order_number=cast.MISAKI_UNSHIPPED, problem=LATE)
    assert again == first
    assert other != first
    assert len(counter.agent("ito").get(f"/cases/{first}")["contacts"]) == 2


@pytest.mark.req("CASE-005", "CASE-006", "HLP-014")
def test_the_agent_of_a_second_contact_sees_the_first_and_what_was_tried(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    _, contact = brought(misaki, "注文の商品がまだ届きません", order_number=cast.MISAKI_ON_TIME)
    counter.think(contact["id"])
    misaki.post(f"/contacts/{contact['id']}/hand-over")
    counter.think(contact["id"])
    number = desk.get(f"/contacts/{contact['id']}")["case"]["number"]
    second = misaki.open("まだです", case=number)
    shown = desk.get(f"/cases/{number}")
    assert {each["id"] for each in shown["contacts"]} >= {contact["id"], second["id"]}
    assert [each["text"] for each in shown["tried"] if each["kind"] == "step"]


def test_work_on_a_case_needs_the_state_that_was_seen(counter: Counter) -> None:
    number, _ = brought(counter.customer(cast.MISAKI))
    desk = counter.agent("ito")
    seen = desk.get(f"/cases/{number}")
    assert "resolve" in seen["deeds"]
    moved = desk.post(f"/cases/{number}/state", {"deed": "wait_for_customer", "state": seen["state"]})
    assert moved["state"] == "waiting_for_customer"
    late = {"deed": "resolve", "state": seen["state"]}
    assert desk.refused("POST", f"/cases/{number}/state", late) == (409, "case_moved")


@pytest.mark.req("CASE-013")
def test_open_tasks_warn_before_a_case_is_solved(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    contact = in_hand(counter, misaki, desk)
    number = contact["case"]["number"]
    shown = desk.post(f"/cases/{number}/tasks", {"template": "victim"})
    assert [each["state"] for each in shown["tasks"]] == ["open"] * 5
    first = shown["tasks"][0]
    done = {"deed": "finish", "state": "open", "result": "証拠を保存した"}
    shown = desk.post(f"/cases/{number}/tasks/{first['id']}", done)
    assert shown["tasks"][0]["state_label"] == "完了"
    wish = {"owner_version": contact["owner"]["version"]}
    assert desk.refused("POST", f"/contacts/{contact['id']}/resolve", wish) == (409, "open_tasks")
    assert desk.refused("POST", f"/cases/{number}/state", {"deed": "resolve"}) == (409, "open_tasks")
    resolved = desk.post(f"/contacts/{contact['id']}/resolve", {**wish, "anyway": True})
    assert resolved["case"]["state"] == "resolved"


def test_a_task_of_another_desk_is_in_its_list(counter: Counter) -> None:
    number, _ = brought(counter.customer(cast.MISAKI))
    desk = counter.agent("ito")
    desk.post(f"/cases/{number}/tasks", {"title": "在庫を数える", "queue": "orders"})
    assert "在庫を数える" in {each["title"] for each in counter.agent("kato").get("/tasks")["tasks"]}
    wrong = {"title": "x", "queue": "nowhere"}
    assert desk.refused("POST", f"/cases/{number}/tasks", wrong) == (422, "unknown_queue")
    foreign, _ = brought(counter.customer(cast.JOHN))
    task = counter.agent("ito").get(f"/cases/{number}")["tasks"][0]["id"]
    assert desk.refused("POST", f"/cases/{foreign}/tasks/{task}", {"deed": "start"}) == (
        404,
        "task_not_found",
    )


@pytest.mark.req("CASE-004", "CASE-006")
def test_a_merged_number_leads_its_customer_to_the_case_that_goes_on(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    first, _ = brought(misaki, problem=LATE)
    second, _ = brought(misaki, problem=DAMAGED)
    desk.post(f"/cases/{second}/merge", {"into": first})
    assert misaki.get(f"/cases/{second}")["number"] == first
    assert misaki.get(f"/cases/{first}")["joined"] == [second]
    assert misaki.open("続きです", case=second)["case"]["number"] == first
    johns, _ = brought(counter.customer(cast.JOHN))
    refusal = desk.refused("POST", f"/cases/{first}/merge", {"into": johns})
    assert refusal == (409, "case_of_other_customer")
    back = desk.post(f"/cases/{second}/unmerge")
    assert back["number"] == second
    assert len(back["contacts"]) == 1


def test_a_case_takes_only_orders_of_its_own_customer(counter: Counter) -> None:
    number, _ = brought(counter.customer(cast.MISAKI))
    desk = counter.agent("ito")
    johns = {"order_number": cast.JOHN_LATE}
    assert desk.refused("POST", f"/cases/{number}/orders", johns) == (404, "order_not_found")
    own = desk.post(f"/cases/{number}/orders", {"order_number": cast.MISAKI_UNSHIPPED, "lines": ["1"]})
    assert [each["order_number"] for each in own["orders"]] == [cast.MISAKI_UNSHIPPED]


@pytest.mark.req("HND-013")
def test_an_escalation_moves_the_contact_and_tells_the_customer_without_the_reason(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    contact = in_hand(counter, misaki, desk)
    number = contact["case"]["number"]
    shown = desk.post(f"/cases/{number}/escalate", {"reason": "弁護士の件で上長へ"})
    assert (shown["queue"]["id"], shown["owner"], shown["escalated"]) == ("supervisor", None, True)
    now = misaki.get(f"/contacts/{contact['id']}")
    assert now["owner"]["kind"] == "queue"
    told = misaki.get(f"/contacts/{contact['id']}/entries")
    assert "責任者" in str(told)
    assert "弁護士の件" not in str(told) + str(misaki.get(f"/cases/{number}/timeline"))
    assert "弁護士の件" in str(desk.get(f"/cases/{number}/timeline"))


def test_a_follow_up_rings_at_its_time_and_stands_in_the_desks_counts(counter: Counter) -> None:
    number, _ = brought(counter.customer(cast.MISAKI))
    desk = counter.agent("kato")
    at = counter.clock().replace(year=2026, month=11, day=25).isoformat()
    before = desk.get("/desk/inbox")["counts"]["follow_ups"]
    shown = desk.post(f"/cases/{number}/follow-up", {"at": at, "why": "倉庫の返事"})
    assert shown["owner"]["id"] == desk.id
    with counter.later(days=6):
        counter.deliver()
        desk = counter.agent("kato")
        assert desk.get("/desk/inbox")["counts"]["follow_ups"] == before + 1
        due = desk.get("/cases", due="follow_up", owner="me")["cases"]
        assert number in {each["number"] for each in due}
        assert desk.get(f"/cases/{number}")["state"] == "waiting_for_us"


@pytest.mark.req("CASE-014", "ADV-005")
def test_the_wish_is_kept_shown_and_filtered(counter: Counter) -> None:
    number, _ = brought(counter.customer(cast.SENIOR))
    desk = counter.agent("ito")
    shown = desk._body(desk.send("PATCH", f"/cases/{number}", json={"wish": "exchange"}), 200)
    assert (shown["wish"], shown["wish_label"]) == ("exchange", "交換")
    assert number in {each["number"] for each in desk.get("/cases", wish="exchange")["cases"]}
    assert number not in {each["number"] for each in desk.get("/cases", wish="refund")["cases"]}
    answer = desk.send("PATCH", f"/cases/{number}", json={"wish": "everything"})
    assert answer.json()["code"] == "unknown_wish"


@pytest.mark.req("CASE-015", "ADV-004")
def test_a_customer_writes_down_what_happened_when_and_staff_read_it_in_order(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    number, _ = brought(misaki)
    for day, text in (("15", "二回目の電話"), ("10", "届いた")):
        misaki.post(
            f"/cases/{number}/memos", {"happened_at": f"2026-11-{day}T09:00:00+09:00", "text": text}, 201
        )
    shown = counter.agent("ito").get(f"/cases/{number}")
    assert [each["text"] for each in shown["memos"]] == ["届いた", "二回目の電話"]
    assert {each["author"] for each in shown["memos"]} == {"佐藤 美咲"}
    future = {"happened_at": "2030-01-01T00:00:00Z", "text": "x"}
    assert misaki.refused("POST", f"/cases/{number}/memos", future) == (422, "in_the_future")


@pytest.mark.req("PRIV-002", "CASE-007")
def test_a_customer_sees_state_and_next_step_and_nothing_of_the_work_behind(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    number, _ = brought(misaki)
    desk.post(f"/cases/{number}/tasks", {"title": "社内だけの確認"})
    desk.post(f"/cases/{number}/follow-up", {"at": "2027-01-01T00:00:00Z", "why": "社内だけの理由"})
    shown = misaki.get(f"/cases/{number}")
    assert shown["next_step"]
    assert shown["state_label"]
    assert (shown["tasks"], shown["tried"], shown["owner"], shown["deeds"]) == ([], [], None, [])
    assert "社内だけ" not in str(shown) + str(misaki.get(f"/cases/{number}/timeline"))
    assert number in {each["number"] for each in misaki.get("/cases")["cases"]}
    assert number not in {each["number"] for each in counter.customer(cast.JOHN).get("/cases")["cases"]}


@pytest.mark.req("HIS-008", "CH-055")
def test_a_customers_whole_timeline_is_read_page_by_page(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("mori")
    first, one = brought(misaki, "一件目の話です")
    with counter.later(minutes=1):
        brought(misaki, "二件目の話です")
    path = f"/customers/{customer_id(cast.MISAKI)}/timeline"
    lines, before = [], ""
    while True:
        page = desk.get(path, before=before, limit=5)
        lines += page["lines"]
        if not (before := page["next"]):
            break
    texts = [each["text"] for each in lines]
    assert texts.index("二件目の話です") < texts.index("一件目の話です")
    assert len({each["cursor"] for each in lines}) == len(lines)
    assert desk.refused("GET", f"/cases/{first}/timeline?before=rubbish") == (422, "invalid")
    assert one["id"] in {each["contact_id"] for each in lines}


# ── 前回の続き ──


@pytest.mark.req("CASE-004")
@pytest.mark.parametrize("words", ["{number}の続きで相談します", "前回の続きで相談します {number}"])
def test_a_number_or_phrase_of_the_same_customer_goes_on_with_the_earlier_case(
    counter: Counter, words: str
) -> None:
    customer = counter.customer(cast.TWO_PARCELS)
    number, earlier = brought(customer, problem=LATE)
    contact = customer.open(words.format(number=number))
    assert contact["case"]["number"] != number
    counter.think(contact["id"])
    now = customer.get(f"/contacts/{contact['id']}")
    assert now["case"]["number"] == number
    assert number in str(customer.get(f"/contacts/{contact['id']}/entries"))
    database = counter.house.database
    case = database.read(case_queries.by_number, number)
    assert case is not None
    assert {each.id for each in database.read(contact_queries.of_case, case.id)} >= {
        earlier["id"],
        contact["id"],
    }
    assert case.category == LATE
    counter.think(contact["id"])


@pytest.mark.req("CASE-004")
def test_another_customers_number_is_refused_like_one_that_does_not_exist(counter: Counter) -> None:
    number, _ = brought(counter.customer(cast.MISAKI))
    told = {}
    for wanted in (number, "C-987654"):
        john = counter.customer(cast.JOHN)
        contact = john.open(f"{wanted}の続きで相談します")
        counter.think(contact["id"])
        entries = john.get(f"/contacts/{contact['id']}/entries")["entries"]
        told[wanted] = "\n".join(each["text"] for each in entries if each["author"]["kind"] == "assistant")
        assert john.get(f"/contacts/{contact['id']}")["case"]["number"] != number
    assert told[number].replace(number, "C") == told["C-987654"].replace("C-987654", "C")
    assert "見つかりませんでした" in told[number]


@pytest.mark.req("CASE-013", "PHI-020")
def test_a_victim_who_tells_the_assistant_has_the_five_steps_in_the_case(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    contact = misaki.open("詐欺の被害に遭いました", problem="phishing_impersonation.fraud_victim")
    for _ in range(4):
        counter.think(contact["id"])
        if misaki.get(f"/contacts/{contact['id']}")["owner"]["kind"] != "assistant":
            break
        misaki.say(contact["id"], "はい、担当者と話したいです")
    case = misaki.get(f"/contacts/{contact['id']}")["case"]
    found = counter.house.database.read(tasks.of_case, case["id"])
    assert [each.template for each in found] == ["victim"] * 5


@pytest.mark.req("HIS-008")
def test_one_timeline_merges_chat_mail_form_call_order_refund_and_return(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("mori")
    number, opened = brought(misaki, "届いたお皿が割れていました")
    order = counter.house.shop.orders_of(cast.MISAKI)[0].number
    others = counter.house.shop.orders_of(cast.JOHN)[0].number
    desk.post(f"/cases/{number}/orders", {"order_number": order})
    known = Actor(kind="customer", id="vis_x", customer_id=customer_id(cast.MISAKI), rung=Rung.SIGNED_IN)

    def by_other_ways(tx: Transaction) -> None:
        case = case_queries.by_number(tx, number)
        assert case is not None
        orders_of.put(tx, case.id, others, [])  # a number proves nothing
        for channel in ("mail", "form", "phone"):
            one = ledger.open_contact(tx, actor=known, channel=channel, language="ja", case_id=case.id)
            ledger.say(tx, one.id, actor=known, text=f"{channel}です", client_key=channel)
        cases.resolve(tx, case.id)
        answer = Answer(score=2, comment="時間がかかりました")
        rules = surveys.Rules.of(counter.house.settings)
        surveys.answer(tx, case, rules, answer, way="mail", by=known)

    counter.house.database.write(by_other_ways)
    lines = read_all(desk, f"/cases/{number}/timeline")
    assert {"chat", "mail", "form", "phone"} <= {each["channel"] for each in lines}
    told = [each for each in lines if each["source"] == "order"]
    assert {"order.placed", "order.paid"} <= {each["kind"] for each in told}
    assert all(order in each["text"] and others not in each["text"] for each in told)
    assert any("時間がかかりました" in each["text"] for each in lines)
    of_shop = read_all(desk, f"/customers/{customer_id(cast.MISAKI)}/timeline")
    steps = {
        step.kind
        for order in counter.house.shop.orders_of(cast.MISAKI, limit=20)
        for step in course_of(order)
    }
    assert steps == {each["kind"] for each in of_shop if each["source"] == "order"}
    for found in (lines, of_shop):
        assert [each["at"] for each in found] == sorted((each["at"] for each in found), reverse=True)
        assert len({each["cursor"] for each in found}) == len(found)
    assert opened["id"] in {each["contact_id"] for each in lines}


@pytest.mark.req("HIS-008")
def test_the_course_of_an_order_tells_returns_and_refunds_at_their_time(counter: Counter) -> None:
    orders = [
        order
        for ref in (cast.MISAKI, cast.JOHN, *(f"C10{n:02}" for n in range(3, 20)))
        for order in counter.house.shop.orders_of(ref, limit=50)
    ]
    back = next(each for each in orders if each.returns and each.refunds)
    kinds = {each.kind: each.at for each in course_of(back)}
    assert kinds["return.asked"] == back.returns[-1].at or len(back.returns) > 1
    assert any(kind.startswith("refund.") for kind in kinds)
    sent = next(each for order in orders for each in order.parcels if each.delivered_at)
    home = next(order for order in orders if sent in order.parcels)
    assert sent.delivered_at in {each.at for each in course_of(home) if each.kind == "order.delivered"}


def read_all(desk: Caller, path: str) -> list[dict[str, Any]]:
    """Page by page, so that no line is lost or told twice where pages meet."""
    lines: list[dict[str, Any]] = []
    before = ""
    while True:
        page = desk.get(path, before=before, limit=3)
        lines += page["lines"]
        if not (before := page["next"]):
            return lines
