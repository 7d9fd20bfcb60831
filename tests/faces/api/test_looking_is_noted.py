"""Whoever of the staff opens something of a customer's leaves a line: every route that takes one is walked (PRIV-002)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from starlette.routing import Route

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.engine.audit import audit
from tests.faces.api.people import Counter

NOT_A_LOOK: dict[str, str] = {}


def staff_routes(counter: Counter, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(pattern, address) of every GET route that is filled wholly by what is known of one customer."""
    for route in counter.app.routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()):
            continue
        names = re.findall(r"{(\w+)", route.path)
        if names and all(name in known for name in names):
            yield route.path, re.sub(r"{(\w+)[^}]*}", lambda found: known[found[1]], route.path)


@pytest.mark.req("PRIV-002")
def test_every_route_that_shows_staff_a_customers_matter_leaves_a_line(counter: Counter) -> None:
    misaki = counter.customer(cast.MISAKI)
    opened = misaki.open("届いたお皿が割れていました")
    known = {
        "contact_id": opened["id"],
        "case_number": opened["case"]["number"],
        "customer_id": customer_id(cast.MISAKI),
        "order_number": counter.house.shop.orders_of(cast.MISAKI)[0].number,
        "number": opened["case"]["number"],
    }
    desk = counter.agent("mori")
    silent, walked = [], []
    for pattern, address in staff_routes(counter, known):
        counter.house.limiter._window.storage.reset()  # as ten minutes later
        before = lines_of(counter, desk.id)
        answer = desk.send("GET", f"/{address}")
        if answer.status_code != 200:
            continue
        walked.append(pattern)
        if lines_of(counter, desk.id) == before and pattern not in NOT_A_LOOK:
            silent.append(pattern)
    print(walked)
    assert not silent, silent


def lines_of(counter: Counter, agent_id: str) -> int:
    query = select(func.count()).select_from(audit).where(audit.c.actor_id == agent_id)
    return int(counter.house.database.read(lambda tx: tx.scalar(query)))
