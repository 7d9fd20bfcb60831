"""What is known of a mail's origin: really signed mails, a real name server, and honest words where nobody can tell."""

from __future__ import annotations

import time
from collections.abc import Iterator

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.channels.mail import inbox
from madoguchi.channels.mail.authenticity import Authentication, authenticate, names_of
from madoguchi.channels.mail.authenticity.names import AskedNames
from madoguchi.channels.mail.checking import Checking, Silent
from madoguchi.channels.mail.filing import CHECK
from madoguchi.channels.mail.inbox import Inbox
from madoguchi.counter.contacts import events
from madoguchi.engine.outbox import Courier, Errand
from madoguchi.faces.facts import fact_text
from tests.mail.conftest import SUPPORT, MailCounter
from tests.mail.letters import mail
from tests.mail.nameserver import NameServer, long_text
from tests.mail.signing_key import PEM, PUBLIC

OUR_MX = "mx.shop.example"


def signed(
    text: str = "届きません。", sender: str = "hanako@customer.test", domain: str = "", **more: object
) -> bytes:
    raw = mail(text, From=sender).as_bytes().replace(b"\n", b"\r\n")
    domain = domain or sender.rpartition("@")[2]
    return bytes(dkim.sign(raw, b"mail", domain.encode(), PEM, **more)) + raw


def came(raw: bytes, address: str, by: str = OUR_MX) -> bytes:
    """As our server hands it on."""
    return (
        f"Received: from out.customer.test (rdns.test [{address}])\r\n\tby {by} (Postfix) with ESMTPS id X\r\n"
    ).encode() + raw


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    records = {
        ("mail._domainkey.customer.test", "TXT"): [long_text(f"v=DKIM1; k=rsa; p={PUBLIC}")],
        ("mail._domainkey.evil.test", "TXT"): [long_text(f"v=DKIM1; k=rsa; p={PUBLIC}")],
        ("huge._domainkey.evil.test", "TXT"): [long_text(f"v=DKIM1; k=rsa; p={PUBLIC * 8}")],
        ("_dmarc.customer.test", "TXT"): ["v=DMARC1; p=reject"],
        ("customer.test", "TXT"): ["v=spf1 ip4:203.0.113.7 include:other.test -all"],
        ("other.test", "TXT"): ["v=spf1 a:hosts.other.test mx -all"],
        ("hosts.other.test", "A"): ["198.51.100.4"],
        ("other.test", "MX"): ["10 hosts.other.test."],
        ("open.test", "TXT"): ["nothing of the kind"],
    }
    with NameServer(records, silent=["mail._domainkey.silent.test", "_dmarc.silent.test"]) as server:
        yield server


def judge(names: NameServer, raw: bytes, **more: object) -> Authentication:
    asked = AskedNames(names.address, seconds=2.0)
    return authenticate(raw, asked, servers=[OUR_MX], **more)  # type: ignore[arg-type]


def test_a_signed_mail_passes_and_its_domain_vouches_for_from(names: NameServer) -> None:
    found = judge(names, signed())
    assert (found.by, found.domain, found.dkim, found.dmarc) == ("us", "customer.test", "pass", "pass")
    assert found.policy == "reject"
    assert found.signatures[0].domain == "customer.test"


def test_without_a_client_address_spf_is_unknown_and_a_missing_signature_proves_nothing(
    names: NameServer,
) -> None:
    found = judge(
        names, mail("x", From="hanako@customer.test").as_bytes(), envelope_sender="hanako@customer.test"
    )
    assert (found.spf, found.dkim, found.dmarc) == ("unknown", "none", "unknown")


def test_a_changed_body_fails(names: NameServer) -> None:
    whole = signed("この荷物です")
    changed = came(whole[: whole.rindex(b"\r\n\r\n")] + b"\r\n\r\nbm90IHlvdXIgd29yZHM=\r\n", "192.0.2.99")
    found = judge(names, changed, envelope_sender="x@customer.test")
    assert (found.dkim, found.spf, found.dmarc) == ("fail", "fail", "fail")


def test_another_domains_good_signature_does_not_vouch_for_from(names: NameServer) -> None:
    raw = came(signed(sender="hanako@customer.test", domain="evil.test"), "192.0.2.99")
    found = judge(names, raw, envelope_sender="a@evil.test")
    assert (found.dkim, found.spf, found.dmarc) == ("pass", "none", "fail")


@pytest.mark.parametrize(
    ("address", "result"), [("203.0.113.7", "pass"), ("198.51.100.4", "pass"), ("192.0.2.1", "fail")]
)
def test_spf_asks_whether_that_machine_may_send_for_the_envelopes_domain(
    names: NameServer, address: str, result: str
) -> None:
    raw = came(mail("x", From="hanako@customer.test").as_bytes(), address)
    found = judge(names, raw, envelope_sender="hanako@customer.test")
    assert (found.spf, found.spf_domain, found.dmarc) == (result, "customer.test", result)


def test_received_lines_are_believed_only_while_our_own_servers_wrote_them(names: NameServer) -> None:
    forged = came(mail("x", From="hanako@customer.test").as_bytes(), "203.0.113.7")
    outside = came(forged, "192.0.2.1", by="mx.evil.test")
    inside = came(came(forged, "192.0.2.1"), "10.0.0.5")
    assert judge(names, outside, envelope_sender="hanako@customer.test").spf == "unknown"
    assert judge(names, inside, envelope_sender="hanako@customer.test").spf == "fail"


def test_our_own_servers_word_counts_and_nobody_elses_under_another_name(names: NameServer) -> None:
    raw = mail("x", From="hanako@customer.test").as_bytes()
    told = (
        b"Authentication-Results: mx.shop.example (our own) 1;\r\n dkim=pass (2048-bit key) header.d=customer.test;\r\n"
        b" spf=softfail smtp.mailfrom=a@customer.test; dmarc=pass (p=reject) header.from=customer.test\r\n"
    )
    found = judge(names, told + raw, server="MX.shop.example")
    assert (found.by, found.spf, found.dkim, found.dmarc) == ("server", "softfail", "pass", "pass")
    for believed in ("", "mx.other.example"):
        assert judge(names, told + raw, server=believed).dkim == "none"


def test_a_signature_over_a_part_of_the_body_is_no_pass(names: NameServer) -> None:
    found = judge(names, signed(length=True) + b"\r\nadded by somebody else\r\n")
    assert (found.dkim, found.dmarc) == ("policy", "unknown")


def test_silent_name_servers_end_in_time_and_a_huge_key_is_not_computed_with(names: NameServer) -> None:
    began = time.monotonic()
    found = judge(names, signed(sender="a@silent.test"))
    assert (found.dkim, found.dmarc) == ("temperror", "temperror")
    assert time.monotonic() - began < 5
    huge = signed(sender="a@evil.test").replace(b"s=mail", b"s=huge")
    began = time.process_time()
    assert judge(names, huge).dkim in ("permerror", "fail")
    assert time.process_time() - began < 0.5


def test_two_senders_and_none_are_vouched_for_by_nobody(names: NameServer) -> None:
    twice = b"From: a@customer.test\r\n" + signed()
    assert (judge(names, twice).domain, judge(names, twice).dmarc) == ("", "permerror")
    assert judge(names, b"\r\nx").dmarc == "permerror"


@settings(max_examples=150, deadline=None)
@given(head=st.text(max_size=400), where=st.integers(0, 600), raw=st.binary(max_size=300))
def test_no_mail_breaks_the_check(head: str, where: int, raw: bytes) -> None:
    whole = signed()
    at = where % len(whole)
    broken = whole[:at] + raw + whole[at:]
    named = f"DKIM-Signature: {head}\r\nAuthentication-Results: mx; {head}\r\nReceived: {head}\r\n".encode(
        "utf-8", "replace"
    )
    for each in (broken, named + whole, raw):
        assert authenticate(each, None, server="mx", servers=["mx"]).spf in ("unknown", "pass", "fail")
        assert authenticate(each, _Nobody()).dkim != "pass"


class _Nobody:
    """Names of a world without any."""

    def txt(self, name: str) -> list[bytes]:
        return []

    def addresses(self, name: str, kind: str) -> list[str]:
        return []

    def exchanges(self, name: str) -> list[tuple[int, str]]:
        return []

    def pointers(self, name: str) -> list[str]:
        return []


def test_results_are_kept_and_shown_to_staff_and_give_no_authority(
    counter: MailCounter, names: NameServer
) -> None:
    filed = counter.takes(signed())
    assert filed.authentication is None  # filing waited for nobody
    checking = Checking(
        counter.house.database,
        counter.house.files,
        counter.house.settings.mail,
        lambda: names_of(names.address),
    )
    courier = Courier(counter.house.database, {CHECK: checking.check})
    assert courier.deliver_due() == 1
    assert courier.deliver_due() == 0
    contact = counter.contact(filed)
    [fact] = [each for each in counter.entries(contact.id) if each.kind == events.MAIL_CHECKED]
    assert fact.visibility == "internal"
    assert fact_text(fact, "ja") == "メールの送信元（customer.test）: SPF 不明 · DKIM 合格 · DMARC 合格"
    assert (contact.customer_id, contact.customer_rung) == (None, 0)


def test_where_name_servers_are_silent_the_check_comes_again_and_then_says_so(
    counter: MailCounter, names: NameServer
) -> None:
    taken = Inbox(counter.house.database, counter.house.files).take(
        signed(sender="a@silent.test"), mailbox=SUPPORT, recipients=[SUPPORT]
    )
    checking = Checking(
        counter.house.database,
        counter.house.files,
        counter.house.settings.mail,
        lambda: AskedNames(names.address, seconds=0.3),
    )
    with pytest.raises(Silent):
        checking.check(Errand(1, CHECK, {"mail_id": taken}, 1, None))
    checking.check(Errand(1, CHECK, {"mail_id": taken}, 4, None))
    again = counter.house.database.read(inbox.get, taken)
    assert again is not None
    assert again.authentication is not None
    assert again.authentication["dkim"] == "temperror"
