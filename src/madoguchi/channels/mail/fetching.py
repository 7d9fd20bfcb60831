"""For shops that have a mailbox and no mail server: mails are fetched by IMAP, at once where the server pushes (IDLE).

Nothing in the mailbox is changed: where we were is our own note (UIDVALIDITY and UID, RFC 3501, 2.3.1.1), written after
the mail is kept. A mailbox that was made anew is read from its beginning, and what has come before is known by its bytes.
"""

from __future__ import annotations

import imaplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from sqlalchemy import insert, select, update

from madoguchi.channels.mail.inbox import Inbox
from madoguchi.channels.mail.model import mail_cursor
from madoguchi.counter.supervision.health import part_of
from madoguchi.engine import pulse
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.mail_sections import Imap
from madoguchi.engine.settings import Settings

log = structlog.get_logger()
_TIMEOUT = 30.0  # seconds for an answer of the server
_PUSH = 25.0  # seconds to wait for the server's word before we look ourselves
_PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)  # seconds after one failure, two, …
_TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError, ssl.SSLError)


class Fetcher:
    """Fetches one mailbox in a thread of its own between `start` and `stop`."""

    def __init__(self, database: Database, inbox: Inbox, settings: Imap, mailbox: str) -> None:
        self._database = database
        self._inbox = inbox
        self._settings = settings
        self._mailbox = mailbox
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"imap-{mailbox}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)

    def fetch(self) -> int:
        """Take what is new; returns how many mails were fetched. Raises OSError, imaplib.IMAP4.error."""
        with _signed_in(self._settings) as server:
            return self._take_new(server)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with _signed_in(self._settings) as server:
                    failures = 0
                    while not self._stopping.is_set():
                        self._take_new(server)
                        self._wait(server)
            except _TROUBLE as error:
                log.warning("mail.fetching_failed", mailbox=self._mailbox, error=str(error)[:300])
                failures += 1
                self._trouble(error)
            except Exception as error:
                log.exception("mail.fetching_broken", mailbox=self._mailbox)
                failures += 1
                self._trouble(error)
            if failures:
                self._stopping.wait(_PAUSES[min(failures, len(_PAUSES)) - 1])

    def _wait(self, server: BaseMailBox) -> None:
        """Until the server says that something has come, or it is time to look; in short steps, to be able to stop."""
        if "IDLE" not in {str(each).upper() for each in server.client.capabilities}:
            self._stopping.wait(_PUSH)
            return
        with server.idle as idle:
            for _ in range(int(_PUSH)):
                if self._stopping.is_set() or idle.poll(timeout=1):
                    return

    def _take_new(self, server: BaseMailBox) -> int:
        validity = int(server.folder.status(self._settings.folder)["UIDVALIDITY"])
        last = self._database.read(_cursor, self._mailbox, validity)
        new = sorted(uid for uid in map(int, server.uids(f"UID {last + 1}:*")) if uid > last)
        for uid in new:
            raw = _raw(server, uid)
            if raw is not None:
                self._inbox.take(raw, mailbox=self._mailbox, recipients=())
            self._database.write(_move_cursor, self._mailbox, validity, uid)
        self._database.write(pulse.worked, part_of(self._mailbox))
        return len(new)

    def _trouble(self, error: Exception) -> None:
        """Noted for the alerts; what keeps the fetching from working may keep this from being written."""
        with suppress(Exception):
            self._database.write(pulse.failed, part_of(self._mailbox), error)


def fetched_mailbox(settings: Settings) -> str:
    """The address whose mails are fetched; "" where the mail server brings them, or there is no mail."""
    return settings.mail.addresses[0] if settings.imap.host and settings.mail.addresses else ""


def check(settings: Imap) -> str | None:
    """None if the mailbox can be read; otherwise what is wrong, for `madoguchi doctor`."""
    try:
        with _signed_in(settings):
            return None
    except _TROUBLE as error:
        return str(error) or type(error).__name__


@contextmanager
def _signed_in(wish: Imap) -> Iterator[BaseMailBox]:
    server: BaseMailBox
    if wish.security == "tls":
        server = MailBox(wish.host, wish.port, timeout=_TIMEOUT, ssl_context=ssl.create_default_context())
    elif wish.security == "starttls":
        server = MailBoxStartTls(
            wish.host, wish.port, timeout=_TIMEOUT, ssl_context=ssl.create_default_context()
        )
    else:
        server = MailBoxUnencrypted(wish.host, wish.port, timeout=_TIMEOUT)
    with server.login(wish.user, wish.password, initial_folder=wish.folder):
        yield server


def _raw(server: BaseMailBox, uid: int) -> bytes | None:
    """The whole mail as it lies there, unread as before; None if it has gone meanwhile."""
    status, parts = server.client.uid("fetch", str(uid), "(BODY.PEEK[])")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH of {uid}: {status}")
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)


def _cursor(tx: Transaction, mailbox: str, validity: int) -> int:
    here = (mail_cursor.c.mailbox == mailbox, mail_cursor.c.uid_validity == validity)
    return int(tx.scalar(select(mail_cursor.c.uid).where(*here)) or 0)


def _move_cursor(tx: Transaction, mailbox: str, validity: int, uid: int) -> None:
    result = tx.execute(
        update(mail_cursor).where(mail_cursor.c.mailbox == mailbox).values(uid_validity=validity, uid=uid)
    )
    if not result.rowcount:
        tx.execute(insert(mail_cursor).values(mailbox=mailbox, uid_validity=validity, uid=uid))
