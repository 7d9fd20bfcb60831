"""The figures follow the ledger: at wake-ups within moments, by time, and by comparing everything now and then.

Every step can be repeated: a contact is measured from all its facts, its old tally leaves the sums as the new one comes
in, in one transaction. Killed at any instant, it goes on where it was; `rebuild` makes everything anew. Rows of erased
contacts cannot be measured again; they are only added up anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import delete, insert, select, update

from madoguchi.counter.contacts.ledger_following import AT_ONCE, LedgerFollower
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.reports import rows
from madoguchi.counter.reports.cells import Changes
from madoguchi.counter.reports.course import follow
from madoguchi.counter.reports.model import Measured, figure_cell, figure_state, measured_contact
from madoguchi.counter.reports.reckoning import Terms, measure
from madoguchi.counter.reports.tally import VERSION, tally_of
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.failpoints import failpoint
from madoguchi.engine.settings import Settings

_MADE_BY = "version"
_WHOLE = "whole"


class Follower(LedgerFollower):
    """Keeps the figures up to date; any number of processes may, one works at a time."""

    what = "figures"
    together = 50
    pause_s = 2.0
    look_s = 15.0
    compare_s = 300.0

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__(database)
        self._terms = Terms.of(settings)

    def catch_up(self) -> int:
        """Measure everything that is new or changed; returns how many contacts were. Sums of another version are made anew."""
        if self._database.read(_made_by) != VERSION:
            self._database.write(begin_anew)
        done = self._count_again()
        done += sum(self._take_all(find) for find in (rows.changed, rows.due, self._under_other_terms))
        if not self._over:
            self._database.write(_is_whole)
        return done

    def rebuild(self) -> int:
        """Measure every contact anew; returns how many rows there are then."""
        self._database.write(begin_anew)
        self._database.write(_forget_terms)
        return self.catch_up()

    def _take(self, contact_ids: Sequence[str]) -> Collection[str]:
        """Of a contact that is being erased the facts are gone: it cannot be measured."""
        measured = self._database.write(self._measure, contact_ids)
        failpoint("figures.between_batches")
        return set(contact_ids) - measured

    def _in_time(self) -> None:
        self.take_in(self._database.read(rows.due, AT_ONCE))

    def _measure(self, tx: Transaction, contact_ids: Sequence[str]) -> set[str]:
        """Returns those that could be: of one that is being erased the facts are gone."""
        tx.lock("figures")
        asked = rows.contacts(tx, contact_ids)
        seen = {each.id: each for each in (*asked, *self._touched(tx, asked))}
        facts, known, targets = rows.facts(tx, seen), rows.known(tx, seen), rows.targets(tx)
        changes = Changes()
        for contact_id, told in facts.items():
            around = rows.around(tx, seen[contact_id], targets)
            row = measure(seen[contact_id], follow(told), around, self._terms, tx.now)
            before = known.get(contact_id)
            if before is not None and before.counted:
                changes.count(before, tally_of(before), -1)
            changes.count(row, tally_of(row), 1)
            rows.put(tx, _counted(row), before)
        changes.write(tx)
        return set(facts)

    def _touched(self, tx: Transaction, asked: Sequence[Contact]) -> list[Contact]:
        """Contacts whose rows these ones change: earlier ones of the same person, others of the same case."""
        known = rows.known(tx, [each.id for each in asked])
        ids: set[str] = set()
        for each in asked:
            before = known.get(each.id)
            is_new = before is None or before.contact_at is None or before.contact_at != each.updated_at
            if is_new:
                ids.update(rows.earlier_of_person(tx, each))
            if each.case_id and (before is None or before.case_id != each.case_id):
                ids.update(rows.of_case(tx, each.case_id))
        return rows.contacts(tx, ids - {each.id for each in asked})

    def _count_again(self) -> int:
        """Add up rows that are in no sum: all of them after `begin_anew`. Of living contacts they are measured first."""
        done = 0
        while not self._over:
            found = self._database.write(self._count_some)
            if not found:
                return done
            done += found
        return done

    def _count_some(self, tx: Transaction) -> int:
        tx.lock("figures")
        found = tx.all(select(measured_contact).where(measured_contact.c.counted.is_(False)).limit(AT_ONCE))
        changes = Changes()
        for each in found:
            row = rows.measured_of(each)
            changes.count(row, tally_of(row), 1)
        changes.write(tx)
        ids = [row.id for row in found]
        tx.execute(update(measured_contact).where(measured_contact.c.id.in_(ids)).values(counted=True))
        return len(found)

    def _under_other_terms(self, tx: Transaction, limit: int) -> Sequence[str]:
        return rows.under_other_terms(tx, self._terms.mark, limit)


def begin_anew(tx: Transaction) -> None:
    """Empty the sums; the rows stay and are added up again."""
    tx.lock("figures")
    tx.execute(delete(figure_cell))
    tx.execute(update(measured_contact).values(counted=False))
    tx.execute(delete(figure_state).where(figure_state.c.name == _MADE_BY))
    tx.execute(insert(figure_state).values(name=_MADE_BY, value=VERSION))
    tx.execute(delete(figure_state).where(figure_state.c.name == _WHOLE))


def is_whole(tx: Transaction) -> bool:
    """Everything has been counted at least once since the sums were begun."""
    return tx.scalar(select(figure_state.c.value).where(figure_state.c.name == _WHOLE)) is not None


def _is_whole(tx: Transaction) -> None:
    tx.lock("figures")
    if not is_whole(tx):
        tx.execute(insert(figure_state).values(name=_WHOLE, value="1"))


def _forget_terms(tx: Transaction) -> None:
    of_somebody = measured_contact.c.contact_id.is_not(None)
    tx.execute(update(measured_contact).where(of_somebody).values(terms=""))


def _made_by(tx: Transaction) -> str:
    return tx.scalar(select(figure_state.c.value).where(figure_state.c.name == _MADE_BY)) or ""


def behind(tx: Transaction) -> int:
    """Contacts whose figures are older than they are; 1,000 stands for many."""
    return len(set(rows.changed(tx, 1000)) | set(rows.due(tx, 1000)))


def _counted(row: Measured) -> Measured:
    return replace(row, counted=True)
