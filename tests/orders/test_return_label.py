"""The return label: issued with an accepted return, the same at every download, gone once the goods have arrived."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from madoguchi.connectors.embedded.fulfilment import ReturnMoved, fulfil
from madoguchi.counter.orders.actions import LineChoice, ReturnLines
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.wording import proposal_view
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.engine.database import Database
from tests.orders.build import CUSTOMER, NUMBER, STRANGER, delivered

WISH = ReturnLines(lines=[LineChoice(line_id="L2", quantity=2)], reason="no_longer_wanted", way="pick_up")
RMA = f"{NUMBER}-RMA1"


@pytest.fixture
def returned(desk: OrderDesk, put: Callable[[Order], Order]) -> None:
    put(delivered())
    assert desk.confirm(CUSTOMER, desk.propose(CUSTOMER, NUMBER, WISH).id, "key-0001").state == "done"


@pytest.mark.req("RET-011", "RET-007")
def test_the_label_carries_the_return_number_what_is_inside_and_who_pays(
    desk: OrderDesk, returned: None
) -> None:
    pdf = desk.return_label(CUSTOMER, NUMBER, RMA)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for part in ("返送ラベル", RMA, NUMBER, "マグカップ", "× 2", "お客様ご負担", "佐藤 美咲"):
        assert part in text
    assert desk.order(CUSTOMER, NUMBER).returns[0].way == "pick_up"


def test_it_can_be_had_again_and_is_the_same(desk: OrderDesk, returned: None) -> None:
    assert desk.return_label(CUSTOMER, NUMBER, RMA) == desk.return_label(CUSTOMER, NUMBER, RMA)


@pytest.mark.req("RET-012")
def test_the_tracking_number_is_kept_and_the_label_ends_with_the_arrival(
    desk: OrderDesk, database: Database, returned: None
) -> None:
    fulfil(database, NUMBER, ReturnMoved(RMA, "in_transit", tracking_number="448812345678"))
    assert desk.order(CUSTOMER, NUMBER).returns[0].tracking_number == "448812345678"
    assert desk.return_label(CUSTOMER, NUMBER, RMA)
    fulfil(database, NUMBER, ReturnMoved(RMA, "received"))
    with pytest.raises(Conflict, match="no_label"):
        desk.return_label(CUSTOMER, NUMBER, RMA)


@pytest.mark.req("RET-012", "ADV-018")
def test_what_is_told_and_mailed_of_a_return_reminds_to_keep_the_tracking_number(
    desk: OrderDesk, returned: None
) -> None:
    order = desk.order(CUSTOMER, NUMBER)
    proposal = next(each for each in desk.proposals(CUSTOMER, NUMBER) if each.state == "done")
    for language, words in (("ja", "返送の追跡番号"), ("en", "tracking number of the parcel you send back")):
        view = proposal_view(proposal, order, language, desk.rules)
        assert any(words in effect for effect in view["effects"])


def test_nobody_else_gets_it_and_there_is_none_for_an_unknown_return(desk: OrderDesk, returned: None) -> None:
    with pytest.raises(NotFound):
        desk.return_label(STRANGER, NUMBER, RMA)
    with pytest.raises(Conflict, match="no_label"):
        desk.return_label(CUSTOMER, NUMBER, f"{NUMBER}-RMA9")
