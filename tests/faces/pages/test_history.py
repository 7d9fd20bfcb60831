"""The history: looked through by word, number, name, channel and day; kept as text, PDF, JSON or paper; nobody else's."""

from __future__ import annotations

import io
import json
import re
import time

import pytest
from pypdf import PdfReader

from madoguchi.building import indexer_of
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import queries, service
from madoguchi.counter.team import service as team
from tests.faces.pages.conftest import Counter, Visitor

SHAPES = ("html", "txt", "pdf", "json")
INTERNAL = "社内だけの覚え書き"


@pytest.fixture(scope="module")
def agent(counter: Counter) -> Actor:
    made = counter.house.database.write(
        team.add_agent, login="tanaka", password="corre7t-horse battery", name="窓口の田中", roles=("agent",)
    )
    return Actor(kind="agent", id=made.id, name="窓口の田中", roles=frozenset({"agent"}))


@pytest.fixture(scope="module")
def customer(counter: Counter, agent: Actor) -> Visitor:
    """Somebody with two enquiries, one of which an agent has answered."""
    customer = counter.visitor().sign_in(cast.SENIOR)
    _open(customer, "サイトの使い方を知りたい")
    contact_id = _open(customer, "ケトルの蓋が割れていました <script>", cast.SENIOR_KETTLE)
    write = counter.house.database.write
    write(
        service.append, contact_id, "message", {"text": "신속히 확인하겠습니다 😀", "lang": "ko"}, actor=agent
    )
    write(service.append, contact_id, "note.added", {"text": INTERNAL}, actor=agent)
    indexer_of(counter.house).catch_up()
    return customer


def _open(customer: Visitor, text: str, order: str = "") -> str:
    customer.get(
        f"/person?order={order}&problem=return_exchange_cancel.defective_item" if order else "/help/other"
    )
    customer.send("/contacts", way="chat", text=text)
    found = re.search(r"/contacts/(con_\w+)", customer.path)
    assert found, customer.path
    return found[1]


def _cases(page: str) -> int:
    return len(re.findall(r'<h2 id="case-', page))


@pytest.mark.req("HIS-001", "HIS-002", "CASE-002")
@pytest.mark.parametrize(
    "asked",
    [
        "ケトルの蓋",
        "けとる",
        "確認하겠습니다".replace("確認", "확인"),
        "窓口の田中",
        cast.SENIOR_KETTLE,
        "田中 ケトル",
    ],
)
def test_words_numbers_and_names_lead_to_the_enquiry(customer: Visitor, asked: str) -> None:
    page = customer.get(f"/history?q={asked}")
    assert _cases(page) == 1 and cast.SENIOR_KETTLE in page
    assert 'role="status">1件' in page


def test_what_was_found_is_marked_and_escaped(customer: Visitor) -> None:
    customer.get("/history?q=けとるの蓋")
    assert "<mark>ケトルの蓋</mark>が割れていました &lt;script&gt;" in customer.answer.text
    assert "<script>" not in customer.answer.text.split("<main")[1].split("</main")[0]


def test_state_channel_and_days_narrow_the_list(customer: Visitor) -> None:
    assert _cases(customer.get("/history")) >= 2
    assert _cases(customer.get("/history?channel=chat")) >= 2
    assert _cases(customer.get("/history?channel=mail")) == 0
    assert "何も見つかりませんでした" in customer.text
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
    assert _cases(customer.get(f"/history?since={today}&until={today}")) >= 2
    assert _cases(customer.get("/history?until=2020-01-01")) == 0
    assert _cases(customer.get("/history?q=ケトル&state=done")) == 0
    assert _cases(customer.get("/history?q=ケトル&state=open")) == 1


def test_a_day_that_is_none_is_told_beside_its_field_and_kept(customer: Visitor) -> None:
    page = customer.get("/history?since=yesterday&q=ケトル")
    assert customer.answer.status_code == 422
    assert 'id="e-since"' in page and 'value="yesterday"' in page and 'value="ケトル"' in page
    assert "日付は2026-11-20のようにご記入ください" in page


@pytest.mark.req("HIS-001")
def test_the_page_says_what_is_shown_and_what_is_kept(customer: Visitor) -> None:
    page = customer.get("/history")
    assert "90日" in page and "180日間" in page


def test_many_enquiries_come_in_pages(counter: Counter) -> None:
    writer = counter.visitor().sign_in(cast.JOHN)
    actor = Actor(
        kind="customer", id="vis_x", customer_id=counter.customer_id(cast.JOHN), rung=Rung.SIGNED_IN
    )
    for number in range(12):
        found = counter.house.database.write(
            service.open_contact,
            actor=actor,
            channel="chat",
            language="en",
            topic="",
            client_key=f"key-{number:08d}",
        )
        assert found.customer_id == actor.customer_id
    first = writer.get("/history")
    assert _cases(first) == 10 and 'rel="next"' in first
    assert _cases(writer.get("/history?page=2")) >= 2
    for odd in ("0", "99999999999999999999", "-1", "x", "²"):
        assert writer.get(f"/history?page={odd}") and writer.answer.status_code == 200


@pytest.mark.req("HIS-007", "ADV-017")
def test_a_record_holds_every_message_the_case_number_and_the_zone(
    counter: Counter, customer: Visitor
) -> None:
    page = customer.get("/history?q=ケトルの蓋")
    found = re.search(r"/cases/(C-\d+)/record", page)
    assert found
    number = found[1]
    for where in (f"/cases/{number}/record", _contact_path(page) + "/record"):
        texts = {shape: _record(customer, f"{where}.{shape}") for shape in SHAPES}
        for shape, text in texts.items():
            plain = re.sub(r"\s+", "", text)
            for wanted in (
                number,
                "ケトルの蓋が割れていました",
                "신속히확인하겠습니다",
                "窓口の田中",
                "Asia/Tokyo",
            ):
                assert wanted in plain, (shape, wanted)
            assert INTERNAL not in text, shape
    told = json.loads(texts["json"])
    (talk,) = told["conversations"]
    contact_id = talk["contact"]
    entries = counter.house.database.read(queries.entries, contact_id, internal=False)
    said = [entry.body["text"] for entry in entries if entry.kind == "message" and entry.body.get("text")]
    assert [each["text"] for each in talk["entries"] if each["kind"] == "message" and each["text"]] == said
    assert all(each["at"].endswith("+09:00") for each in talk["entries"])


@pytest.mark.req("HIS-007")
def test_the_whole_history_is_one_file(customer: Visitor) -> None:
    for shape in SHAPES:
        text = _record(customer, f"/history/record.{shape}")
        assert "ケトルの蓋" in text and "サイトの使い方を知りたい" in text
        assert text.index("サイトの使い方") < text.index("ケトルの蓋")
        assert INTERNAL not in text


@pytest.mark.req("HIS-010")
@pytest.mark.parametrize("shape", SHAPES)
def test_a_record_is_nobody_elses(counter: Counter, customer: Visitor, shape: str) -> None:
    page = customer.get("/history?q=ケトルの蓋")
    number = re.search(r"C-\d+", page)
    assert number
    other, stranger = counter.visitor().sign_in(cast.MISAKI), counter.visitor()
    for path in (f"{_contact_path(page)}/record.{shape}", f"/cases/{number[0]}/record.{shape}"):
        other.get(path)
        assert other.answer.status_code == 404 and "ケトル" not in other.text
        stranger.get(path)
        assert "ケトルの蓋" not in stranger.text
        assert stranger.path.startswith("/sign-in") or "サインイン" in stranger.text
    other.get(f"/history/record.{shape}")
    assert "ケトルの蓋" not in other.text
    other.get("/history?q=ケトルの蓋")
    assert _cases(other.text) == 0


def test_a_link_of_a_mail_leads_there_after_signing_in(counter: Counter, customer: Visitor) -> None:
    path = _contact_path(customer.get("/history?q=ケトルの蓋"))
    again = counter.visitor()
    again.get(path)
    assert "next=" in again.path or "サインイン" in again.text
    again.sign_in(cast.SENIOR)
    assert "ケトルの蓋" in again.get(path)


def _contact_path(page: str) -> str:
    found = re.search(r'href="(/contacts/con_\w+)"', page)
    assert found
    return found[1]


def _record(customer: Visitor, path: str) -> str:
    customer.get(path)
    assert customer.answer.status_code == 200, path
    kind = customer.answer.headers["content-type"]
    if path.endswith(".pdf"):
        assert kind == "application/pdf"
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(customer.answer.content)).pages)
    if not path.endswith(".html"):
        assert "attachment" in customer.answer.headers["content-disposition"]
        assert customer.answer.headers["cache-control"] == "no-store"
    return customer.answer.text
