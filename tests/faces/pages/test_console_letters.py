"""The console's pages about the mails that the house sends: the list, the words, the example, versions, a trial mail."""

from __future__ import annotations

import html
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import delete, select

from madoguchi.channels.mail.wordbook import keeping, trying
from madoguchi.channels.mail.wordbook.keeping import letter_version
from madoguchi.channels.mail.wordbook.letters import letters
from madoguchi.counter.actors import Actor
from madoguchi.counter.team import mail_wishes
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import outbox
from madoguchi.engine.texts import tr
from madoguchi.errands import build_courier
from madoguchi.faces.principal import STAFF_COOKIE
from madoguchi.kit.languages import NAMES
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

HOME = "/console/letters"
RECEIVED = f"{HOME}/mail_received"
OWN = "ありがとうございます。番号は {number} です。"


@pytest.fixture(autouse=True)
def nothing_changed(counter: Counter) -> None:
    counter.house.database.write(lambda tx: tx.execute(delete(letter_version)) and None)


def save(lead: Visitor, address: str = RECEIVED, language: str = "ja", **words: str) -> Visitor:
    """The form as it is shown, with other words in it."""
    lead.get(f"{address}?language={language}")
    kind = letters()[address.rpartition("/")[2]]
    shown = {
        name: tr(language, each.text) for name, each in kind.passages.items() if not each.fixed and each.text
    }
    _, fields = lead.form(address)
    lead.answer = lead.client.post(address, data={**shown, **fields, **words}, follow_redirects=True)
    return lead


@pytest.mark.parametrize("path", [HOME, RECEIVED, f"{HOME}/reply/html"])
def test_who_may_open_what(counter: Counter, staff: Staff, path: str) -> None:
    for role, status in {"operator": 200, "supervisor": 200, "agent": 403, "editor": 403}.items():
        visitor = staff(role)
        visitor.get(path)
        assert visitor.answer.status_code == status, role
    stranger = counter.visitor()
    stranger.get(path)
    assert stranger.path.startswith("/desk/sign-in?next=")


def test_an_agent_who_sends_the_form_is_refused(counter: Counter, staff: Staff) -> None:
    agent = staff("agent")
    _, fields = (agent.get("/console/held"), agent.form("/desk/sign-out"))[1]
    for path in (RECEIVED, f"{RECEIVED}/back", f"{RECEIVED}/trial"):
        sent = {**fields, "language": "ja", "seen": "0", "received": OWN, "to": "a@example.jp"}
        assert agent.client.post(path, data=sent).status_code == 403
    assert counter.house.database.read(keeping.own_words) == {}


def test_every_letter_is_listed_with_when_and_to_whom_and_opens_in_five_languages(staff: Staff) -> None:
    lead = staff("supervisor")
    text = html.unescape(lead.get(HOME))
    for kind in letters().values():
        assert f'href="{HOME}/{kind.id}"' in text
        assert tr("ja", kind.when) in text
        shown = html.unescape(lead.get(f"{HOME}/{kind.id}"))
        assert lead.answer.status_code == 200, kind.id
        assert shown.count('<blockquote lang="') >= len(NAMES)


def test_own_words_are_saved_shown_in_the_example_and_taken_back(counter: Counter, staff: Staff) -> None:
    lead = save(staff("supervisor"), received=OWN)
    assert "保存しました" in lead.text
    assert "ありがとうございます。番号は C-10482 です。" in lead.text
    assert "初期の文面: " in lead.text
    assert counter.house.database.read(keeping.own_words) == {"mail_received": ["ja"]}
    _, fields = lead.form(f"{RECEIVED}/back")
    lead.answer = lead.client.post(f"{RECEIVED}/back", data={**fields, "to": "0"}, follow_redirects=True)
    assert "ありがとうございます。番号は" not in lead.text
    assert counter.house.database.read(keeping.own_words) == {}
    kept = counter.house.database.read(keeping.history, "mail_received", "ja")
    assert [(each.version, each.back_to) for each in kept] == [(2, 0), (1, -1)]


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(counter: Counter, staff: Staff) -> None:
    lead = save(staff("operator"), received="番号は {nummer} です")
    assert lead.answer.status_code == 422
    assert "このメールに {nummer} はありません。{number} ではありませんか" in lead.text
    assert "番号は {nummer} です</textarea>" in lead.text
    assert counter.house.database.read(keeping.own_words) == {}


def test_two_who_change_the_same_words_do_not_overwrite_each_other(counter: Counter, staff: Staff) -> None:
    save(staff("supervisor"), received=OWN)
    late = staff("operator")
    late.get(RECEIVED)
    _, fields = late.form(RECEIVED)
    late.answer = late.client.post(RECEIVED, data={**fields, "seen": "0", "received": f"{OWN}。"})
    assert late.answer.status_code == 409
    assert counter.house.database.read(keeping.now, "mail_received", "ja").words == {"received": OWN}


def test_a_trial_mail_goes_where_it_was_sent_in_the_shops_words(counter: Counter, staff: Staff) -> None:
    lead = save(staff("supervisor"), received=OWN)
    _, fields = lead.form(f"{RECEIVED}/trial")
    bad = lead.client.post(f"{RECEIVED}/trial", data={**fields, "to": "nowhere"})
    assert bad.status_code == 422
    assert 'value="nowhere"' in bad.text
    lead.client.post(f"{RECEIVED}/trial", data={**fields, "to": "lead@example.jp"})
    for _ in range(100):  # the counter's own courier may carry it
        done = counter.house.database.read(
            lambda tx: tx.all(select(outbox.c.id, outbox.c.state).where(outbox.c.topic == trying.TOPIC))
        )
        if [row.state for row in done] == ["done"]:
            break
        build_courier(counter.house).deliver_due(100)
        time.sleep(0.1)
    assert [row.state for row in done] == ["done"]
    mails = (counter.house.settings.data.folder / "outbox").glob(f"{done[0].id:08d}.eml")
    assert "lead@example.jp" in next(mails).read_text("utf-8")


def test_a_trial_mail_goes_to_ones_own_address_if_the_desk_knows_it(counter: Counter, staff: Staff) -> None:
    def wish(tx: Transaction) -> None:
        me = team.by_login(tx, "test-supervisor")
        assert me is not None
        by = Actor(kind="agent", id=me.id, roles=frozenset({"supervisor"}), language="ja")
        mail_wishes.keep(tx, by, "me@example.jp", mentions=False, followed=False)

    counter.house.database.write(wish)
    lead = staff("supervisor")
    lead.get(RECEIVED)
    _, fields = lead.form(f"{RECEIVED}/trial")
    assert fields["to"] == "me@example.jp"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_can_be_used_by_everybody_and_on_a_telephone(
    counter: Counter, browser: Browser, tokens: dict[str, str], width: int
) -> None:
    context = _context(browser, counter, viewport={"width": width, "height": 800}, bypass_csp=True)
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    for path in (HOME, RECEIVED, f"{HOME}/reply"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
