"""What a mail is promised: in its acknowledgement, in its place in the queue, and when the promise is not kept."""

from __future__ import annotations

import pytest

from madoguchi.counter.cases.promise_queries import promises_of
from madoguchi.counter.routing import queries as routing
from tests.mail.conftest import MailCounter
from tests.mail.letters import mail


@pytest.mark.req("SLA-004", "CASE-007", "CASE-017")
def test_the_acknowledgement_says_by_when_we_answer_and_what_is_usual(counter: MailCounter) -> None:
    """Friday noon in Tokyo."""
    filed = counter.takes(mail("注文した荷物がまだ届きません。追跡も止まっています。").as_bytes())
    contact = counter.contact(filed)
    assert contact.case_id is not None
    found = {each.kind: each for each in counter.house.database.read(promises_of, contact.case_id)}
    assert set(found) == {"first_answer", "solution"}
    [sent] = counter.mails()
    text = sent.get_content()
    assert "最初の回答は11月21日(土) 12:00までにお届けします。" in text
    assert "11月23日(月) 12:00までに解決する見込みです。" in text
    assert "このご用件の目安：" in text


@pytest.mark.req("SLA-012")
def test_a_simple_question_is_ranked_before_what_takes_days(counter: MailCounter) -> None:
    hard = counter.contact(
        counter.takes(mail("注文した荷物がまだ届きません。追跡も止まっています。").as_bytes())
    )
    counter.clock.forward(seconds=30)
    simple = counter.contact(
        counter.takes(
            mail("注文状況を確認したいです。", From="taro@example.jp", Subject="注文状況").as_bytes()
        )
    )
    waiting = counter.house.database.read(routing.waiting_list)
    places = {place.contact_id: place.priority for place in waiting}
    assert simple.topic == "order_delivery.order_status" and hard.topic != simple.topic
    assert places[simple.id] < places[hard.id]
    assert [place.contact_id for place in waiting] == [simple.id, hard.id]
