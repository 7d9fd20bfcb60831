"""The editor of what the assistant did not understand: who may, one click a message, undo, two languages, keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from sqlalchemy import delete, insert, select

from madoguchi.assistant.learning import queries
from madoguchi.assistant.learning.model import LearningTurn, learning_turn
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import service as contacts
from madoguchi.engine.audit import audit
from madoguchi.faces.console.learning import PAGE, find_kinds
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

HOME = "/console/learning"
RECEIPT, REFUND = "payment_refund.receipt", "payment_refund.refund_status"


@pytest.fixture(autouse=True)
def nothing_collected(counter: Counter) -> Iterator[None]:
    counter.house.database.write(lambda tx: tx.execute(delete(learning_turn)))
    yield


def collected(counter: Counter, *texts: str, contact_id: str = "con_1", **more: object) -> None:
    rows = [
        {
            "id": f"ltn_{n}",
            "contact_id": contact_id,
            "seq": n,
            "reason": "missed",
            "language": "ja",
            "understood": "",
            "suggested": [REFUND],
            "text": text,
            "said_at": datetime(2026, 11, 20, tzinfo=UTC),
            "state": "open",
            "kinds": [],
            "decided_by": "",
            **more,
        }
        for n, text in enumerate(texts)
    ]
    counter.house.database.write(lambda tx: tx.execute(insert(learning_turn), rows))


def turn(counter: Counter, number: int = 0) -> LearningTurn:
    return counter.house.database.read(queries.get, f"ltn_{number}")


@pytest.mark.parametrize(("role", "status"), [("supervisor", 200), ("operator", 200), ("agent", 403)])
def test_supervisors_and_operators_teach_and_nobody_else(
    counter: Counter, staff: Staff, role: str, status: int
) -> None:
    collected(counter, "ぬるぽ")
    for path in (HOME, f"{HOME}/ltn_0"):
        visitor = staff(role)
        assert ("ぬるぽ" in visitor.get(path)) == (status == 200)
        assert visitor.answer.status_code == status
    page = staff()
    page.get(f"{HOME}/ltn_0")
    stolen = page.form("ltn_0")[1]["csrf"]
    other = staff(role).client.post(f"{HOME}/ltn_0", data={"csrf": stolen, "do": "discard"})
    assert other.status_code == (200 if role == "supervisor" else 403)


def test_customers_and_strangers_are_sent_to_the_staffs_sign_in(counter: Counter, misaki: Visitor) -> None:
    collected(counter, "ぬるぽ")
    for visitor in (counter.visitor(), misaki):
        for path in (HOME, f"{HOME}/ltn_0"):
            assert "ぬるぽ" not in visitor.get(path)
            assert visitor.path.startswith("/desk/sign-in?next=")
        visitor.client.post(f"{HOME}/ltn_0", data={"do": "discard"})
    assert turn(counter).state == "open"


@pytest.mark.req("BOT-014")
def test_one_click_labels_and_the_next_message_comes_with_an_undo(counter: Counter, staff: Staff) -> None:
    collected(counter, "ぬるぽ ください", "ほげほげ ください")
    editor = staff()
    editor.get(f"{HOME}/ltn_0")
    editor.send("ltn_0", text="領収書をください", kind=RECEIPT)
    assert (turn(counter).state, turn(counter).kinds, turn(counter).text) == (
        "labelled",
        [RECEIPT],
        "領収書をください",
    )
    assert "ほげほげ" in editor.text
    assert "2件中1件を判断済み" in editor.text
    editor.send("ltn_0/undo")
    assert turn(counter).state == "open"
    assert editor.path.endswith("ltn_0")
    assert [(line.action, line.object_id) for line in audit_lines(counter)][-2:] == [
        ("learning.labelled", "ltn_0"),
        ("learning.taken_back", "ltn_0"),
    ]


def test_who_labelled_what_stands_in_the_list_of_decisions(counter: Counter, staff: Staff) -> None:
    collected(counter, "ぬるぽ ください", "ほげほげ ください")
    editor = staff("operator")
    for number, press in enumerate(({"kind": "general.out_of_scope"}, {"do": "discard"})):
        editor.get(f"{HOME}/ltn_{number}")
        editor.send(f"ltn_{number}", text="ぬるぽ ください", **press)
    text = editor.get(f"{HOME}?view=decided")
    assert text.count("担当 operator") >= 2
    assert "破棄しました" in text
    assert {line.actor_id for line in audit_lines(counter)[-2:]} == {turn(counter).decided_by}


def test_two_wishes_are_two_different_subjects(counter: Counter, staff: Staff) -> None:
    collected(counter, "領収書と返金")
    editor = staff()
    editor.get(f"{HOME}/ltn_0")
    editor.send("ltn_0", text="領収書と返金", do="two", first=RECEIPT, second=RECEIPT)
    assert editor.answer.status_code == 422
    assert "異なる用件を2つ選んでください" in editor.text
    editor.send("ltn_0", text="領収書と返金", do="two", first=RECEIPT, second=REFUND)
    assert turn(counter).kinds == [RECEIPT, REFUND]


def test_the_search_decides_nothing_and_keeps_what_was_typed(counter: Counter, staff: Staff) -> None:
    collected(counter, "ぬるぽ")
    editor = staff()
    editor.get(f"{HOME}/ltn_0")
    editor.send("ltn_0", text="直した文", q="領収書", do="search")
    assert f'value="{RECEIPT}"' in editor.answer.text
    assert ">直した文</textarea>" in editor.answer.text
    assert turn(counter).state == "open"
    assert RECEIPT in {kind.id for kind in find_kinds("ＲＥＣＥＩＰＴ")}
    assert find_kinds("  ") == []


def test_what_an_editor_types_back_in_of_the_customers_own_is_not_kept(
    counter: Counter, staff: Staff
) -> None:
    misaki = Actor(
        kind="customer", id="vis_editor", customer_id=counter.customer_id(cast.MISAKI), rung=Rung.SIGNED_IN
    )
    contact = counter.house.database.write(contacts.open_contact, actor=misaki, channel="chat", language="ja")
    collected(counter, "ぬるぽ", contact_id=contact.id)
    editor = staff()
    editor.get(f"{HOME}/ltn_0")
    editor.send("ltn_0", text=f"佐藤美咲の領収書 {cast.MISAKI_EMAIL}", kind=RECEIPT)
    assert turn(counter).text == "{name}の領収書 {mail}"


@pytest.mark.parametrize("text", ["", "12345 090-1234-5678"])
def test_a_text_without_words_is_not_kept(counter: Counter, staff: Staff, text: str) -> None:
    collected(counter, "ぬるぽ")
    editor = staff()
    editor.get(f"{HOME}/ltn_0")
    editor.send("ltn_0", text=text, kind=RECEIPT)
    assert editor.answer.status_code == 422
    assert turn(counter).state == "open"


def test_the_list_narrows_down_and_has_pages(counter: Counter, staff: Staff) -> None:
    collected(counter, *[f"文{n}。" for n in range(PAGE + 1)])
    editor = staff()
    assert f"文{PAGE}。" not in editor.get(HOME)
    assert f"文{PAGE}。" in editor.get(f"{HOME}?page=2")
    assert "文0。" in editor.get(f"{HOME}?reason=missed&in=ja")
    assert "文0。" not in editor.get(f"{HOME}?reason=denied")
    assert "文0。" not in editor.get(f"{HOME}?in=ko")
    for odd in ("page=0", "page=x", "page=99999999", "reason=x&in=y", "last=nothing"):
        editor.get(f"{HOME}?{odd}")
        assert editor.answer.status_code == 200, odd


@pytest.mark.parametrize(
    ("language", "words"), [("ja", "判断待ちのメッセージはありません"), ("en", "There is nothing to decide.")]
)
def test_an_empty_list_says_so(staff: Staff, language: str, words: str) -> None:
    assert words in staff(language=language).get(HOME)


def test_hostile_words_are_only_words(counter: Counter, staff: Staff) -> None:
    collected(counter, "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>")
    editor = staff()
    for path in (HOME, f"{HOME}/ltn_0"):
        editor.get(path)
        assert "<script>alert" not in editor.answer.text
        assert "<img src=x" not in editor.answer.text


@pytest.mark.browser
def test_by_keyboard_without_scripts_and_without_barriers(
    counter: Counter, browser: Browser, tokens: dict[str, str]
) -> None:
    collected(counter, "ぬるぽ ください", "ほげほげ")
    cookie = {"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}
    context = _context(browser, counter, viewport={"width": 1280, "height": 900})
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    for path in (HOME, f"{HOME}?view=decided", f"{HOME}/ltn_0"):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    context.close()
    plain = _context(browser, counter, java_script_enabled=False, viewport={"width": 360, "height": 740})
    plain.add_cookies([cookie])  # type: ignore[list-item]
    page = plain.new_page()
    page.goto(f"{HOME}/ltn_0")
    page.get_by_label("用件を探す").focus()
    page.keyboard.type("領収書")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="領収書", exact=False).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("用件：")
    assert turn(counter).state == "labelled"
    plain.close()


def audit_lines(counter: Counter) -> list[object]:
    wanted = select(audit).where(audit.c.object_kind == "learning_turn").order_by(audit.c.seq)
    return list(counter.house.database.read(lambda tx: tx.all(wanted)))
