"""What everybody asks for the rules: the version in force, read anew, and one and the same for the length of one request.

`book.opened()` stands around a request, a turn of the assistant, a round, an errand. Which version holds is read when it
is first asked for there (one small query) and stays until the end; outside of it each question is answered anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from madoguchi.counter.orders.rule_book import queries
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.database import Database, Transaction

_KEPT = 40  # versions whose rules stay in memory


@dataclass(frozen=True)
class Edition:
    """The rules of one version."""

    number: int
    rules: Rules


class Book(Protocol):
    """The rules as everybody reads them."""

    @property
    def edition(self) -> Edition: ...

    @property
    def rules(self) -> Rules: ...

    def opened(self) -> AbstractContextManager[None]: ...

    def reopen(self) -> Edition:
        """Go on with the version that is in force now."""
        ...

    def within(self, tx: Transaction) -> Edition:
        """The version in force, as the transaction sees it."""
        ...

    def number_held(self, tx: Transaction) -> int:
        """Its number; no other can be put in force until the transaction has ended."""
        ...


@dataclass
class _Opening:
    book: RuleBook
    edition: Edition | None = None


_OPENED: ContextVar[_Opening | None] = ContextVar("rules_opened", default=None)


class RuleBook:
    """The rules of a house. `file`: what comes with Madoguchi and, over it, the shop's own file."""

    def __init__(self, database: Database, file: Rules) -> None:
        self._database = database
        self.file = file
        self._editions: OrderedDict[int, Edition] = OrderedDict()

    @property
    def rules(self) -> Rules:
        return self.edition.rules

    @property
    def edition(self) -> Edition:
        opening = self._opening()
        if opening is None:
            return self._newest()
        if opening.edition is None:
            opening.edition = self._newest()
        return opening.edition

    @contextmanager
    def opened(self) -> Iterator[None]:
        if self._opening() is not None:
            yield
            return
        before = _OPENED.set(_Opening(self))
        try:
            yield
        finally:
            _OPENED.reset(before)

    def reopen(self) -> Edition:
        newest, opening = self._newest(), self._opening()
        if opening is not None:
            opening.edition = newest
        return newest

    def within(self, tx: Transaction) -> Edition:
        return self.numbered(tx, queries.number_in_force(tx))

    def number_held(self, tx: Transaction) -> int:
        return queries.number_held(tx)

    def numbered(self, tx: Transaction, number: int) -> Edition:
        """Any version that is or was in force. Raises NotFound, RulesError where it does not fit the file."""
        kept = self._editions.get(number)
        if kept is not None:
            return kept
        text = queries.version(tx, number).text if number else ""
        made = Edition(number, self.file.changed(text))
        self._editions[number] = made
        while len(self._editions) > _KEPT:
            self._editions.popitem(last=False)
        return made

    def numbered_anew(self, tx: Transaction, number: int) -> Rules:
        """The rules of any version, drafts too, which may change. Raises NotFound, RulesError."""
        return self.file.changed(queries.version(tx, number).text)

    def value(self, key: str) -> Any:
        """What stands behind a dotted key, for the places of articles."""
        return self.rules.value(key)

    def _newest(self) -> Edition:
        return self._database.read(self.within)

    def _opening(self) -> _Opening | None:
        found = _OPENED.get()
        return found if found is not None and found.book is self else None


class Printed:
    """A book of one edition that never changes, for tools that decide without a house."""

    def __init__(self, rules: Rules) -> None:
        self.edition = Edition(0, rules)
        self.rules = rules

    def opened(self) -> AbstractContextManager[None]:
        return nullcontext()

    def reopen(self) -> Edition:
        return self.edition

    def within(self, _: Transaction) -> Edition:
        return self.edition

    def number_held(self, _: Transaction) -> int:
        return self.edition.number
