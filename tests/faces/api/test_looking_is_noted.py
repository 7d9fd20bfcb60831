"""Whoever of the staff opens something of a customer's leaves a line: every route that takes one is walked (PRIV-002)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.engine.audit import audit
from tests.faces.api.people import Counter
from tests.faces.api.test_cases import picture
from tests.security.test_matrix import routes_of


def looks(counter: Counter, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(pattern, address) of every GET route that is filled wholly by what is known of one customer."""
    for verb, pattern, _ in routes_of(counter.app.routes):
        order = "/orders/" in pattern
        ids = known | {"number": known["order_number" if order else "case_number"]}
        names = re.findall(r"{(\w+)", pattern)
        if verb == "GET" and names and all(name in ids for name in names):
            yield pattern, re.sub(r"{(\w+)[^}]*}", lambda found, ids=ids: ids[found[1]], pattern)  # type: ignore[misc]


@pytest.mark.req("PRIV-002")
def test_every_route_that_shows_staff_a_customers_matter_leaves_a_line(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    opened = misaki.open("届いたお皿が割れていました")
    file = misaki.upload(f"/contacts/{opened['id']}/attachments", "皿.png", picture())
    misaki.say(opened["id"], "", attachments=[file["id"]])
    number = counter.house.shop.orders_of(cast.MISAKI)[0].number
    known = {
        "contact_id": opened["id"],
        "case_number": opened["case"]["number"],
        "customer_id": customer_id(cast.MISAKI),
        "order_number": number,
        "attachment_id": file["id"],
    }
    desk = counter.agent("mori")
    walked, silent = [], []
    for pattern, address in looks(counter, known):
        counter.house.limiter._window.storage.reset()  # as ten minutes later
        before = lines_of(counter, desk.id)
        if desk.send("GET", f"/{address}").status_code != 200:
            continue  # not for staff
        walked.append(pattern)
        if lines_of(counter, desk.id) == before:
            silent.append(pattern)
    assert silent == []
    assert {"/api/v1/cases/{case_number}/timeline", "/api/v1/contacts/{contact_id}/mails"} <= set(walked)
    assert {"/api/v1/orders/{number}", "/api/v1/attachments/{attachment_id}"} <= set(walked)


@pytest.mark.req("PRIV-002", "CH-055")
def test_a_search_by_staff_leaves_a_line_and_a_customers_own_none(counter: Counter) -> None:
    misaki, desk = counter.customer(cast.MISAKI), counter.agent("mori")
    misaki.open("届いたお皿が割れていました")
    before = lines_of(counter, desk.id)
    desk.get("/search", q="皿")
    assert lines_of(counter, desk.id) == before + 1
    assert misaki.get("/search", q="皿") is not None
    assert lines_of(counter, desk.id) == before + 1


def lines_of(counter: Counter, agent_id: str) -> int:
    query = select(func.count()).select_from(audit).where(audit.c.actor_id == agent_id)
    return int(counter.house.database.read(lambda tx: tx.scalar(query)))
