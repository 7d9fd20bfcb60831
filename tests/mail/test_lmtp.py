"""The door for mails: what it says yes to is kept, and it says no or later to everything else (RFC 2033)."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from sqlalchemy import func, select

from madoguchi.channels.mail.inbox import Inbox
from madoguchi.channels.mail.lmtp import MailListener
from madoguchi.channels.mail.model import received_mail
from tests.mail.conftest import SUPPORT, MailCounter
from tests.mail.letters import mail


@pytest.fixture
def port(counter: MailCounter) -> Iterator[int]:
    """A listener on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    settings = counter.house.settings
    settings = settings.model_copy(
        update={"mail": settings.mail.model_copy(update={"lmtp_port": free, "largest_mb": 1})}
    )
    with MailListener(Inbox(counter.house.database, counter.house.files), settings):
        yield free


def kept(counter: MailCounter) -> int:
    return int(
        counter.house.database.read(lambda tx: tx.scalar(select(func.count()).select_from(received_mail)))
    )


@pytest.mark.req("CH-040")
def test_a_mail_that_was_taken_is_kept_and_filed(counter: MailCounter, port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port) as server:
        assert server.sendmail("hanako@example.jp", [SUPPORT], mail("荷物が届きません").as_bytes()) == {}
    assert kept(counter) == 1
    counter.deliver()
    assert len(counter.mails()) == 1


def test_a_reply_address_is_ours_and_a_strangers_mailbox_is_not(counter: MailCounter, port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port) as server:
        refused = server.sendmail(
            "hanako@example.jp",
            ["Support+t.abc@SHOP.example", "boss@shop.example", "support@elsewhere.example"],
            mail("x").as_bytes(),
        )
    assert {address: told[0] for address, told in refused.items()} == {
        "boss@shop.example": 550,
        "support@elsewhere.example": 550,
    }
    assert kept(counter) == 1


def test_a_mail_that_could_not_be_kept_is_asked_for_again(counter: MailCounter, port: int) -> None:
    with patch.object(counter.house.files, "put", side_effect=OSError("disk full")):
        with smtplib.LMTP("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPDataError) as told:
            server.sendmail("hanako@example.jp", [SUPPORT], mail("x").as_bytes())
        assert told.value.smtp_code == 451
    assert kept(counter) == 0


def test_a_mail_larger_than_agreed_is_refused_politely(counter: MailCounter, port: int) -> None:
    with smtplib.LMTP("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPException) as told:
        server.sendmail("hanako@example.jp", [SUPPORT], b"From: a@b\r\n\r\n" + b"x" * 1_200_000)
    assert "552" in str(told.value)
    assert kept(counter) == 0
