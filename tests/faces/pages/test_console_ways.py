"""The console's pages on which ways to reach us are changed, and what customers, widget and API see of it at once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import delete

from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.ways import keeping
from madoguchi.counter.cases.ways.channels import NAMES_OF_WAYS
from madoguchi.counter.cases.ways.keeping import way_version
from madoguchi.engine.database import Database
from madoguchi.faces.principal import STAFF_COOKIE
from tests.faces.pages.conftest import Counter, Staff, Visitor, _context

HOME = "/console/ways"
OTHER = Actor(kind="agent", id="agt_other", roles=frozenset({"supervisor"}))
WHY = "回線の工事中です。"


@pytest.fixture(autouse=True)
def nothing_changed(counter: Counter) -> Iterator[None]:
    yield
    counter.house.database.write(lambda tx: tx.execute(delete(way_version)) and None)


def change(lead: Visitor, way: str, **fields: Any) -> Visitor:
    """The form of a way as it is shown, its ticks too, with other values in it."""
    address = f"{HOME}/{way}"
    lead.get(address)
    _, shown = lead.form(address)
    served = re.findall(r'name="serves" value="([^"]*)" checked', lead.answer.text)
    data = {**shown, "on": "", "serves": served, **fields}
    lead.answer = lead.client.post(address, data=data, follow_redirects=True)
    return lead


def of_api(counter: Counter) -> dict[str, dict[str, Any]]:
    answer = counter.visitor().client.get("/api/v1/shop", headers={"Accept-Language": "ja"})
    return {each["way"]: each for each in answer.json()["ways"]}


@pytest.mark.parametrize("path", [f"{HOME}/phone", f"{HOME}/order"])
def test_who_may_change_what(counter: Counter, staff: Staff, path: str) -> None:
    for role, status in {"operator": 200, "supervisor": 200, "agent": 403, "editor": 403}.items():
        visitor = staff(role)
        visitor.get(path)
        assert visitor.answer.status_code == status, role
    agent = staff("agent")
    _, fields = (agent.get("/console/held"), agent.form("/desk/sign-out"))[1]
    assert agent.client.post(path, data={**fields, "on": "off", "seen": "0"}).status_code == 403
    assert counter.house.database.read(keeping.newest) == {}


@pytest.mark.req("CH-001", "CH-003", "CH-052")
def test_a_way_switched_off_is_off_on_pages_and_in_the_api_within_one_request(
    counter: Counter, staff: Staff
) -> None:
    assert of_api(counter)["phone"]["why_text"] != WHY
    lead = change(staff("supervisor"), "phone", on="off", reason_ja=WHY)
    assert "保存しました" in lead.text and WHY in lead.text
    told = of_api(counter)["phone"]
    assert (told["open_now"], told["usable_now"], told["why_text"]) == (False, False, WHY)
    assert WHY in counter.visitor().get("/help/contact")
    _, fields = (
        lead.form(f"{HOME}/phone/back") if f"{HOME}/phone/back" in lead.get(f"{HOME}/phone") else ("", {})
    )
    lead.client.post(f"{HOME}/phone/back", data={**fields, "to": "0"})
    assert of_api(counter)["phone"]["why_text"] != WHY
    assert WHY not in counter.visitor().get("/help/contact")


@pytest.mark.req("CH-001")
def test_a_change_of_another_process_is_seen_by_the_next_request(counter: Counter) -> None:
    """Another connection writes, as another process does; this one is told nothing."""
    other = Database(counter.house.settings.database_url, clock=counter.house.database.clock)
    try:
        off = keeping.WayRule(on=False, reason={"ja": WHY})
        other.write(lambda tx: keeping.change(tx, OTHER, "mail", off, 0, counter.house.settings))
    finally:
        other.close()
    assert of_api(counter)["mail"]["why_text"] == WHY
    assert WHY in counter.visitor().get("/help/contact")


@pytest.mark.req("CH-059")
def test_a_form_that_is_off_takes_no_enquiry(counter: Counter, staff: Staff) -> None:
    change(staff("supervisor"), "form", on="off", reason_ja=WHY)
    visitor = counter.visitor()
    visitor.get("/help/form/about")
    assert of_api(counter)["form"]["usable_now"] is False
    change(staff("supervisor"), "form", on="")
    assert of_api(counter)["form"]["usable_now"] is True


def test_words_on_cost_and_answer_and_the_order_are_the_shops(counter: Counter, staff: Staff) -> None:
    lead = change(staff("operator"), "mail", answer_ja="半日以内にお答えします", cost_ja="無料です")
    assert of_api(counter)["mail"]["answer_text"] == "半日以内にお答えします"
    assert of_api(counter)["mail"]["cost_text"] == "無料です"
    lead.get(f"{HOME}/order")
    _, fields = lead.form(f"{HOME}/order")
    fields.pop("as_file", None)
    places = {f"place_{name}": str(6 - n) for n, name in enumerate(NAMES_OF_WAYS)}
    twice = lead.client.post(f"{HOME}/order", data={**fields, **places, "place_mail": "6"})
    assert twice.status_code == 422 and "それぞれの方法に別の順番" in twice.text
    lead.client.post(f"{HOME}/order", data={**fields, **places})
    assert counter.house.database.read(keeping.laid_over, counter.house.settings).ways.order[0] == "mail"


def test_the_last_way_to_a_person_stays_and_a_reason_is_asked_for(counter: Counter, staff: Staff) -> None:
    lead = staff("supervisor")
    change(lead, "phone", on="off")
    assert lead.answer.status_code == 422 and "理由を" in lead.text
    for way in ("phone", "callback", "form", "mail"):
        change(lead, way, on="off", reason_ja=WHY, sure="yes")
        assert lead.answer.status_code == 200, way
    change(lead, "person", on="off", reason_ja=WHY, sure="yes")
    assert lead.answer.status_code == 409
    assert "すべてのお客様が担当者につながる最後の方法なので" in html.unescape(lead.text)
    change(lead, "person", only_for="member", sure="yes")
    assert lead.answer.status_code == 409
    assert of_api(counter)["person"]["why_text"] != WHY


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_can_be_used_by_everybody_and_on_a_telephone(
    counter: Counter, browser: Browser, tokens: dict[str, str], width: int
) -> None:
    context = _context(browser, counter, viewport={"width": width, "height": 800}, bypass_csp=True)
    context.add_cookies([{"name": STAFF_COOKIE, "value": tokens["supervisor"], "url": counter.url}])
    page = context.new_page()
    for path in (HOME, f"{HOME}/phone", f"{HOME}/order"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
