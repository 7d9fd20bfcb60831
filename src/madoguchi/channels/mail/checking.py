"""Who vouches for a mail's sender, asked after it was filed and kept with it; in the conversation a fact for staff."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import update

from madoguchi.channels.mail import inbox
from madoguchi.channels.mail.authenticity import Authentication, Names, authenticate
from madoguchi.channels.mail.model import received_mail
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import events, service
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.mail_sections import Mail
from madoguchi.engine.outbox import Errand

_TRIES = 4  # while the name servers are silent


class Silent(Exception):
    """The name servers said nothing for now."""


class Checking:
    """Handler of the topic `mail.check`. `names`: makes what is asked for records, None: nothing is."""

    def __init__(
        self, database: Database, files: FileStore, settings: Mail, names: Callable[[], Names | None]
    ) -> None:
        self._database = database
        self._files = files
        self._settings = settings
        self._names = names

    def check(self, errand: Errand) -> None:
        """Once for a mail. Raises Silent, for the courier to come again."""
        received = self._database.read(inbox.get, errand.payload["mail_id"])
        if received is None or received.authentication is not None or received.state == "deleted":
            return
        found = authenticate(
            self._files.get(received.storage_key),
            self._names(),
            envelope_sender=received.envelope_sender,
            server=self._settings.authserv_id,
            servers=self._settings.receiving_servers,
        )
        if "temperror" in (found.spf, found.dkim, found.dmarc) and errand.attempt < _TRIES:
            raise Silent(found.domain)
        self._database.write(_keep, received.id, found)


def _keep(tx: Transaction, mail_id: str, found: Authentication) -> None:
    """With the mail, and for staff beside the customer's words; nothing is said where nothing is known."""
    tx.lock("received_mail", mail_id)
    received = inbox.get(tx, mail_id)
    if received is None or received.authentication is not None:
        return
    tx.execute(
        update(received_mail).where(received_mail.c.id == mail_id).values(authentication=found.as_json())
    )
    if received.contact_id is not None and found.by:
        told = {
            "mail_id": mail_id,
            "by": found.by,
            "domain": found.domain,
            "spf": found.spf,
            "dkim": found.dkim,
            "dmarc": found.dmarc,
            "policy": found.policy,
        }
        service.append(
            tx, received.contact_id, events.MAIL_CHECKED, told, actor=SYSTEM, client_key=f"checked/{mail_id}"
        )
