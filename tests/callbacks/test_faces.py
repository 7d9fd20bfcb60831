"""Call-backs as customers, agents and programs meet them: API and pages (CB-001 … CB-010, CH-056)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from madoguchi.connectors.embedded.demo import cast
from tests.conftest import StillClock
from tests.faces.api.conftest import filled as filled
from tests.faces.api.people import Caller, Counter

PHONE = "090-1234-5678"
CALLER_ID = "0120-000-000"


@pytest.fixture
def counter(filled: Path, tmp_path: Path) -> Iterator[Counter]:
    folder = tmp_path / "data"
    shutil.copytree(filled, folder)
    counter = Counter(folder, StillClock())
    with counter.client:
        yield counter
    counter.close()


def book(caller: Caller, phone: str = PHONE, **more: Any) -> dict[str, Any]:
    wish = {"phone": phone, "client_key": f"key-of-{phone}-{len(more)}", **more}
    made: dict[str, Any] = caller.post("/callbacks", wish, status=201)
    return made


def accept(agent: Caller, made: dict[str, Any]) -> None:
    version = agent.get(f"/contacts/{made['contact_id']}")["owner"]["version"]
    agent.post(f"/contacts/{made['contact_id']}/take", {"owner_version": version}, status=200)


def slots_of_tomorrow(caller: Caller) -> list[dict[str, Any]]:
    offer = caller.get("/callbacks/offer")
    found: list[dict[str, Any]] = caller.get("/callbacks/slots", day=offer["days"][1]["day"])["slots"]
    return found


@pytest.mark.req("CB-001", "CB-005", "CB-006", "CB-008", "CB-009", "CB-010")
def test_a_client_needs_nothing_but_the_api_to_book(counter: Counter) -> None:
    counter.agent("ito")
    misaki = counter.customer(cast.MISAKI)
    offer = misaki.get("/callbacks/offer", topic="order_delivery.order_status")
    assert (offer["on"], offer["now_open"], offer["caller_id"]) == (True, True, CALLER_ID)
    assert offer["offer_after_seconds"] == 120
    assert re.fullmatch(r"0\d+-\d+-\d{4}", offer["phone"])
    assert not offer["needs_code"]
    slots = slots_of_tomorrow(misaki)
    assert {slot["state_text"] for slot in slots} <= {"空き", "残りわずか", "満"}
    made = book(misaki, "０９０ー１２３４ー５６７８", slot_at=slots[3]["at"], kana="サトウ", note="急ぎ")
    assert (made["state"], made["phone"], made["kana"], made["note"]) == ("booked", PHONE, "サトウ", "急ぎ")
    assert re.fullmatch(r"C-\d+", made["case_number"])
    assert CALLER_ID in made["ringtone_text"]
    assert "着信音" in made["ringtone_text"]
    assert made["when_text"].endswith(slots[3]["text"])
    assert misaki.get("/callbacks")["callbacks"][0]["id"] == made["id"]
    mail = "".join(each.get_content() for each in counter.mails())
    assert CALLER_ID in mail
    assert PHONE not in mail
    assert len(counter.mails()) == 1
    moved = misaki.post(f"/callbacks/{made['id']}/move", {"slot_at": slots[4]["at"]}, status=200)
    assert moved["slot_at"] == slots[4]["at"]
    assert misaki.post(f"/callbacks/{made['id']}/cancel", status=200)["state"] == "cancelled"


@pytest.mark.req("CB-005")
def test_a_number_that_cannot_be_called_is_refused_with_a_reason(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    for phone, code in (("090-1234-567", "phone_incomplete"), ("0990-123-456", "phone_not_called")):
        assert misaki.refused("POST", "/callbacks", {"phone": phone, "client_key": "12345678"}) == (422, code)


@pytest.mark.req("CB-002", "CB-010", "CH-056")
def test_the_agent_sees_the_number_when_it_is_theirs_to_call_and_the_customer_can_check_the_call(
    counter: Counter,
) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    misaki = counter.customer(cast.MISAKI)
    chat = misaki.open("配送の件です", want_person=True)
    made = book(misaki, contact_id=chat["id"])
    assert made["case_number"] == chat["case"]["number"]
    assert made["place_kept"]
    digits = {"case": made["case_number"], "last_digits": "5678"}
    assert not misaki.get("/callbacks/on-the-line")["calling"]
    assert not misaki.post("/callbacks/on-the-line", digits, status=200)["calling"]
    before = ito.get(f"/callbacks/{made['id']}")
    assert (before["phone"], before["tel_url"], before["may_dial"]) == ("090-••••-5678", "", False)
    assert before["from_contact_id"] == chat["id"]
    assert ito.get(f"/contacts/{chat['id']}/entries")["entries"]  # what was said in the chat
    accept(ito, made)
    counter.house.calls.round()
    mine = ito.get(f"/callbacks/{made['id']}")
    assert (mine["phone"], mine["tel_url"], mine["may_dial"]) == (PHONE, "tel:+819012345678", True)
    assert kato.get(f"/callbacks/{made['id']}")["tel_url"] == ""
    assert kato.refused("POST", f"/callbacks/{made['id']}/dial") == (403, "not_owner")
    assert ito.post(f"/callbacks/{made['id']}/dial", status=200)["state"] == "dialling"
    told = misaki.get("/callbacks/on-the-line")
    assert (told["calling"], told["agent_name"]) == (True, "伊藤")
    assert "伊藤" in told["text"]
    stranger = counter.visitor()
    assert stranger.post("/callbacks/on-the-line", digits, status=200)["calling"]
    for wrong in (
        {**digits, "last_digits": "5679"},
        {**digits, "last_digits": ""},
        {**digits, "case": "C-1"},
    ):
        assert not stranger.post("/callbacks/on-the-line", wrong, status=200)["calling"]
    assert not counter.customer(cast.JOHN).get("/callbacks/on-the-line")["calling"]
    ito.post(f"/callbacks/{made['id']}/outcome", {"outcome": "connected"}, status=200)
    done = ito.post(f"/callbacks/{made['id']}/outcome", {"outcome": "talked", "note": "済み"}, status=200)
    assert (done["state"], done["calls"][0]["note"]) == ("done", "済み")
    assert not misaki.get("/callbacks/on-the-line")["calling"]
    seen = misaki.get(f"/callbacks/{made['id']}")
    assert "calls" not in seen
    figures = counter.agent("mori").get("/callbacks/figures")
    assert (figures["now"]["due"], figures["now"]["share"], figures["target_s"]) == (1, 1.0, 600)


def test_digits_cannot_be_guessed(counter: Counter) -> None:
    visitor = counter.visitor()
    wish = {"case": "C-1", "last_digits": "0000"}
    codes = [visitor.send("POST", "/callbacks/on-the-line", json=wish).status_code for _ in range(21)]
    assert codes == [200] * 20 + [429]


@pytest.mark.req("CB-008", "CB-004")
def test_a_telephone_system_books_for_whoever_calls_and_finds_it_again(counter: Counter) -> None:
    ivr = counter.key("contacts")
    since = counter.clock() - timedelta(minutes=4)
    made = book(ivr, "03-1234-5678", waiting_since=since.isoformat())
    assert (made["via"], made["state"]) == ("ivr", "due")
    found = counter.key("read").get("/callbacks", phone="０３（１２３４）５６７８")["callbacks"]
    assert [each["id"] for each in found] == [made["id"]]
    over = ivr.post(f"/callbacks/{made['id']}/replaced", {"by": "called"}, status=200)
    assert over["state"] == "replaced"


def test_staff_book_for_a_customer_by_the_case(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    case = misaki.open("配送の件です")["case"]["number"]
    made = book(counter.agent("ito"), case=case)
    assert (made["via"], made["case_number"]) == ("staff", case)
    assert misaki.get(f"/callbacks/{made['id']}")["state"] == "due"


def test_write_instead_is_one_setting_and_nobody_calls(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    made = book(misaki)
    kept = misaki.put("/callbacks/preferences", {"no_calls": True, "relay": True, "note": "手話リンク"})
    assert kept == {"no_calls": True, "relay": True, "note": "手話リンク"}
    assert misaki.get(f"/callbacks/{made['id']}")["state"] == "replaced"
    wish = {"phone": PHONE, "client_key": "another-key"}
    assert misaki.refused("POST", "/callbacks", wish) == (409, "no_calls_wanted")
    shown = counter.agent("ito").get(f"/callbacks/{made['id']}")
    assert (shown["relay"], shown["preference_note"]) == (True, "手話リンク")


@pytest.mark.req("CB-010")
def test_the_checker_knows_the_number_that_calls(counter: Counter) -> None:
    ito, misaki = counter.agent("ito"), counter.customer(cast.MISAKI)

    def checked(number: str, caller: Caller) -> str:
        text = f"{number} から電話がありました"
        return str(send(browser_of(counter, caller), "/help/security", channel="phone", text=text)[1])

    assert f"番号{CALLER_ID}は当店のものです" in checked(CALLER_ID, misaki)
    assert "当店からのものです" not in checked(CALLER_ID, misaki)  # a display can be forged
    made = book(misaki)
    accept(ito, made)
    ito.post(f"/callbacks/{made['id']}/dial", status=200)
    assert "当店からのものです" in checked(CALLER_ID, misaki)
    assert "当店からのものです" not in checked(CALLER_ID, counter.customer(cast.JOHN))
    assert "当店からのものではありません" in checked("0120-899-543", misaki)
    ito.post(f"/callbacks/{made['id']}/outcome", {"outcome": "talked"}, status=200)
    assert "当店からのものです" in checked(CALLER_ID, misaki)
    counter.clock.forward(minutes=16)
    assert "当店からのものです" not in checked(CALLER_ID, misaki)


# ── pages, without any script ─────────────────────────────────────────────────────────────────────


def browser_of(counter: Counter, caller: Caller | None = None) -> Caller:
    browser = counter.browser(**{"sec-fetch-site": "same-origin"})
    if caller is not None:
        browser.cookies["madoguchi_customer"] = caller.token
    browser.cookies["madoguchi_language"] = "ja"
    return browser


def send(browser: Caller, path: str, **fields: str) -> Any:
    """The page after a form, and its address."""
    answer = browser.send("POST", f"/{path}", data=fields)
    if answer.status_code == 303:
        return answer.headers["location"], browser.send("GET", f"/{answer.headers['location']}").text
    return path, answer.text


@pytest.mark.req("CB-001", "CB-006", "CB-007", "CB-010")
def test_a_call_is_booked_seen_moved_put_into_the_calendar_and_cancelled_on_pages(counter: Counter) -> None:
    counter.agent("ito")
    misaki = counter.customer(cast.MISAKI)
    browser = browser_of(counter, misaki)
    page = browser.send("GET", "//help/callback", params={"topic": "order_delivery.order_status"}).text
    assert misaki.get("/callbacks/offer")["phone"] in page
    assert "登録済み" in page or "ご登録の番号です" in page
    assert CALLER_ID in page
    slot = slots_of_tomorrow(misaki)[2]
    other = send(browser, "/help/callback", go="day", day=slot["day"], phone="03-1111-2222")[1]
    assert slot["text"] in other
    assert "03-1111-2222" in other
    wrong = send(browser, "/help/callback", go="book", phone="090-1234-567", when="now", client_key="k" * 9)[
        1
    ]
    assert "番号の桁数が合いません" in wrong
    assert 'aria-invalid="true"' in wrong
    path, page = send(
        browser,
        "/help/callback",
        go="book",
        phone=PHONE,
        when=slot["at"],
        client_key="k" * 9,
        topic="order_delivery.order_status",
    )
    assert re.fullmatch(r"/help/callback/cbk_\w+", path)
    for words in (PHONE, CALLER_ID, slot["text"], "着信音", "カレンダーに追加", "取り消す"):
        assert words in page
    assert re.search(r"C-\d+", page)
    calendar = browser.send("GET", f"/{path}/calendar.ics")
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    begin = datetime.fromisoformat(slot["at"]).strftime("DTSTART:%Y%m%dT%H%M%SZ")
    assert begin in calendar.text
    later = slots_of_tomorrow(misaki)[6]
    _, moved = send(browser, f"{path}/move", go="move", when=later["at"], day=later["day"])
    assert later["text"] in moved
    contact = misaki.get("/callbacks")["callbacks"][0]["contact_id"]
    told = browser.send("GET", f"//contacts/{contact}").text
    assert "お電話を予約しました" in told
    assert "お電話の予約を変更しました" in told
    assert (
        "予約を取り消しました" in send(browser, f"{path}/cancel")[1]
        or misaki.get("/callbacks")["callbacks"][0]["state"] == "cancelled"
    )
    history = browser.send("GET", "//history", params={"channel": "callback"}).text
    assert contact in history


def test_somebody_unknown_enters_the_mailed_code_on_the_page(counter: Counter) -> None:
    browser = browser_of(counter)
    _, refused = send(browser, "/help/callback", go="book", phone=PHONE, when="now", client_key="k" * 9)
    assert "メールアドレスをお書きください" in refused
    path, page = send(
        browser,
        "/help/callback",
        go="book",
        phone=PHONE,
        when="now",
        client_key="k" * 9,
        email="guest@example.jp",
    )
    assert "確認番号をメールでお送りしました" in page
    mail = counter.mails()[-1]
    assert mail["To"] == "guest@example.jp"
    code = re.search(r"\b\d{6}\b", mail.get_content())
    assert code is not None
    wrong = "000000" if code[0] != "000000" else "111111"
    assert "確認番号が違います" in send(browser, f"{path}/confirm", code=wrong)[1]
    assert "順番にお電話します" in send(browser, f"{path}/confirm", code=code[0])[1]
    stranger = browser_of(counter).send("GET", f"/{path}")
    assert stranger.status_code == 303


@pytest.mark.req("CB-003")
def test_who_could_not_be_reached_sees_it_with_ways_on(counter: Counter) -> None:
    ito, misaki = counter.agent("ito"), counter.customer(cast.MISAKI)
    made = book(misaki)
    for _ in range(3):
        accept(ito, made)
        ito.post(f"/callbacks/{made['id']}/dial", status=200)
        ito.post(f"/callbacks/{made['id']}/outcome", {"outcome": "no_answer"}, status=200)
        counter.deliver()
        counter.clock.forward(minutes=5)
        counter.house.calls.round()
    page = browser_of(counter, misaki).send("GET", f"//help/callback/{made['id']}").text
    assert "つながりませんでした" in page
    assert "もう一度電話をもらう" in page
    subjects = [mail["Subject"] for mail in counter.mails()]
    assert sum("つながりませんでした" in subject for subject in subjects) == 2


@pytest.mark.req("CB-009", "CH-056")
def test_the_ways_lead_here_and_words_come_along(counter: Counter) -> None:
    browser = browser_of(counter, counter.customer(cast.MISAKI))
    page = browser.send("GET", "//help/contact", params={"topic": "order_delivery.order_status"}).text
    assert 'formaction="/help/callback"' in page
    path, _ = send(browser, "/contacts", way="callback", problem="order_delivery.order_status")
    assert path == "/help/callback?topic=order_delivery.order_status"
    _, form = send(
        browser,
        "/help/callback",
        way="callback",
        text="箱が濡れていました",
        problem="order_delivery.order_status",
    )
    assert "箱が濡れていました" in form


@pytest.mark.req("CB-002", "CB-003")
def test_those_who_lead_see_what_comes_and_move_and_cancel_it(counter: Counter) -> None:
    counter.agent("ito")
    misaki = counter.customer(cast.MISAKI)
    made = book(misaki, note="午後がよい")
    mori = browser_of(counter)
    mori.cookies["madoguchi_staff"] = counter.agent("mori").token
    page = mori.send("GET", "//console/callbacks").text
    for words in (made["case_number"], "090-••••-5678", "午後がよい", "今すぐ"):
        assert words in page
    slot = slots_of_tomorrow(misaki)[2]
    moved = mori.send("POST", f"//console/callbacks/{made['id']}/move", data={"slot_at": slot["at"]})
    assert moved.status_code == 303
    assert misaki.get(f"/callbacks/{made['id']}")["slot_at"] == slot["at"]
    mori.send("POST", f"//console/callbacks/{made['id']}/cancel")
    assert misaki.get(f"/callbacks/{made['id']}")["state"] == "cancelled"
    assert "取り消し済み" in mori.send("GET", "//console/callbacks").text
    ito = browser_of(counter)
    ito.cookies["madoguchi_staff"] = counter.agent("ito").token
    assert ito.send("GET", "//console/callbacks").status_code == 403
