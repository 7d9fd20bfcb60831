"""Companies through the API: what staff see and change, what the company books, the public table and articles."""

from __future__ import annotations

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from tests.faces.api.people import Counter


def _id(counter: Counter) -> str:
    found = counter.agent("ito").get("/companies", search="田中商事")["companies"]
    return str(found[0]["id"])


@pytest.mark.req("BIZ-014")
def test_notes_on_the_account_stand_beside_the_customer_for_agents_only(counter: Counter) -> None:
    ito, company = counter.agent("ito"), _id(counter)
    notes = {"notes": "納品は必ず午前中。担当は総務の大野さま"}
    assert ito._body(ito.send("PATCH", f"/companies/{company}", json=notes), 200)["notes"] == notes["notes"]
    tanaka = counter.customer(cast.BUSINESS)
    contact = tanaka.open("納品の時間について")
    shown = ito.get(f"/contacts/{contact['id']}")["customer"]
    assert (shown["company_id"], shown["company_notes"]) == (company, notes["notes"])
    assert ito.get(f"/customers/{customer_id(cast.BUSINESS)}")["company_notes"] == notes["notes"]
    for path in (
        f"/contacts/{contact['id']}",
        f"/customers/{customer_id(cast.BUSINESS)}",
        "/business",
        "/business/care",
    ):
        assert "納品は必ず" not in tanaka.send("GET", path).text
    assert tanaka.refused("GET", f"/companies/{company}")[0] == 403


@pytest.mark.req("BIZ-014")
def test_the_articles_have_a_section_for_companies(counter: Counter) -> None:
    page = counter.browser().send("GET", "//help/articles").text
    section = page[page.index("法人") :]
    for article in ("business-account", "quote", "invoice", "contract-terms", "bulk-order"):
        assert f"/help/articles/{article}" in section


@pytest.mark.req("BIZ-009")
def test_what_the_desk_offers_is_published(counter: Counter) -> None:
    page = counter.browser().send("GET", "//help/business")
    assert page.status_code == 200
    for words in ("法人窓口", "書類", "管理機能", "優先対応", "500,000円", "承認者"):
        assert words in page.text


@pytest.mark.req("BIZ-006", "BIZ-007")
def test_terms_and_appointments_go_through_the_api(counter: Counter) -> None:
    ito, mori, company = counter.agent("ito"), counter.agent("mori"), _id(counter)
    wish = {"kind": "payment_terms", "text": "翌々月末払い", "payment_days": 60}
    asked = ito.post(f"/companies/{company}/terms", wish, status=201)
    decision = {"approved": True, "reason": "与信確認済み"}
    assert ito.refused("POST", f"/companies/terms/{asked['id']}/decision", decision)[0] == 403
    decided = mori.post(f"/companies/terms/{asked['id']}/decision", decision)
    assert (decided["state"], decided["reason"]) == ("approved", "与信確認済み")
    tanaka = counter.customer(cast.BUSINESS)
    assert tanaka.get("/business/care")["terms"][0]["payment_days"] == 60
    slot = {"at": "2026-11-24T11:00:00+09:00", "about": "大口注文", "key": "k1"}
    assert tanaka.refused("POST", "/business/appointments", slot) == (409, "no_manager")
    manager = {"manager_id": ito.id}
    assert ito.refused("PATCH", f"/companies/{company}", manager)[0] == 403
    mori._body(mori.send("PATCH", f"/companies/{company}", json=manager), 200)
    assert tanaka.post("/business/appointments", slot, status=201)["about"] == "大口注文"
    assert [each["about"] for each in ito.get(f"/companies/{company}")["appointments"]] == ["大口注文"]
