"""The desk that carries requests out: copies, erasures, the night's retention. Outside any transaction but its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, Table, and_

from madoguchi.counter.actors import Actor, ActorKind
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.privacy import exporting, messages, retention, service, ways
from madoguchi.counter.privacy.erasing import Eraser, kept
from madoguchi.counter.privacy.model import PrivacyRequest, Report, privacy_request
from madoguchi.counter.privacy.ports import Forgetting, SentFiles
from madoguchi.counter.search import indexing
from madoguchi.counter.trust import service as trust
from madoguchi.engine.database import Database, Transaction, outside
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.settings import Settings

log = structlog.get_logger()
_SCRUBS = 3


@dataclass(frozen=True)
class Means:
    """What the desk works with. `forgetting`: whoever keeps words of the ledger elsewhere."""

    files: FileStore
    keys: Keys
    sent: SentFiles
    forgetting: Sequence[Forgetting]


class PrivacyDesk:
    """One request at a time; any number of desks may run, and one that is killed loses nothing."""

    def __init__(self, database: Database, settings: Settings, means: Means) -> None:
        self._database = database
        self._settings = settings
        self._means = means
        self.eraser = Eraser(database, means.files, means.sent, means.forgetting)

    def round(self) -> int:
        """Everything that is due; how many requests that were. The night's retention after it."""
        done = 0
        while self.do_next() is not None:
            done += 1
        self.retain()
        return done

    def do_next(self) -> PrivacyRequest | None:
        """Carry out one request; None when nothing is due."""
        outside()
        wish = self._database.write(service.take_next)
        if wish is None:
            return None
        done = self._export(wish) if wish.kind == "export" else self._erase(wish)
        log.info("privacy.request_done", request=done.id, kind=done.kind)
        return done

    def retain(self, *, at_once: bool = False) -> Report | None:
        """What is older than it may be goes, once a day of the shop; `at_once`: now. None: not now."""
        zone = ZoneInfo(self._settings.shop.timezone)
        begun = self._database.write(retention.begin, zone, self._settings.privacy.retention_hour, at_once)
        if begun is None:
            return None
        report = retention.Sweeper(self._database, self._settings, self.eraser, begun).sweep()
        self._scrub(ways.tables_of_people())
        return report

    def _export(self, wish: PrivacyRequest) -> PrivacyRequest:
        person = service.person_of(wish)
        account = self._database.read(customers.find, person.customer_id) if person.customer_id else None
        language = account.preferred_language or account.language if account else "en"
        made = exporting.Exporter(self._database, self._means.files, self._settings).export(person, language)
        days = self._settings.privacy.export_days
        return self._database.write(
            service.finish_export, wish.id, made.storage_key, made.counts, made.digest, days
        )

    def _erase(self, wish: PrivacyRequest) -> PrivacyRequest:
        if wish.kind == "messages":
            left = self._erase_messages(wish)
        elif wish.kind == "contact":
            left = self._erase_contact(wish)
        else:
            left = self._erase_person(wish)
        done = self._database.write(service.finish_erasing, wish.id, left)
        self._scrub(ways.tables_of_people())
        return done

    def _erase_messages(self, wish: PrivacyRequest) -> dict[str, dict[str, int]]:
        count = partial(_count, wish.id)
        marked = self._database.read(messages.mark, wish.contact_id, wish.seqs)
        self.eraser.erase_copies(wish.contact_id, count)
        self.eraser.remove_files(marked.files)

        def erase(tx: Transaction) -> None:
            if not service.get(tx, wish.id).counts.get("ledger_entry"):  # not yet: cut off, it begins again
                messages.erase_messages(tx, wish.contact_id, wish.seqs, marked, _who_asked(wish), count)
                self.eraser.forget(tx, wish.contact_id, wish.seqs)

        self._database.write(erase)
        return {}

    def _erase_contact(self, wish: PrivacyRequest) -> dict[str, dict[str, int]]:
        count = partial(_count, wish.id)
        self._database.write(self.eraser.forget, wish.contact_id, None)
        where = ways.of_rows("contact", [wish.contact_id])
        self.eraser.erase(where, count, spared=("contact", "privacy_request"))

        def close(tx: Transaction) -> None:
            messages.empty_contact(tx, wish.contact_id, _who_asked(wish))
            count(tx, "contact", "blanked", 1)

        self._database.write(close)
        return self._database.read(kept, where, account=True)

    def _erase_person(self, wish: PrivacyRequest) -> dict[str, dict[str, int]]:
        person, account = service.person_of(wish), wish.kind == "everything"
        if address := wish.notify.get("to", ""):
            self._database.write(trust.forget_recipient, self._means.keys, address)
        where = _but(wish.id, ways.of_person(person))
        left = self._database.read(kept, where, account=account)
        self.eraser.erase(where, partial(_count, wish.id), account=account)
        return left

    def _scrub(self, tables: Sequence[tuple[Table, Any]]) -> None:
        """Old copies of what was erased go too; a long reader only delays it to the next checkpoint."""
        indexing.scrub(self._database)
        for _ in range(_SCRUBS):
            if self._database.scrub([table.name for table, _ in tables]):
                return
        log.warning("privacy.scrub_delayed")


def _count(request_id: str, tx: Transaction, table: str, what: str, rows: int) -> None:
    service.count(tx, request_id, table, what, rows)


def _who_asked(wish: PrivacyRequest) -> Actor:
    kinds: dict[str, ActorKind] = {"customer": "customer", "agent": "agent"}
    return Actor(kind=kinds.get(wish.asked_kind, "system"), id=wish.asked_by)


def _but(request_id: str, where: ways.Where) -> ways.Where:
    """Without the record of this very erasure, which is closed last."""

    def but(table: Table) -> ColumnElement[bool] | None:
        own = where(table)
        if own is None or table.name != privacy_request.name:
            return own
        return and_(own, privacy_request.c.id != request_id)

    return but
