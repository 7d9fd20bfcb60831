"""Contacts: open, say, read after a cursor, ask for a person, settle."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.cases import queries as cases
from madoguchi.kit.ids import new_id
from tests.faces.api.people import BASE, Caller, Counter, texts


def picture(side: int = 24) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(out, "PNG")
    return out.getvalue()


def waiting(counter: Counter, customer: Caller, text: str = "担当者と話したい") -> Any:
    """A contact of this customer that waits in a queue."""
    contact = customer.open(text)
    counter.think(contact["id"])
    customer.post(f"/contacts/{contact['id']}/hand-over", {"client_key": new_id("key")})
    counter.think(contact["id"])
    seen = customer.get(f"/contacts/{contact['id']}")
    assert seen["owner"]["kind"] == "queue", customer.get(f"/contacts/{contact['id']}/entries")
    return seen


def in_hand(counter: Counter, customer: Caller, desk: Caller) -> Any:
    """A contact that this agent has accepted."""
    seen = waiting(counter, customer)
    return desk.post(f"/contacts/{seen['id']}/accept", {"owner_version": seen["owner"]["version"]})


@pytest.mark.req("CASE-001")
def test_every_contact_has_a_case_with_its_own_number(counter: Counter) -> None:
    visitor = counter.visitor()
    first, second = visitor.open("一つ目"), visitor.open("二つ目")
    assert first["case"]["number"] != second["case"]["number"]
    assert first["case"]["number"].startswith("C-")
    assert first["case"]["state_label"]


def test_opening_twice_with_one_key_opens_once(counter: Counter) -> None:
    visitor = counter.visitor()
    wish = {"text": "こんにちは", "client_key": new_id("key")}
    first, second = visitor.post("/contacts", wish, status=201), visitor.post("/contacts", wish, status=201)
    assert first["contact"]["id"] == second["contact"]["id"]
    assert texts(second["entries"]) == ["こんにちは"]


@pytest.mark.req("CH-039")
def test_a_message_of_four_thousand_characters_arrives_unabridged_and_one_more_is_refused(
    counter: Counter,
) -> None:
    visitor, desk = counter.visitor(), counter.agent("ito")
    contact = visitor.open("")
    words = "あ" * 3999 + "🧾"
    visitor.say(contact["id"], words)
    assert texts(desk.get(f"/contacts/{contact['id']}/entries")["entries"])[-1] == words
    answer = visitor.send(
        "POST", f"/contacts/{contact['id']}/entries", json={"text": words + "い", "client_key": "long-key"}
    )
    assert answer.json()["code"] == "message_too_long"
    assert answer.json()["errors"][0]["field"] == "text"
    assert "4000" in answer.json()["detail"]


def test_saying_the_same_twice_says_it_once_and_another_word_under_the_key_is_a_conflict(
    counter: Counter,
) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    wish = {"text": "一度だけ", "client_key": new_id("key")}
    path = f"/contacts/{contact['id']}/entries"
    first, second = visitor.post(path, wish, status=201), visitor.post(path, wish, status=201)
    assert first["entry"] == second["entry"]
    assert first["entry"]["mine"]
    assert first["entry"]["client_key"] == wish["client_key"]
    assert visitor.refused("POST", path, {**wish, "text": "別"}) == (409, "client_key_reused")


def test_entries_after_a_cursor_come_in_order_without_gaps_or_doubles(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("0")
    for n in range(1, 8):
        visitor.say(contact["id"], str(n))
    whole = visitor.get(f"/contacts/{contact['id']}/entries")
    cursor, read = 0, []
    while True:
        part = visitor.get(f"/contacts/{contact['id']}/entries", after=cursor, limit=3)
        read += part["entries"]
        cursor = part["cursor"]
        if not part["more"]:
            break
    assert read == whole["entries"]
    assert cursor == whole["cursor"] == whole["contact"]["last_seq"]
    assert texts(read) == [str(n) for n in range(8)]
    assert visitor.get(f"/contacts/{contact['id']}/entries", after=cursor)["entries"] == []


def test_a_pressed_button_is_an_entry_and_closes_its_question(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("担当者の営業時間を教えてください")
    counter.think(contact["id"])
    visitor.say(contact["id"], "あいうえおかきくけこ")
    counter.think(contact["id"])
    entries = visitor.get(f"/contacts/{contact['id']}/entries")["entries"]
    asked = next(entry for entry in reversed(entries) if entry["choices"] and entry["choices"]["open"])
    chosen = asked["choices"]["options"][0]["value"]
    visitor.say(contact["id"], "", choice={"key": asked["choices"]["key"], "value": chosen})
    again = visitor.get(f"/contacts/{contact['id']}/entries", after=asked["seq"] - 1, limit=1)["entries"][0]
    assert (again["choices"]["open"], again["choices"]["chosen"]) == (False, chosen)


@pytest.mark.req("CH-031")
def test_a_picture_is_uploaded_said_and_seen_by_the_agent(counter: Counter) -> None:
    visitor, desk = counter.visitor(), counter.agent("ito")
    contact = visitor.open("")
    file = visitor.upload(f"/contacts/{contact['id']}/attachments", "../写真.svg", picture())
    assert (file["name"], file["media_type"], file["width"]) == ("写真.png", "image/png", 24)
    visitor.say(contact["id"], "", attachments=[file["id"]])
    (shown,) = desk.get(f"/contacts/{contact['id']}/entries")["entries"][-1]["attachments"]
    assert shown["id"] == file["id"]
    assert desk.send("GET", f"/attachments/{file['id']}").status_code == 200


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "attachment_empty"),
        (b"MZ\x90\x00 an executable", "attachment_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "attachment_type"),
        (picture()[:60], "attachment_broken"),
        (b"\x89PNG\r\n" + b"0" * (10 * 1_048_576), "attachment_too_large"),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused_by_name(
    counter: Counter, content: bytes, code: str
) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    answer = visitor.send(
        "POST", f"/contacts/{contact['id']}/attachments", files={"file": ("a.png", content, "image/png")}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_file_of_another_contact_cannot_be_said(counter: Counter) -> None:
    visitor = counter.visitor()
    one, two = visitor.open("一つ目"), visitor.open("二つ目")
    file = visitor.upload(f"/contacts/{one['id']}/attachments", "a.png", picture())
    wish = {"attachments": [file["id"]], "client_key": "attached-key"}
    assert visitor.refused("POST", f"/contacts/{two['id']}/entries", wish) == (422, "unknown_attachment")


@pytest.mark.req("HND-002")
def test_a_wish_for_a_person_is_queued_and_the_customer_hears_what_to_expect(counter: Counter) -> None:
    customer = counter.customer(cast.SENIOR)
    seen = waiting(counter, customer)
    counter.offer()
    assert seen["queue_id"]
    seen = customer.get(f"/contacts/{seen['id']}")
    assert seen["expectation"]["text"]
    assert customer.get(f"/contacts/{seen['id']}")["can"]["say"]


@pytest.mark.req("CASE-002", "HND-005")
def test_an_agent_accepts_speaks_under_the_display_name_and_one_owner_speaks(counter: Counter) -> None:
    customer, desk, other = counter.customer(cast.SENIOR), counter.agent("ito"), counter.agent("mori")
    seen = waiting(counter, customer)
    version = {"owner_version": seen["owner"]["version"]}
    path = f"/contacts/{seen['id']}"
    mine = desk.post(f"{path}/accept", version)
    assert mine["owner"]["kind"] == "agent"
    assert other.refused("POST", f"{path}/accept", version)[0] in (403, 409)
    now = {"owner_version": mine["owner"]["version"]}
    said = desk.say(seen["id"], "伊藤です。承ります。", **now)
    assert said["entry"]["author"] == {"kind": "agent", "id": desk.id, "name": "伊藤"}
    assert other.refused("POST", f"{path}/entries", {"text": "私も", "client_key": "other-key", **now}) == (
        403,
        "not_owner",
    )
    assert desk.refused("POST", f"{path}/entries", {"text": "x", "client_key": "old-vers", **version}) == (
        409,
        "owner_changed",
    )
    assert desk.refused("POST", f"{path}/entries", {"text": "x", "client_key": "no-versi"}) == (
        422,
        "owner_version_missing",
    )
    assert texts(customer.get(f"{path}/entries")["entries"])[-1] == "伊藤です。承ります。"
    assert customer.get(path)["handed_over_at"]


def test_a_note_is_for_staff_only(counter: Counter) -> None:
    customer, desk = counter.customer(cast.SENIOR), counter.agent("ito")
    contact = customer.open("質問があります")
    desk.say(contact["id"], "要注意のお客様", internal=True)
    assert "要注意" not in customer.send("GET", f"/contacts/{contact['id']}/entries").text
    assert texts(desk.get(f"/contacts/{contact['id']}/entries")["entries"], "note.added") == [
        "要注意のお客様"
    ]


def test_an_offer_goes_to_one_agent_who_may_let_it_pass(counter: Counter) -> None:
    desk = counter.agent("ito")
    counter.agent("mori").put("/agents/me/status", {"status": "offline"})
    counter.agent("kato").put("/agents/me/status", {"status": "offline"})
    seen = waiting(counter, counter.visitor())
    counter.offer()
    offered = desk.get(f"/contacts/{seen['id']}")["offer"]
    assert offered is not None
    assert 0 < offered["left_s"] <= 30
    assert desk.post(f"/contacts/{seen['id']}/decline")["offer"] is None


def test_a_contact_is_passed_on_with_a_note_that_the_customer_never_sees(counter: Counter) -> None:
    customer, desk, colleague = counter.customer(cast.SENIOR), counter.agent("ito"), counter.agent("mori")
    mine = in_hand(counter, customer, desk)
    path = f"/contacts/{mine['id']}"
    wish = {"owner_version": mine["owner"]["version"], "note": "返品の相談です"}
    assert desk.refused("POST", f"{path}/transfer", wish) == (422, "invalid")
    assert desk.refused("POST", f"{path}/transfer", {**wish, "queue": "nowhere"}) == (422, "unknown_queue")
    assert desk.refused("POST", f"{path}/transfer", {**wish, "agent_id": "agt_none"}) == (
        422,
        "unknown_agent",
    )
    moved = desk.post(f"{path}/transfer", {**wish, "agent_id": colleague.id})
    assert moved["owner"]["id"] == colleague.id
    queue = next(q["id"] for q in colleague.get("/queues") if q["id"] != moved["queue_id"])
    back = colleague.post(f"{path}/transfer", {"owner_version": moved["owner"]["version"], "queue": queue})
    assert (back["owner"]["kind"], back["queue_id"]) == ("queue", queue)
    assert "返品の相談です" not in customer.send("GET", f"{path}/entries").text


@pytest.mark.req("CASE-011")
def test_a_solution_is_asked_for_denied_reopened_confirmed_and_rated(counter: Counter) -> None:
    customer, desk = counter.customer(cast.SENIOR), counter.agent("ito")
    mine = in_hand(counter, customer, desk)
    path, number = f"/contacts/{mine['id']}", mine["case"]["number"]
    solved = desk.post(
        f"{path}/resolve", {"owner_version": mine["owner"]["version"], "text": "交換を手配しました"}
    )
    assert solved["state"] == "resolved"
    assert customer.get(path)["can"]["confirm_resolution"]
    again = customer.post(f"{path}/resolution", {"solved": False})
    assert (again["state"], again["owner"]["id"]) == ("open", desk.id)
    desk.post(f"{path}/resolve", {"owner_version": again["owner"]["version"]})
    ended = customer.post(f"{path}/resolution", {"solved": True})
    assert (ended["state"], ended["case"]["number"]) == ("ended", number)
    assert customer.post(f"{path}/resolution", {"solved": True})["state"] == "ended"
    assert customer.refused("POST", f"{path}/rating", {}) == (422, "nothing_rated")
    assert customer.refused("POST", f"{path}/rating", {"score": 6}) == (422, "invalid")
    rated = customer.post(f"{path}/rating", {"score": 4, "solved": True, "comment": "早い 4111111111111111"})
    assert (rated["case"]["score"], rated["case"]["solved"]) == (4, True)
    assert customer.post(f"{path}/rating", {"score": 5})["case"]["score"] == 5
    with counter.later(days=2):
        assert customer.refused("POST", f"{path}/rating", {"score": 1}) == (409, "rating_closed")
    assert customer.refused("POST", f"{path}/entries", {"text": "まだ", "client_key": "after-end"}) == (
        409,
        "contact_ended",
    )


def test_a_contact_on_hold_comes_back_when_the_customer_speaks(counter: Counter) -> None:
    customer, desk = counter.customer(cast.SENIOR), counter.agent("ito")
    mine = in_hand(counter, customer, desk)
    path, version = f"/contacts/{mine['id']}", mine["owner"]["version"]
    wish = {"owner_version": version, "until": (counter.clock.now - timedelta(hours=1)).isoformat()}
    assert desk.refused("POST", f"{path}/snooze", wish) == (422, "in_the_past")
    naive = {"owner_version": version, "until": "2030-01-01T00:00:00"}
    assert desk.refused("POST", f"{path}/snooze", naive) == (422, "invalid")
    wish["until"] = (counter.clock.now + timedelta(hours=2)).isoformat()
    assert desk.post(f"{path}/snooze", wish)["snoozed_until"]
    assert desk.post(f"{path}/unsnooze")["snoozed_until"] is None
    desk.post(f"{path}/snooze", wish)
    customer.say(mine["id"], "どうなりましたか")
    assert desk.get(path)["snoozed_until"] is None


@pytest.mark.req("HIS-007")
def test_the_transcript_goes_to_the_address_on_file_only(counter: Counter) -> None:
    customer = counter.customer(cast.MISAKI)
    contact = customer.open("記録を送ってください")
    path = f"/contacts/{contact['id']}/transcript"
    assert customer.refused("POST", path, {"email": "thief@example.jp"}) == (422, "invalid")
    customer.post(path, {}, status=202)
    mail = counter.mails()[-1]
    assert mail["To"].endswith(f"<{cast.MISAKI_EMAIL}>")
    assert "記録を送ってください" in mail.get_content()
    assert contact["case"]["number"] in mail["Subject"]
    visitor = counter.visitor()
    theirs = visitor.open("匿名です")
    assert visitor.refused("POST", f"/contacts/{theirs['id']}/transcript", {}) == (
        422,
        "transcript_needs_sign_in",
    )


def test_the_customer_corrects_the_summary_that_goes_with_the_hand_over(counter: Counter) -> None:
    customer, desk = counter.customer(cast.SENIOR), counter.agent("ito")
    seen = waiting(counter, customer, "ケトルが壊れています。担当者をお願いします")
    assert seen["summary"] is not None
    customer.post(f"/contacts/{seen['id']}/summary", {"text": "壊れたのは蓋です"})
    assert desk.get(f"/contacts/{seen['id']}")["summary"]["correction"] == "壊れたのは蓋です"


def test_what_was_seen_is_told_to_the_other_side_and_never_goes_back(counter: Counter) -> None:
    customer, desk = counter.customer(cast.SENIOR), counter.agent("ito")
    mine = in_hand(counter, customer, desk)
    path = f"/contacts/{mine['id']}"
    desk.say(mine["id"], "ご覧ください", owner_version=mine["owner"]["version"])
    assert customer.get(path)["unread"] >= 1
    last = customer.get(path)["last_seq"]
    customer.post(f"{path}/seen", {"seq": last}, status=204)
    customer.post(f"{path}/seen", {"seq": 1}, status=204)
    customer.post(f"{path}/seen", {"seq": last + 50}, status=204)
    assert desk.get(path)["customer_seen_seq"] == last
    assert customer.get(path)["unread"] == 0


@pytest.mark.req("QUE-010")
def test_too_many_messages_are_slowed_down_with_a_time_to_wait(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    for n in range(40):
        visitor.say(contact["id"], str(n))
    answer = visitor.send(
        "POST", f"/contacts/{contact['id']}/entries", json={"text": "41", "client_key": "too-many"}
    )
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_messages")
    assert answer.json()["retry_after"] == int(answer.headers["retry-after"])
    assert str(answer.json()["retry_after"]) in answer.json()["detail"]


def test_own_contacts_are_listed_newest_first_and_nobody_elses(counter: Counter) -> None:
    customer = counter.customer(cast.KOREAN)
    first = customer.open("1")
    with counter.later(minutes=1):
        second = customer.open("2")
    assert [contact["id"] for contact in customer.get("/contacts")["contacts"]] == [second["id"], first["id"]]
    assert counter.visitor().get("/contacts") == {"contacts": [], "next": None}


@pytest.mark.req("PRIV-003", "CH-037")
def test_a_card_number_never_reaches_the_ledger_or_the_rating(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("カードは4111 1111 1111 1111、パスワードは hunter2xyz です")
    text = visitor.send("GET", f"/contacts/{contact['id']}/entries").text
    assert "4111" not in text
    assert "hunter2xyz" not in text
    counter.house.chat.confirm_resolution(SYSTEM, contact["id"], True)
    visitor.post(f"/contacts/{contact['id']}/rating", {"score": 1, "comment": "4111 1111 1111 1111 で払った"})
    case = counter.house.database.read(cases.get, contact["case"]["id"])
    assert "4111" not in case.comment
    assert "で払った" in case.comment


@pytest.mark.req("PHI-006", "PHI-017")
def test_an_agent_can_neither_ask_for_a_password_nor_send_a_link_to_elsewhere(counter: Counter) -> None:
    customer, desk = counter.customer(cast.MISAKI), counter.agent("ito")
    taken = in_hand(counter, customer, desk)
    path, version = f"/contacts/{taken['id']}/entries", taken["owner"]["version"]

    def said(text: str, **more: Any) -> dict[str, Any]:
        return {"text": text, "client_key": new_id("key"), "owner_version": version, **more}

    assert desk.refused("POST", path, said("パスワードを教えてください")) == (422, "asks_for_secrets")
    answer = desk.send("POST", path, json=said("https://bit.ly/abc をご覧ください"))
    assert (answer.status_code, answer.json()["code"]) == (422, "foreign_link")
    assert "bit[.]ly" in answer.json()["title"]
    desk.post(path, said("お客さまがhttps://bit.ly/abcを受け取った", internal=True), status=201)
    desk.post(path, said(f"{BASE}/help/security をご覧ください"), status=201)
    ending = {"owner_version": version, "text": "暗証番号を送ってください"}
    assert desk.refused("POST", f"/contacts/{taken['id']}/resolve", ending) == (422, "asks_for_secrets")
    spoken = texts(customer.get(path)["entries"])
    assert not any("パスワードを教えて" in text or "bit.ly" in text for text in spoken)


@pytest.mark.req("PHI-006")
def test_a_card_number_and_a_password_that_a_customer_types_are_gone_before_they_are_kept(
    counter: Counter,
) -> None:
    customer = counter.customer(cast.MISAKI)
    contact = customer.open("カードは4111 1111 1111 1111、パスワードは「himitsu-2026」です")
    shown = " ".join(texts(customer.get(f"/contacts/{contact['id']}/entries")["entries"]))
    assert "カード番号は保存していません" in shown
    assert "秘密の情報は保存していません" in shown
    kept = b"".join(each.read_bytes() for each in counter.folder.glob("madoguchi.db*"))
    assert b"4111 1111" not in kept
    assert b"himitsu-2026" not in kept
