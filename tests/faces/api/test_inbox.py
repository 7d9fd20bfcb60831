"""Views, labels, settings of the desk, and deeds on many contacts with their undoing."""

from __future__ import annotations

from typing import Any

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.inbox.model import bulk_step
from madoguchi.counter.routing import queries as routing
from madoguchi.kit.ids import new_id
from tests.faces.api.people import Caller, Counter
from tests.faces.api.test_contacts import in_hand, waiting


def rows_of(*seen: Any) -> list[dict[str, Any]]:
    return [{"contact_id": each["id"], "owner_version": each["owner"]["version"]} for each in seen]


def bulk(desk: Caller, deed: str, *seen: Any, **more: Any) -> Any:
    wish = {"deed": deed, "rows": rows_of(*seen), "key": new_id("key"), **more}
    return desk.post("/desk/bulk", wish)


def codes(answer: Any) -> list[str]:
    return [row["code"] for row in answer["rows"]]


# ── views ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_view_is_saved_found_again_changed_and_removed(counter: Counter) -> None:
    ito = counter.agent("ito")
    wish = {
        "name": " 返品  長待ち ",
        "criteria": {"owners": ["queue"], "waiting_minutes": 0},
        "sort": "waiting",
    }
    saved = ito.post("/desk/views", wish, status=201)
    assert (saved["name"], saved["mine"], saved["shared"], saved["can_change"]) == (
        "返品 長待ち",
        True,
        False,
        True,
    )
    waits = waiting(counter, counter.visitor())
    (listed,) = [view for view in ito.get("/desk/views") if view["id"] == saved["id"]]
    found = ito.post("/desk/find", {"criteria": listed["criteria"], "sort": listed["sort"]})
    assert waits["id"] in {contact["id"] for contact in found["contacts"]}
    assert listed["count"] == found["count"] >= 1
    changed = ito.put(
        f"/desk/views/{saved['id']}", {**wish, "name": "長待ち", "criteria": {"states": ["ended"]}}
    )
    assert (changed["name"], changed["count"]) == ("長待ち", 0)
    ito.delete(f"/desk/views/{saved['id']}")
    assert saved["id"] not in {view["id"] for view in ito.get("/desk/views")}


def test_only_a_supervisor_shares_a_view_and_changes_what_is_shared(counter: Counter) -> None:
    ito, kato, mori = counter.agent("ito"), counter.agent("kato"), counter.agent("mori")
    wish = {"name": "全員の", "criteria": {}, "shared": True}
    assert ito.refused("POST", "/desk/views", wish) == (403, "role_missing")
    shared = mori.post("/desk/views", wish, status=201)
    (seen,) = [view for view in kato.get("/desk/views") if view["id"] == shared["id"]]
    assert (seen["mine"], seen["by"], seen["can_change"]) == (False, "森", False)
    assert kato.refused("PUT", f"/desk/views/{shared['id']}", wish) == (403, "role_missing")
    assert kato.refused("DELETE", f"/desk/views/{shared['id']}") == (403, "role_missing")
    own = ito.post("/desk/views", {"name": "私の", "criteria": {}}, status=201)
    assert ito.refused("PUT", f"/desk/views/{own['id']}", wish) == (403, "role_missing")
    assert kato.refused("PUT", f"/desk/views/{own['id']}", {"name": "x", "criteria": {}}) == (
        404,
        "view_not_found",
    )
    assert own["id"] not in {view["id"] for view in mori.get("/desk/views")}
    mori.delete(f"/desk/views/{shared['id']}")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "  "}, "view_name"),
        ({"name": "あ" * 61}, "view_name"),
        ({"criteria": {"states": ["asleep"]}}, "invalid"),
        ({"criteria": {"colour": ["red"]}}, "invalid"),
        ({"criteria": {"waiting_minutes": -1}}, "invalid"),
        ({"sort": "size"}, "invalid"),
    ],
)
def test_a_view_that_cannot_be_read_is_refused(counter: Counter, change: dict[str, Any], code: str) -> None:
    wish = {"name": "よい", "criteria": {}, **change}
    assert counter.agent("ito").refused("POST", "/desk/views", wish) == (422, code)


def test_the_filters_name_everything_in_the_readers_words(counter: Counter) -> None:
    ito = counter.agent("ito")
    offered = ito.get("/desk/filters")
    assert {"me", "queue", "assistant"} <= {each["value"] for each in offered["owners"]}
    assert {"value": "mail", "label": "メール", "group": ""} in offered["channels"]
    assert all(each["label"] and each["group"] for each in offered["kinds"])
    assert not offered["can_share"] and counter.agent("mori").get("/desk/filters")["can_share"]


# ── labels and settings ───────────────────────────────────────────────────────────────────────────


def test_a_label_is_put_on_seen_by_staff_and_taken_off_and_the_ledger_knows(counter: Counter) -> None:
    ito, customer = counter.agent("ito"), counter.customer(cast.MISAKI)
    contact = customer.open("一件")
    path = f"/contacts/{contact['id']}/labels"
    assert ito.post(path, {"label": " ＶＩＰ "})["labels"] == ["VIP"]
    assert ito.post(path, {"label": "VIP"})["labels"] == ["VIP"]
    assert customer.get(f"/contacts/{contact['id']}")["labels"] == []
    kinds = [entry["kind"] for entry in customer.get(f"/contacts/{contact['id']}/entries")["entries"]]
    assert not {"label.put", "label.taken_off"} & set(kinds)
    assert ito.post(path, {"label": "VIP", "put": False})["labels"] == []
    facts = ito.get(f"/contacts/{contact['id']}/entries")["entries"]
    assert [entry["text"] for entry in facts if entry["kind"].startswith("label.")] == [
        "ラベル「VIP」を付けました",
        "ラベル「VIP」を外しました",
    ]
    assert ito.refused("POST", path, {"label": " "}) == (422, "label_text")


@pytest.mark.req("A11Y-001")
def test_keys_and_switches_follow_an_agent_to_every_machine(counter: Counter) -> None:
    sections = [{"name": "orders", "open": True}, {"name": "person-notes", "open": False}]
    wish = {
        "keys": {"reply": "KeyW", "console": "KeyG KeyX"},
        "switches": {"singleKeys": False},
        "sections": sections,
    }
    counter.agent("ito").put("/desk/settings", wish)
    assert counter.agent("ito").get("/desk/settings") == wish
    assert counter.agent("kato").get("/desk/settings") == {"keys": {}, "switches": {}, "sections": []}
    ito = counter.agent("ito")
    two = {"keys": {"reply": "KeyW", "note": "KeyW"}}
    assert ito.refused("PUT", "/desk/settings", two) == (409, "key_taken")
    for chord in ("w", "<b>", "KeyG KeyH KeyI", ""):
        assert ito.refused("PUT", "/desk/settings", {"keys": {"reply": chord}}) == (422, "unusable_key")
    assert ito.refused("PUT", "/desk/settings", {"sections": sections * 2}) == (422, "invalid")
    assert ito.get("/desk/settings") == wish
    ito.put("/desk/settings", {})


# ── many at once ──────────────────────────────────────────────────────────────────────────────────


def test_many_are_assigned_and_the_undoing_gives_each_its_place_back(counter: Counter) -> None:
    ito = counter.agent("ito")
    first, second = waiting(counter, counter.visitor()), waiting(counter, counter.visitor())
    place = counter.house.database.read(routing.place_of, first["id"])
    answer = bulk(ito, "assign", first, second)
    assert (answer["done"], answer["refused"]) == (2, 0)
    assert {contact["owner"]["id"] for contact in answer["contacts"]} == {ito.id}
    back = ito.post(f"/desk/bulk/{answer['bulk_id']}/undo")
    assert (back["done"], back["refused"]) == (2, 0)
    again = counter.house.database.read(routing.place_of, first["id"])
    assert again is not None and place is not None
    assert (again.state, again.queue_id, again.entered_at, again.priority) == (
        "waiting",
        place.queue_id,
        place.entered_at,
        place.priority,
    )
    case = ito.get(f"/cases/{first['case']['number']}")
    assert not case["owner"]
    assert ito.post(f"/desk/bulk/{answer['bulk_id']}/undo")["rows"] == []  # once


def test_what_an_agent_may_not_do_alone_they_may_not_do_in_bulk(counter: Counter) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    his, mine = in_hand(counter, counter.visitor(), kato), waiting(counter, counter.visitor())
    answer = bulk(ito, "assign", his, mine)
    assert (answer["done"], sorted(codes(answer))) == (1, ["", "not_owner"])
    assert next(row["detail"] for row in answer["rows"] if not row["done"])
    assert codes(bulk(ito, "transfer", his, queue="general")) == ["not_owner"]
    assert codes(bulk(ito, "resolve", his)) == ["not_owner"]
    hold = bulk(ito, "hold", his, until="2030-01-01T00:00:00Z")
    assert codes(hold) == ["not_owner"]
    gone = {"id": "con_00000000000000000000000000", "owner": {"version": 0}}
    assert codes(bulk(ito, "note", gone, text="x")) == ["contact_not_found"]


def test_a_row_that_has_changed_since_is_told_and_left_alone(counter: Counter) -> None:
    ito, kato = counter.agent("ito"), counter.agent("kato")
    seen = waiting(counter, counter.visitor())
    kato.post(f"/contacts/{seen['id']}/accept", {"owner_version": seen["owner"]["version"]})
    assert codes(bulk(counter.agent("mori"), "assign", seen)) == ["owner_changed"]
    held = in_hand(counter, counter.visitor(), ito)
    answer = bulk(ito, "assign", waiting(counter, counter.visitor()))
    ito.post(f"/contacts/{answer['contacts'][0]['id']}/transfer", {
        "owner_version": answer["contacts"][0]["owner"]["version"], "queue": "general"
    })  # fmt: skip
    assert codes(ito.post(f"/desk/bulk/{answer['bulk_id']}/undo")) == ["changed_since"]
    assert ito.get(f"/contacts/{held['id']}")["owner"]["id"] == ito.id


def test_a_hold_is_undone_and_after_its_time_nothing_is(counter: Counter) -> None:
    ito = counter.agent("ito")
    one, two = in_hand(counter, counter.visitor(), ito), in_hand(counter, counter.visitor(), ito)
    held = bulk(ito, "hold", one, two, until="2026-12-24T00:00:00Z")
    assert all(contact["snoozed_until"] for contact in held["contacts"])
    assert held["undo_until"]
    back = ito.post(f"/desk/bulk/{held['bulk_id']}/undo")
    assert [contact["snoozed_until"] for contact in back["contacts"]] == [None, None]
    again = bulk(ito, "hold", *back["contacts"], until="2026-12-24T00:00:00Z")
    with counter.later(seconds=31):
        assert ito.refused("POST", f"/desk/bulk/{again['bulk_id']}/undo") == (409, "undo_over")
    assert counter.agent("kato").refused("POST", f"/desk/bulk/{again['bulk_id']}/undo") == (
        404,
        "bulk_not_found",
    )


def test_words_and_solutions_cannot_be_undone_and_a_repeated_note_is_one(counter: Counter) -> None:
    ito = counter.agent("ito")
    mine = in_hand(counter, counter.visitor(), ito)
    wish = {"deed": "note", "rows": rows_of(mine), "key": "one-and-same", "text": "折り返し済み"}
    assert [ito.post("/desk/bulk", wish)["undo_until"] for _ in range(2)] == [None, None]
    notes = [
        entry
        for entry in ito.get(f"/contacts/{mine['id']}/entries")["entries"]
        if entry["kind"] == "note.added"
    ]
    assert [note["text"] for note in notes] == ["折り返し済み"]
    solved = bulk(ito, "resolve", mine, text="ご不明点があればお知らせください。")
    assert (solved["done"], solved["undo_until"], solved["contacts"][0]["state"]) == (1, None, "resolved")
    assert ito.refused("POST", f"/desk/bulk/{solved['bulk_id']}/undo") == (404, "bulk_not_found")


def test_labels_on_many_and_their_undoing_leave_what_was_there_before(counter: Counter) -> None:
    ito = counter.agent("ito")
    old, new = counter.visitor().open("一"), counter.visitor().open("二")
    ito.post(f"/contacts/{old['id']}/labels", {"label": "再配達"})
    answer = bulk(ito, "label", old, new, label="再配達")
    assert answer["done"] == 2
    ito.post(f"/desk/bulk/{answer['bulk_id']}/undo")
    assert [ito.get(f"/contacts/{each['id']}")["labels"] for each in (old, new)] == [["再配達"], []]


def test_three_hundred_at_once_each_in_a_transaction_of_its_own(counter: Counter) -> None:
    ito = counter.agent("ito")
    opened = [counter.visitor().open(str(number)) for number in range(30)]
    rows = [*rows_of(*opened)] + [
        {"contact_id": f"con_{number}", "owner_version": 0} for number in range(270)
    ]
    answer = ito.post("/desk/bulk", {"deed": "label", "label": "棚卸し", "key": new_id("key"), "rows": rows})
    assert (answer["done"], answer["refused"]) == (30, 270)
    wish = {"deed": "label", "label": "x", "key": new_id("key"), "rows": [*rows, rows[0]]}
    assert ito.refused("POST", "/desk/bulk", wish) == (422, "invalid")


def test_a_hold_that_was_sent_twice_is_done_once(counter: Counter) -> None:
    ito = counter.agent("ito")
    mine = in_hand(counter, counter.visitor(), ito)
    wish = {
        "owner_version": mine["owner"]["version"],
        "until": "2026-12-24T00:00:00Z",
        "client_key": new_id("key"),
    }
    path = f"/contacts/{mine['id']}"
    ito.post(f"{path}/snooze", wish)
    ito.post(f"{path}/unsnooze")
    assert (
        ito.post(f"{path}/snooze", wish)["snoozed_until"] is None
    )  # the line was slow, and it was brought back since
    stored = counter.house.database.read(contacts.entries, mine["id"])
    assert [entry.kind for entry in stored].count("contact.snoozed") == 1


def test_what_can_no_longer_be_undone_is_forgotten(counter: Counter) -> None:
    ito = counter.agent("ito")
    old = bulk(ito, "label", counter.visitor().open("一"), label="a")
    with counter.later(hours=2):
        bulk(counter.agent("ito"), "label", counter.visitor().open("二"), label="b")
        kept = counter.house.database.read(lambda tx: {row.bulk_id for row in tx.all(bulk_step.select())})
    assert old["bulk_id"] not in kept
