"""With the mail servers that shops run: fetched from Dovecot, delivered by Postfix. Skipped where Debian's are not installed."""

from __future__ import annotations

import os
import smtplib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from madoguchi.channels.mail.fetching import Fetcher, check
from madoguchi.channels.mail.inbox import Inbox
from madoguchi.channels.mail.lmtp import MailListener
from madoguchi.channels.mail.model import received_mail
from madoguchi.cli import app
from madoguchi.engine.mail_sections import Imap
from tests.mail import servers
from tests.mail.conftest import SUPPORT, MailCounter
from tests.mail.letters import mail

needs_dovecot = pytest.mark.skipif(
    servers.DOVECOT is None, reason="no Dovecot (apt-get install dovecot-imapd)"
)
needs_postfix = pytest.mark.skipif(
    servers.POSTFIX is None or os.getuid() != 0, reason="no Postfix (apt-get install postfix), or not root"
)


def kept(counter: MailCounter) -> int:
    return int(
        counter.house.database.read(lambda tx: tx.scalar(select(func.count()).select_from(received_mail)))
    )


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it has not come to pass"
        time.sleep(0.1)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the servers' own users may enter, which a test's is not."""
    with tempfile.TemporaryDirectory(prefix="mail-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def imap(place: Path) -> Iterator[Imap]:
    with servers.dovecot(place / "dovecot") as port:
        yield Imap(host="127.0.0.1", port=port, security="none", user="support", password="secret")


@needs_dovecot
@pytest.mark.req("CH-040")
def test_mails_are_fetched_once_and_the_mailbox_stays_as_it_is(
    counter: MailCounter, imap: Imap, place: Path
) -> None:
    fetcher = Fetcher(
        counter.house.database, Inbox(counter.house.database, counter.house.files), imap, SUPPORT
    )
    for number in range(3):
        servers.lay(place / "dovecot", f"{number}.x", mail(f"荷物が届きません {number}").as_bytes())
    assert fetcher.fetch() == 3
    assert fetcher.fetch() == 0
    servers.lay(place / "dovecot", "4.x", mail("もう一通").as_bytes())
    assert fetcher.fetch() == 1
    assert kept(counter) == 4
    seen = [path.name for path in (place / "dovecot" / "mail" / "cur").iterdir() if ":2,S" in path.name]
    assert seen == []


@needs_dovecot
def test_a_mailbox_made_anew_brings_nothing_twice(counter: MailCounter, imap: Imap, place: Path) -> None:
    fetcher = Fetcher(
        counter.house.database, Inbox(counter.house.database, counter.house.files), imap, SUPPORT
    )
    servers.lay(place / "dovecot", "1.x", mail("荷物が届きません").as_bytes())
    fetcher.fetch()
    for each in (place / "dovecot" / "mail").glob("dovecot*"):
        each.unlink()  # its numbers are forgotten: another UIDVALIDITY
    time.sleep(1.1)  # it is made of the second
    fetcher.fetch()
    assert kept(counter) == 1


@needs_dovecot
def test_a_mail_is_there_moments_after_the_server_has_it(
    counter: MailCounter, imap: Imap, place: Path
) -> None:
    fetcher = Fetcher(
        counter.house.database, Inbox(counter.house.database, counter.house.files), imap, SUPPORT
    )
    fetcher.start()
    time.sleep(1)
    servers.lay(place / "dovecot", "1.x", mail("荷物が届きません").as_bytes())
    until(lambda: kept(counter) == 1)
    fetcher.stop()


@needs_dovecot
def test_doctor_says_whether_the_mailbox_can_be_read(imap: Imap, tmp_path: Path, monkeypatch: Any) -> None:
    assert check(imap) is None
    wrong = check(imap.model_copy(update={"password": "wrong"}))
    assert wrong is not None
    assert "AUTHENTICATIONFAILED" in wrong
    monkeypatch.setenv("MADOGUCHI_MAIL__MAILBOXES", f'["{SUPPORT}"]')
    for name in ("host", "port", "security", "user"):
        monkeypatch.setenv(f"MADOGUCHI_IMAP__{name.upper()}", str(getattr(imap, name)))
    monkeypatch.setenv("MADOGUCHI_IMAP__PASSWORD", "wrong")
    shown = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path / "data")])
    assert "mailbox: " in shown.stdout
    assert "check [imap]" in shown.stdout


@needs_postfix
@pytest.mark.req("CH-040", "CH-046")
def test_postfix_delivers_to_us_and_tries_again_while_we_are_away(counter: MailCounter, place: Path) -> None:
    port = servers.free_port()
    settings = counter.house.settings.model_copy(
        update={"mail": counter.house.settings.mail.model_copy(update={"lmtp_port": port})}
    )
    listener = MailListener(Inbox(counter.house.database, counter.house.files), settings)
    with servers.postfix(place / "postfix", port, "shop.example") as smtp_port:
        with smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
            smtp.sendmail("hanako@example.jp", [SUPPORT], mail("荷物が届きません").as_bytes())
        time.sleep(1)
        assert kept(counter) == 0
        with listener:
            until(lambda: kept(counter) == 1, 40)
            [acknowledged] = counter.mails()
            answer = mail("追記です", In_Reply_To=str(acknowledged["Message-ID"]))
            with smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
                smtp.sendmail("hanako@example.jp", [str(acknowledged["Reply-To"])], answer.as_bytes())
            until(lambda: kept(counter) == 2)
    counter.deliver()
    rows = counter.house.database.read(
        lambda tx: tx.all(select(received_mail).order_by(received_mail.c.taken_at))
    )
    assert rows[0].contact_id == rows[1].contact_id
    assert counter.words(rows[0].contact_id) == ["荷物が届きません", "追記です"]
