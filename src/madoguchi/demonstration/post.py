"""The mails of the past, taken and filed as mails are, each at its time; and what our mail server said of its sender."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from madoguchi.channels.mail.checking import Checking
from madoguchi.channels.mail.filing import CHECK, Filing, Matter
from madoguchi.channels.mail.inbox import FILE, Inbox
from madoguchi.channels.mail.reading import Mail, read
from madoguchi.channels.mail.reading.safely import SafeReader
from madoguchi.demonstration.letters import BOX, LETTERS, SERVER, Letter
from madoguchi.demonstration.stage import as_of, moment
from madoguchi.engine.outbox import Errand
from madoguchi.faces.house import House


class _OurOwn(SafeReader):
    """We wrote these mails: no process of its own has to be started to be safe from them."""

    def read(self, raw: bytes, *, marker: str = "") -> Mail:
        return read(raw, marker=marker)


def deliver(house: House) -> dict[str, str]:
    """Name of a letter → id of the mail. A second time is no time."""
    inbox = Inbox(house.database, house.files)
    ours = house.settings.mail.model_copy(update={"authserv_id": SERVER})
    checking = Checking(house.database, house.files, ours, lambda: None)
    now = house.database.clock()
    taken: dict[str, str] = {}
    for letter in LETTERS:
        filing = Filing(house.database, house.files, house.settings, _OurOwn(), _matter_of(letter))
        with as_of(
            house.database, moment(now, ZoneInfo(house.settings.shop.timezone), letter.days, letter.hour)
        ):
            mail_id = inbox.take(letter.raw(), mailbox=BOX, recipients=[BOX], sender=letter.address)
            filing.file(_errand(FILE, mail_id))
            checking.check(_errand(CHECK, mail_id))
        taken[letter.name] = mail_id
    return taken


def _matter_of(letter: Letter) -> Callable[[str], Matter]:
    matter = Matter(letter.kind, letter.language, ())
    return lambda _: matter


def _errand(topic: str, mail_id: str) -> Errand:
    return Errand(id=0, topic=topic, payload={"mail_id": mail_id}, attempt=1, key=None)
