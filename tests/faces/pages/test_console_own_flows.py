"""A shop writes its own dialogue in the console, tries it, puts it in force, and a customer meets it: by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import delete, select

from madoguchi.assistant.own_flows import keeping
from madoguchi.assistant.own_flows.keeping import own_flow
from madoguchi.assistant.own_flows.samples import examples
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.staff import ensure_staff
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import ledger_entry
from madoguchi.counter.orders.tables import proposal
from madoguchi.engine.audit import audit
from madoguchi.engine.texts import tr
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.rehearsal.chat import Chat
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

HOME = "/console/flows/own"
KIND = "order_delivery.delivery_delay"
DELAY = "荷物の配送が遅れています"
WRITER = Actor(kind="agent", id="agt_writer", roles=("supervisor",))


@pytest.fixture(scope="module", autouse=True)
def people(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The demonstration's staff."""
    ensure_staff(counter.house.database, tmp_path_factory.mktemp("staff"))


@pytest.fixture(autouse=True)
def nothing_written(counter: Counter) -> Iterator[None]:
    yield
    counter.house.database.write(lambda tx: tx.execute(delete(own_flow)) and None)


def drafted(counter: Counter, example: str) -> str:
    """A draft of an example by somebody else; its id."""
    return counter.house.database.write(keeping.begin, WRITER, examples()[example]).id


def state_form(lead: Visitor, dialogue_id: str, do: str, version: int) -> None:
    lead.get(f"{HOME}/dialogue?id={dialogue_id}")
    _, fields = lead.form(f"{HOME}/state")
    sent = {**fields, "do": do, "version": str(version)}
    lead.answer = lead.client.post(f"{HOME}/state", data=sent)


@pytest.mark.parametrize(
    "path",
    [
        HOME,
        f"{HOME}/dialogue?id={KIND}",
        f"{HOME}/step?id={KIND}&step=known",
        f"{HOME}/try?id={KIND}&version=1",
    ],
)
def test_who_may_open_what(counter: Counter, staff: Staff, path: str) -> None:
    drafted(counter, "late_parcel")
    for role, status in {"operator": 200, "supervisor": 200, "agent": 403}.items():
        visitor = staff(role)
        visitor.get(path)
        assert visitor.answer.status_code == status, role
    stranger = counter.visitor()
    stranger.get(path)
    assert stranger.path.startswith("/desk/sign-in?next=")


@pytest.mark.parametrize("path", ["", "/state", "/steps", "/step", "/about", "/try"])
def test_an_agent_changes_nothing(counter: Counter, staff: Staff, path: str) -> None:
    wanted = drafted(counter, "gift_wrapping")
    agent = staff("agent")
    _, fields = (agent.get("/console/held"), agent.form("/desk/sign-out"))[1]
    sent = {**fields, "id": wanted, "do": "put", "version": "1", "seen": "1", "name": "about", "kind": KIND}
    assert agent.client.post(f"{HOME}{path}", data=sent).status_code == 403
    assert [each.state for each in counter.house.database.read(keeping.versions, wanted)] == ["draft"]


def test_what_does_not_exist_is_not_found(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    for path in ("/dialogue?id=none", "/step?id=none&step=a", "/about?id=none", "/try?id=none&version=x"):
        lead.get(f"{HOME}{path}")
        assert lead.answer.status_code == 404, path


def test_a_writer_does_not_approve_and_the_other_person_does(counter: Counter, staff: Staff) -> None:
    lead, other = staff("supervisor"), staff("operator")
    lead.get(HOME)
    lead.send(HOME, kind=KIND, example="late_parcel")
    assert lead.path == f"{HOME}/dialogue?id={KIND}"
    state_form(lead, KIND, "put", 1)
    assert lead.answer.status_code == 403
    assert lead.text.count(tr("ja", "Somebody who has not written in this draft has to approve it")) > 1
    state_form(other, KIND, "put", 1)
    assert "次のメッセージから適用します" in other.text
    chat = Chat(counter.house, cast.MISAKI)
    chat.say(f"注文 {cast.MISAKI_UNSHIPPED} の配送が遅れています")
    assert "このままお待ちになりますか。" in chat.text
    assert "ショップが作成した会話を適用中です" in lead.get(f"/console/flows/kinds/{KIND}")
    state_form(lead, KIND, "withdraw", 1)
    assert "初期設定の会話に戻りました" in lead.text
    state_form(lead, KIND, "back", 1)
    states = [each.state for each in counter.house.database.read(keeping.versions, KIND)]
    assert states == ["in_force", "withdrawn"]
    noted = counter.house.database.read(
        lambda tx: tx.all(select(audit).where(audit.c.object_kind == "own_flow").order_by(audit.c.seq))
    )
    assert [row.action.partition(".")[2] for row in noted][-4:] == [
        "drafted",
        "in_force",
        "withdrawn",
        "back",
    ]


def test_two_who_write_the_same_are_told_and_what_was_typed_stays(counter: Counter, staff: Staff) -> None:
    wanted = drafted(counter, "late_parcel")
    one, other = staff("supervisor"), staff("operator")
    for each in (one, other):
        each.get(f"{HOME}/step?id={wanted}&step=thanks")
    one.send(f"{HOME}/step", words_ja="一人目の言葉です。", words_en="First.")
    other.send(f"{HOME}/step", words_ja="二人目の言葉です。", words_en="Second.")
    assert other.answer.status_code == 409
    assert "ほかの方がこの間に変更しました" in other.text and "二人目の言葉です。" in other.text


def test_a_topic_gets_its_examples_and_is_heard(counter: Counter, staff: Staff) -> None:
    lead, other = staff("supervisor"), staff("operator")
    lead.get(HOME)
    lead.send(HOME, kind="order_delivery.product_inquiry", topic="repairs", example="gift_wrapping")
    lead.get(f"{HOME}/about?id=own.repairs")
    lead.send(
        f"{HOME}/about",
        kind="order_delivery.product_inquiry",
        name_ja="時計の電池交換",
        name_en="Watch batteries",
        examples_ja="時計の電池を交換してもらえますか\n電池交換はいくらですか\n腕時計が止まったので電池を替えたい",
    )
    assert lead.path == f"{HOME}/dialogue?id=own.repairs", lead.text
    state_form(other, "own.repairs", "put", _revision(counter, "own.repairs"))
    chat = Chat(counter.house, cast.MISAKI)
    chat.say("腕時計の電池を交換してほしい")
    assert "時計の電池交換ですね。" in chat.text


def _revision(counter: Counter, dialogue_id: str) -> int:
    draft = counter.house.database.read(keeping.draft_of, dialogue_id)
    assert draft is not None
    return draft.revision


def test_trying_answers_as_customers_will_see_it_and_writes_nothing(counter: Counter, staff: Staff) -> None:
    wanted = drafted(counter, "late_parcel")
    database = counter.house.database
    before = database.read(lambda tx: (len(tx.all(select(ledger_entry))), len(tx.all(select(proposal)))))
    lead = staff("supervisor")
    lead.get(f"{HOME}/try?id={wanted}&version=1")
    assert "このままお待ちになりますか。" in lead.text
    lead.send(f"{HOME}/try#last", said="キャンセルしたい")
    assert "を提案し、ショップの規則に従って進みます" in lead.text and "会話は終わりました" in lead.text
    lead.get(f"{HOME}/try?id={wanted}&version=1&language=en")
    assert "Would you like to wait for it?" in lead.text
    lead.send(f"{HOME}/try#last", said="I want to talk to a person")
    assert "担当者に引き継ぐ" in lead.text
    assert (
        database.read(lambda tx: (len(tx.all(select(ledger_entry))), len(tx.all(select(proposal))))) == before
    )


def test_emergencies_cannot_be_chosen(staff: Staff, counter: Counter) -> None:
    lead = staff("supervisor")
    lead.get(HOME)
    lead.send(HOME, kind="account_security.account_takeover")
    assert lead.answer.status_code == 422
    assert counter.house.database.read(keeping.newest) == []


# ── a story by keyboard ───────────────────────────────────────────────────────────────────────────


def _press(page: Page, role: str, name: str) -> None:
    """Reach it with the keyboard and press Enter."""
    _enter(page, page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]


def _enter(page: Page, wanted: Locator) -> None:
    wanted.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _choose(page: Page, label: str, words: str) -> None:
    """In a list, by typing what it is called."""
    field = page.get_by_label(label, exact=True)
    field.focus()
    field.select_option(label=words)


def _type(page: Page, field: str, words: str) -> None:
    page.locator(f"#f-{field}").focus()
    page.keyboard.type(words)


def _add(page: Page, does: str, name: str) -> None:
    _choose(page, "内容", does)
    _type(page, "name", name)
    _press(page, "button", "追加")


def test_a_lead_writes_a_dialogue_by_keyboard_and_a_customer_meets_it(
    browser: Browser, counter: Counter, staff: Staff
) -> None:
    lead, other = staff("supervisor"), staff("operator")
    lead.get(HOME)
    context = _context(browser, counter, viewport={"width": 360, "height": 740}, bypass_csp=True)
    context.add_cookies(
        [{"name": STAFF_COOKIE, "value": lead.client.cookies[STAFF_COOKIE], "url": counter.url}]
    )
    page = context.new_page()
    try:
        page.goto(f"{counter.url}{HOME}")
        _checked(page)
        page.locator("#f-kind").focus()
        page.locator("#f-kind").select_option(KIND)
        _press(page, "button", "下書きを作成")
        assert "手順がまだありません" in page.inner_text("main")
        _add(page, "質問する", "sad")
        _type(page, "words_ja", "お急ぎですか。")
        _type(page, "words_en", "Is it urgent?")
        _type(page, "o0_ja", "急いでいます")
        _type(page, "o0_en", "It is urgent")
        _type(page, "o1_ja", "急ぎません")
        _type(page, "o1_en", "It is not")
        _checked(page)
        _press(page, "button", "保存")
        assert "担当者への引き継ぎがありません" in page.inner_text("main")
        assert "進む先なし" in page.inner_text("main")
        _add(page, "会話を終える", "calm")
        _type(page, "words_ja", "では、お待ちください。")
        _type(page, "words_en", "Please wait.")
        _press(page, "button", "保存")
        _add(page, "担当者に引き継ぐ", "help")
        _press(page, "button", "保存")
        _enter(page, page.locator("#step-sad").get_by_role("link", name="変更する"))
        page.locator("#f-o1_to").focus()
        page.locator("#f-o1_to").select_option("calm")
        page.locator("#f-o0_to").focus()
        page.locator("#f-o0_to").select_option("help")
        _press(page, "button", "保存")
        _enter(page, page.locator("#step-help").get_by_role("button", name="上へ"))
        assert [each.text_content() for each in page.locator("ol h3 code").all()] == ["sad", "help", "calm"]
        _checked(page)
        assert page.locator("main .error").count() == 0
        _press(page, "link", "試す")
        assert "お急ぎですか。" in page.inner_text("main")
        _checked(page)
        _press(page, "button", "急ぎません")
        assert "では、お待ちください。" in page.inner_text("main")
    finally:
        context.close()
    state_form(other, KIND, "put", _revision(counter, KIND))
    assert "次のメッセージから適用します" in other.text
    chat = Chat(counter.house, cast.MISAKI)
    chat.say(DELAY)
    assert "お急ぎですか。" in chat.text
    chat.say("急いでいます")
    assert chat.facts(events.HAND_OVER)[-1]["reason"] == "cannot_solve"


def _checked(page: Page) -> None:
    """Accessible, and no sideways scroll at 360 pixels."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
