"""The live line: hello with cursors, everything after them, typing, the inbox, and who is not let in."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.engine import sessions
from madoguchi.faces.api.routes import live
from tests.faces.api.people import Caller, Counter, texts
from tests.faces.api.test_contacts import in_hand, waiting


def hello(line: Any, caller: Caller, contacts: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    line.send_json({"type": "hello", "token": caller.token, "contacts": contacts or {}, **more})
    found: dict[str, Any] = line.receive_json()
    return found


def until(line: Any, kind: str, **wanted: Any) -> dict[str, Any]:
    """The next frame of this kind; a test that waits in vain ends by the socket's silence."""
    for _ in range(30):
        frame: dict[str, Any] = line.receive_json()
        if frame["type"] == kind and all(frame.get(name) == value for name, value in wanted.items()):
            return frame
    raise AssertionError(f"no {kind}")


@pytest.mark.req("CH-032")
def test_a_hello_with_a_cursor_brings_everything_after_it_then_what_comes(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("1")
    visitor.say(contact["id"], "2")
    with visitor.live() as line:
        assert hello(line, visitor, {contact["id"]: 0})["session"]["id"]
        first = line.receive_json()
        assert texts(first["entries"]) == ["1", "2"]
        began = time.monotonic()
        visitor.say(contact["id"], "3")
        assert texts(until(line, "entries")["entries"]) == ["3"]
        assert time.monotonic() - began < 1
    visitor.say(contact["id"], "4")
    visitor.say(contact["id"], "5")
    with visitor.live() as line:
        hello(line, visitor, {contact["id"]: first["cursor"]})
        assert texts(line.receive_json()["entries"]) == ["3", "4", "5"], "no gap, no double"


def test_a_contact_can_be_watched_and_left_later(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("こんにちは")
    with visitor.live() as line:
        hello(line, visitor)
        line.send_json({"type": "watch", "contact": contact["id"], "cursor": 0})
        assert texts(until(line, "entries")["entries"]) == ["こんにちは"]
        line.send_json({"type": "unwatch", "contact": contact["id"]})
        line.send_json({"type": "ping"})
        until(line, "pong")
        visitor.say(contact["id"], "聞こえません")
        line.send_json({"type": "ping"})
        assert line.receive_json() == {"type": "pong"}


def test_a_contact_that_is_left_while_its_words_are_on_the_way_stays_left(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = counter.visitor()
    contact = visitor.open("こんにちは")
    send = live.Line._send

    async def overtaken(line: live.Line, frame: dict[str, Any]) -> None:
        await send(line, frame)
        if frame["type"] == "entries":
            line._unwatch(contact["id"])

    monkeypatch.setattr(live.Line, "_send", overtaken)
    with visitor.live() as line:
        hello(line, visitor)
        line.send_json({"type": "watch", "contact": contact["id"], "cursor": 0})
        assert texts(until(line, "entries")["entries"]) == ["こんにちは"]
        visitor.say(contact["id"], "聞こえません")
        line.send_json({"type": "ping"})
        assert line.receive_json() == {"type": "pong"}


@pytest.mark.req("HIS-010")
def test_a_contact_that_is_not_theirs_is_refused_and_the_line_lives_on(counter: Counter) -> None:
    theirs = counter.customer(cast.MISAKI).open("秘密です")
    visitor = counter.visitor("en")
    mine = visitor.open("mine")
    with visitor.live() as line:
        hello(line, visitor, {theirs["id"]: 0, "con_none": 0, mine["id"]: 0})
        refused = [line.receive_json() for _ in range(2)]
        assert {frame["contact"] for frame in refused} == {theirs["id"], "con_none"}
        assert {frame["problem"]["code"] for frame in refused} == {"contact_not_found"}
        assert {frame["problem"]["title"] for frame in refused} == {
            "This enquiry does not exist, or belongs to another account"
        }
        assert texts(line.receive_json()["entries"]) == ["mine"]


@pytest.mark.parametrize("token", ["nonsense", "mdg_nonsense", ""])
def test_a_wrong_token_is_told_so_and_the_line_closes(counter: Counter, token: str) -> None:
    with counter.stranger().live() as line:
        line.send_json({"type": "hello", "token": token, "contacts": {}})
        assert line.receive_json()["problem"]["code"] == "session_needed"
        assert _closed(line) == 4401


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1:8311", "https://shop.example.jp.evil.example"],
)
def test_a_page_from_elsewhere_is_not_let_in(counter: Counter, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, counter.visitor().live(origin=origin):
        pass
    assert refused.value.code == 4403


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8310", "https://shop.example.jp"])
def test_our_own_pages_and_the_shops_are(counter: Counter, origin: str) -> None:
    visitor = counter.visitor()
    with visitor.live(origin=origin) as line:
        assert hello(line, visitor)["type"] == "welcome"


@pytest.mark.parametrize(
    "frame",
    [
        "[]",
        "1",
        "not json",
        "[" * 10_000,
        '"' + "x" * 20_000 + '"',
        '{"type":"watch","contact":"c","cursor":"0"}',
        '{"type":"watch","contact":"c","cursor":-1}',
        '{"type":"watch","contact":"c","cursor":99999999999999999999999}',
        '{"type":"watch","contact":"c","cursor":[]}',
    ],
)
def test_a_frame_that_is_none_closes_the_line_and_nothing_else(counter: Counter, frame: str) -> None:
    visitor = counter.visitor()
    with visitor.live() as line:
        hello(line, visitor)
        line.send_text(frame)
        assert _closed(line) == 4400
    with visitor.live() as line:
        line.send_text(
            frame
            if frame.startswith(("[", "1", "n", '"'))
            else '{"contacts":{"c":' + json.loads(json.dumps("[]")) + "}}"
        )
        line_code = _closed(line)
        assert line_code in (4400, 4401)


def test_bytes_are_no_frame(counter: Counter) -> None:
    visitor = counter.visitor()
    with visitor.live() as line:
        hello(line, visitor)
        line.send_bytes(b'{"type":"ping"}')
        assert _closed(line) == 4400


def test_typing_is_shown_to_the_other_side_and_written_nowhere(counter: Counter) -> None:
    customer, desk = counter.customer(cast.SENIOR), counter.agent("ito")
    mine = in_hand(counter, customer, desk)
    with customer.live() as theirs, desk.live() as ours:
        hello(theirs, customer, {mine["id"]: mine["last_seq"]})
        hello(ours, desk, {mine["id"]: mine["last_seq"]})
        until(ours, "entries")
        theirs.send_json({"type": "typing", "contact": mine["id"]})
        assert until(ours, "typing")["author"]["kind"] == "customer"
        ours.send_json({"type": "typing", "contact": mine["id"]})
        assert until(theirs, "typing")["author"] == {"kind": "agent", "id": desk.id, "name": "伊藤"}
    assert desk.get(f"/contacts/{mine['id']}")["last_seq"] == mine["last_seq"]


def test_the_inbox_comes_whole_after_each_change_and_only_to_staff(counter: Counter) -> None:
    desk = counter.agent("ito")
    with desk.live() as line:
        hello(line, desk, inbox=True)
        assert until(line, "inbox")["me"]["id"] == desk.id
        seen = waiting(counter, counter.visitor())
        for _ in range(20):
            if seen["id"] in {contact["id"] for contact in until(line, "inbox")["contacts"]}:
                break
        else:
            raise AssertionError("the inbox never showed the contact")
    visitor = counter.visitor()
    with visitor.live() as line:
        hello(line, visitor, inbox=True)
        line.send_json({"type": "ping"})
        assert line.receive_json() == {"type": "pong"}


def test_staff_without_the_role_have_no_inbox_and_watch_nothing(counter: Counter) -> None:
    contact = counter.visitor().open("見えません")
    operator = counter.agent("ops")
    with operator.live() as line:
        line.send_json({"type": "hello", "token": operator.token, "contacts": {}, "inbox": True})
        assert line.receive_json()["problem"]["code"] == "role_missing"
        assert _closed(line) == 4403
    with operator.live() as line:
        hello(line, operator, {contact["id"]: 0})
        assert line.receive_json()["problem"]["code"] == "role_missing"


def test_a_customer_learns_that_an_agent_has_read(counter: Counter) -> None:
    customer, desk = counter.customer(cast.SENIOR), counter.agent("ito")
    mine = in_hand(counter, customer, desk)
    with customer.live() as line:
        hello(line, customer, {mine["id"]: mine["last_seq"]})
        until(line, "entries")
        desk.post(f"/contacts/{mine['id']}/seen", {"seq": mine["last_seq"]}, status=204)
        frame = until(line, "entries")
        while frame["contact"]["agent_seen_seq"] < mine["last_seq"]:
            frame = until(line, "entries")
        assert frame["entries"] == []


def test_the_line_of_a_session_that_rose_closes_and_the_new_token_goes_on(counter: Counter) -> None:
    caller = counter.visitor()
    contact = caller.open("サインインします")
    with caller.live() as line:
        hello(line, caller, {contact["id"]: 0})
        until(line, "entries")
        caller.token = caller.post("/sessions/shop-token", {"token": counter.shop_token()})["token"]
        assert until(line, "problem")["problem"]["code"] == "session_needed"
        assert _closed(line) == 4401
    with caller.live() as line:
        hello(line, caller, {contact["id"]: 0})
        assert until(line, "entries")["contact"]["id"] == contact["id"]


def test_a_line_whose_session_ended_sends_nothing_more(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("前")
    with visitor.live() as line:
        hello(line, visitor, {contact["id"]: 0})
        until(line, "entries")
        found = counter.house.database.read(sessions.find, visitor.token)
        assert found is not None
        counter.house.database.write(sessions.end, found.token_hash)
        counter.house.chat.ask_person(counter.house.database.read(_actor_of, counter, found), contact["id"])
        assert line.receive_json()["problem"]["code"] == "session_needed"


def _actor_of(_tx: Any, counter: Counter, found: sessions.Session) -> Any:
    from madoguchi.counter.customers import identity

    return identity.actor_of(found, counter.clock.now, counter.house.settings)


def _closed(line: Any) -> int:
    with pytest.raises(WebSocketDisconnect) as closed:
        while True:
            line.receive_json()
    code: int = closed.value.code
    return code


def test_an_answer_that_is_being_worded_is_shown_as_it_comes_and_is_no_entry(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("こんにちは")
    with visitor.live() as line:
        hello(line, visitor, {contact["id"]: 0})
        until(line, "entries")
        counter.house.presence.speaks(contact["id"], "特典は三つあります。")
        frame = until(line, "typing", text="特典は三つあります。")
        assert frame["author"] == {"kind": "assistant", "id": "", "name": "AIアシスタント"}
    assert "特典" not in str(visitor.get(f"/contacts/{contact['id']}/entries"))


def test_nothing_is_heard_of_the_assistant_once_a_person_has_the_contact_or_the_answer_is_written(
    counter: Counter,
) -> None:
    desk, visitor = counter.agent("ito"), counter.visitor()
    contact = in_hand(counter, visitor, desk)
    other = visitor.open("こんにちは")
    presence = counter.house.presence
    with visitor.live() as line:
        hello(line, visitor, {contact["id"]: 0, other["id"]: 0})
        until(line, "entries")
        until(line, "entries")
        presence.speaks(contact["id"], "まだ話しています。")
        presence.speaks(other["id"], "終わったところです。")
        presence.speaks(other["id"], "")
        presence.typed(contact["id"], desk.id)
        frames = [until(line, "typing")]
        line.send_json({"type": "ping"})
        while (frame := line.receive_json())["type"] != "pong":
            frames.append(frame)
        assert [frame["author"]["kind"] for frame in frames if frame["type"] == "typing"] == ["agent"]


def test_a_stranger_hears_nothing_of_it(counter: Counter) -> None:
    visitor, stranger = counter.visitor(), counter.visitor()
    contact = visitor.open("こんにちは")
    with stranger.live() as line:
        hello(line, stranger, {contact["id"]: 0})
        until(line, "problem")
        counter.house.presence.speaks(contact["id"], "秘密です。")
        line.send_json({"type": "ping"})
        assert line.receive_json()["type"] == "pong"
