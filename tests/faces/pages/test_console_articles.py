"""Writing articles at the console: without scripts, four eyes, nothing lost, everything that readers tell editors."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.knowledge import drafts, queries, signals
from madoguchi.counter.knowledge.model import Asker
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import Errand
from madoguchi.errands import build_courier
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.kit.ids import new_id
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

HOME = "/console/articles"


def write(
    editor: Visitor,
    article_id: str,
    title: str = "包装について",
    body: str = "無料で包装します。",
    **more: str,
) -> str:
    editor.get(f"{HOME}/new")
    return editor.send(
        "/new", id=article_id, language="ja", title=title, body=body, asked_as="包装\nラッピング", **more
    )


def save(editor: Visitor, article_id: str, **words: str) -> str:
    return editor.send(f"{article_id}/save", **{"asked_as": "包装", "audience": "everyone", **words})


def body_of(counter: Counter, article_id: str) -> str:
    return counter.house.library.read(article_id, Asker("ja")).body


@pytest.mark.req("HLP-001")
def test_an_editor_writes_a_supervisor_approves_and_readers_see_it_then(
    staff: Staff, counter: Counter
) -> None:
    editor, lead, reader = staff("editor"), staff("supervisor"), counter.visitor()
    write(editor, "gift-wrapping")
    assert "まだ公開されていません" in editor.text
    reader.get("/help/articles/gift-wrapping")
    assert reader.answer.status_code == 404
    editor.send("gift-wrapping/send")
    assert f'action="{HOME}/gift-wrapping/approve"' not in editor.text
    assert "gift-wrapping" in lead.get(f"{HOME}/review")
    lead.get(f"{HOME}/gift-wrapping")
    lead.send("gift-wrapping/approve")
    assert "包装" in reader.get("/help/articles/gift-wrapping")
    assert "ラッピング" not in reader.text  # ways to ask are for the search
    assert "gift-wrapping" in reader.get("/help/search?q=ラッピング")


def test_with_four_eyes_a_writer_is_told_that_somebody_else_approves(staff: Staff, counter: Counter) -> None:
    lead = staff("supervisor")
    write(lead, "own-words")
    lead.send("own-words/send")
    assert "ほかの人の承認が必要です" in lead.text
    draft = counter.house.database.read(drafts.find, "own-words")
    assert draft is not None
    target, fields = lead.form("own-words/take-back")
    lead.answer = lead.client.post(target.replace("take-back", "approve"), data=fields)
    assert lead.answer.status_code == 403
    assert counter.house.database.read(queries.find, "own-words") is None


def test_what_is_wrong_stands_beside_the_text_and_keeps_it_from_going_on(staff: Staff) -> None:
    editor = staff("editor")
    write(editor, "full-of-faults", body="{shop.nam}です。[悪](javascript:x) [無](/help/articles/no-such)")
    for words in ("{shop.name}", "javascript:x", "/help/articles/no-such"):
        assert words in editor.text
    editor.send("full-of-faults/send")
    assert editor.answer.status_code == 422
    assert "次の点を直してください" in editor.text


@pytest.mark.req("HLP-001")
def test_the_preview_is_what_the_reader_sees_with_the_shops_facts(staff: Staff, counter: Counter) -> None:
    editor, lead = staff("editor"), staff("supervisor")
    write(editor, "days-of-grace", body="購入から{policy.returns.window_days}日以内です。\n\n- **大事**な点")
    assert "購入から30日以内です。" in editor.text and "<strong>大事</strong>な点" in editor.text
    editor.send("days-of-grace/send")
    lead.get(f"{HOME}/days-of-grace")
    lead.send("days-of-grace/approve")
    seen = counter.visitor().get("/help/articles/days-of-grace")
    assert "<p>購入から30日以内です。</p>" in seen and "<p>購入から30日以内です。</p>" in editor.get(
        f"{HOME}/days-of-grace"
    )


def test_of_two_who_write_at_once_nobody_loses_a_word(staff: Staff, counter: Counter) -> None:
    first, second = staff("editor"), staff("supervisor")
    write(first, "at-once")
    for each in (first, second):
        each.get(f"{HOME}/at-once")
    save(first, "at-once", title="先の題", body="先の文です。")
    assert "先の文です。" in first.text
    save(second, "at-once", title="後の題", body="後の文です。")
    assert second.answer.status_code == 409
    assert "後の文です。" in second.text and "先の文です。" in second.text and "担当 editor" in second.text
    save(second, "at-once", title="後の題", body="先の文です。後の文です。")
    draft = counter.house.database.read(drafts.find, "at-once")
    assert draft is not None and draft.article.texts["ja"].body == "先の文です。後の文です。"


def test_sent_back_with_a_word_and_then_to_a_day(staff: Staff, counter: Counter) -> None:
    editor, lead = staff("editor"), staff("supervisor")
    write(editor, "spring-sale")
    editor.send("spring-sale/send")
    lead.get(f"{HOME}/spring-sale")
    lead.send("spring-sale/send-back", word="")
    assert lead.answer.status_code == 422
    lead.send("spring-sale/send-back", word="期間を書いてください")
    assert "期間を書いてください" in editor.get(f"{HOME}/spring-sale")
    save(editor, "spring-sale", title="春の催し", body="四月です。")
    editor.send("spring-sale/send")
    lead.get(f"{HOME}/spring-sale")
    lead.send("spring-sale/approve", live_on="2001-01-01")
    assert lead.answer.status_code == 422
    lead.send("spring-sale/approve", live_on="2099-04-01")
    assert "2099" in lead.text
    draft = counter.house.database.read(drafts.find, "spring-sale")
    assert draft is not None and draft.state == "scheduled"
    carry = build_courier(counter.house)._handlers[drafts.LIVE]
    carry(Errand(1, drafts.LIVE, {"article_id": "spring-sale", "revision": draft.revision}, 1, None))
    assert body_of(counter, "spring-sale") == "四月です。"


def test_a_shipped_article_is_changed_and_its_translations_are_marked(staff: Staff, counter: Counter) -> None:
    editor, lead = staff("editor"), staff("supervisor")
    editor.get(f"{HOME}/quote?in=ja")
    save(editor, "quote", title="見積書", body="画面で作れます。", kinds="business.quote")
    assert "English (古い)" in editor.text
    editor.send("quote/send")
    lead.get(f"{HOME}/quote")
    lead.send("quote/approve")
    assert body_of(counter, "quote") == "画面で作れます。"
    assert "This translation is older than its original" in counter.visitor("en").get(
        "/help/articles/quote?lang=en"
    )
    assert "quote" in lead.get(f"{HOME}?outdated=yes") and ">receipt<" not in lead.text
    editor.get(f"{HOME}/quote?in=en")
    save(editor, "quote", title="Quotes", body="Made on the page.", translated_from="ja", follows="yes")
    editor.send("quote/send")
    lead.get(f"{HOME}/quote?in=en")
    lead.send("quote/approve")
    seen = counter.visitor("en").get("/help/articles/quote?lang=en")
    assert "older than its original" not in seen and "Translated from: 日本語" in seen


def test_the_history_shows_what_changed_and_brings_back_any_version(staff: Staff, counter: Counter) -> None:
    editor, lead = staff("editor"), staff("supervisor")
    for body in ("一の文です。", "二の文です。"):
        if counter.house.database.read(queries.find, "twice-told") is None:
            write(editor, "twice-told", body=body)
        else:
            editor.get(f"{HOME}/twice-told")
            save(editor, "twice-told", title="包装について", body=body)
        editor.send("twice-told/send")
        lead.get(f"{HOME}/twice-told")
        lead.send("twice-told/approve")
    shown = lead.get(f"{HOME}/twice-told/history")
    assert "− 一の文です。" in shown and "+ 二の文です。" in shown
    lead.send("twice-told/roll-back")
    assert body_of(counter, "twice-told") == "一の文です。"
    assert "twice-told/roll-back" not in editor.get(f"{HOME}/twice-told/history")


def test_a_withdrawn_article_is_gone_for_readers(staff: Staff, counter: Counter) -> None:
    lead = staff("supervisor")
    lead.get(f"{HOME}/bulk-order")
    lead.send("bulk-order/withdraw")
    reader = counter.visitor()
    reader.get("/help/articles/bulk-order")
    assert reader.answer.status_code == 404


@pytest.mark.req("HLP-002")
def test_a_search_without_a_result_reaches_the_editor_once_two_readers_made_it(
    staff: Staff, counter: Counter
) -> None:
    editor = staff("editor")
    words = "ペンギンの着ぐるみ"
    for name in ("one", "two"):
        assert words not in editor.get(f"{HOME}/searches")
        reader = counter.visitor()
        reader.client.headers["user-agent"] = name
        for _ in range(3):
            reader.get(f"/help/search?q={words}")
    assert words in editor.get(f"{HOME}/searches")
    found = next(each for each in counter.house.database.read(signals.gaps, 2) if each.words == words)
    assert found.times == 2
    editor.get(f"{HOME}/new?gap={found.id}")
    assert words in editor.text
    editor.send("/new", id="penguin-suit", title=words, body="貸し出しはありません。")
    assert words not in editor.get(f"{HOME}/searches")
    assert "penguin-suit" in editor.get(f"{HOME}/searches?view=settled")


@pytest.mark.req("PRIV-001")
def test_searches_are_kept_without_what_is_personal(staff: Staff, counter: Counter) -> None:
    for name in ("one", "two"):
        reader = counter.visitor()
        reader.client.headers["user-agent"] = name
        reader.get("/help/search?q=ペンギン 4111 1111 1111 1111 sato@example.jp 090-1234-5678")
    shown = staff("editor").get(f"{HOME}/searches")
    kept = [each.words for each in counter.house.database.read(signals.gaps, 1)]
    for secret in ("4111", "sato@", "1234-5678"):
        assert secret not in shown and not any(secret in words for words in kept)


def test_the_shops_synonyms_are_kept_and_found(staff: Staff, counter: Counter) -> None:
    editor = staff("editor")
    editor.get(f"{HOME}/synonyms?in=ja")
    editor.send("/synonyms", groups="領収書")
    assert editor.answer.status_code == 422
    editor.send("/synonyms", groups="領収書, ぽぽぽん紙\n包装, ぷれぜんと紙")
    assert counter.house.database.read(queries.own_synonyms)["ja"] == [
        ["領収書", "ぽぽぽん紙"],
        ["包装", "ぷれぜんと紙"],
    ]
    assert "receipt" in counter.visitor().get("/help/search?q=ぽぽぽん紙")


@pytest.mark.req("CH-051")
def test_a_community_answer_becomes_a_draft(staff: Staff, counter: Counter) -> None:
    editor = staff("editor")
    write(editor, "from-community", body="洗えます。", origin="https://community.example/q/17")
    assert "https://community.example/q/17" in editor.text
    draft = counter.house.database.read(drafts.find, "from-community")
    assert draft is not None and draft.state == "draft"


@pytest.mark.req("CH-051")
def test_an_agents_reply_becomes_a_draft_without_the_customers_own(staff: Staff, counter: Counter) -> None:
    agent = Actor(kind="agent", id="agt_some", name="森", roles=frozenset({"agent"}))

    def talk(tx: Transaction) -> str:
        visitor = Actor(kind="customer", id=new_id("vis"), rung=Rung.VISITOR)
        opened = contacts.open_contact(tx, actor=visitor, channel="chat", language="ja")
        contacts.append(tx, opened.id, "message", {"text": "自動の返事です。"}, actor=ASSISTANT)
        contacts.append(
            tx, opened.id, "message", {"text": "洗濯機で洗えます。控えは sato@example.jp へ。"}, actor=agent
        )
        return opened.id

    contact_id = counter.house.database.write(talk)
    lead, editor = staff("supervisor"), staff("editor")
    shown = lead.get(f"{HOME}/from-reply?contact={contact_id}")
    assert "洗濯機で洗えます。" in shown and "sato@" not in shown and "自動の返事" not in shown
    lead.send("/new", id="washing", title="洗えますか")
    draft = counter.house.database.read(drafts.find, "washing")
    assert draft is not None and draft.origin.startswith(contact_id)
    editor.get(f"{HOME}/from-reply?contact={contact_id}")
    assert editor.answer.status_code == 403  # who writes articles need not see conversations


@pytest.mark.parametrize("path", [HOME, f"{HOME}/receipt", f"{HOME}/review", f"{HOME}/searches"])
def test_agents_may_not_and_strangers_sign_in(path: str, staff: Staff, counter: Counter) -> None:
    agent, stranger = staff("agent"), counter.visitor()
    agent.get(path)
    assert agent.answer.status_code == 403
    stranger.get(path)
    assert stranger.path.startswith("/desk/sign-in?next=")


@pytest.mark.req("A11Y-001")
@pytest.mark.parametrize(
    "path",
    [
        HOME,
        f"{HOME}/receipt",
        f"{HOME}/receipt?in=en&lang=en",
        f"{HOME}/receipt/history",
        f"{HOME}/review",
        f"{HOME}/searches",
        f"{HOME}/feedback",
        f"{HOME}/synonyms",
        f"{HOME}/new",
        f"{HOME}/from-reply",
    ],
)
def test_the_pages_hold_no_violation_and_fit_a_telephone(
    path: str, chromium: Browser, counter: Counter, tokens: dict[str, str]
) -> None:
    context = _context(chromium, counter, viewport={"width": 320, "height": 740})
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    page.goto(path)
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
