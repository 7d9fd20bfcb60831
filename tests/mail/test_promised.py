"""What a mail is promised: by when we answer stands in its acknowledgement."""

from __future__ import annotations

import pytest

from madoguchi.counter.cases.promise_queries import promises_of
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
