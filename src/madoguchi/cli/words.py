"""`madoguchi assistant words`: what customers call goods and subjects, as it is suggested; accepting and rejecting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from madoguchi.assistant.learning.collecting import Collector
from madoguchi.assistant.learning.words import queries, service
from madoguchi.assistant.learning.words.model import Candidate
from madoguchi.assistant.learning.words.suggesting import suggestions
from madoguchi.building import places_of
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.counter.actors import Actor
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.orders.rule_book.book import RuleBook
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.problems import Conflict, Invalid
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings

OPERATOR = Actor(kind="system", id="command-line")
Words = Annotated[list[str] | None, typer.Option(help="A suggested word; may be given more than once.")]


def words(
    accept: Words = None,
    reject: Words = None,
    back: Words = None,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Print the words that are suggested and what was decided; `--accept`, `--reject`, `--back` (undo) decide first.

    The ledger is read up to now. Ends with 1 where a word is not suggested, or was not decided about.
    """
    chosen = load(settings, data)
    if not chosen.data.url:
        chosen.data.folder.mkdir(parents=True, exist_ok=True)
    database = open_database(chosen)
    try:
        migrate(database)
        Collector(database, chosen.history.keep_days).round()
        _decide(database, chosen, accept or (), reject or ())
        for word in back or ():
            _take_back(database, word)
        _print(database, _suggested(database, chosen))
    finally:
        database.close()


def _suggested(database: Database, chosen: Settings) -> list[Candidate]:
    products = [product.name for product in EmbeddedShop(database).products()]
    return suggestions(
        database,
        Library(database, places_of(chosen, RuleBook(database, Rules.load(chosen.data.policy)), database)),
        products,
    )


def _decide(database: Database, chosen: Settings, accept: Sequence[str], reject: Sequence[str]) -> None:
    if not accept and not reject:
        return
    open_words = _suggested(database, chosen)
    for word in (*accept, *reject):
        found = [each for each in open_words if each.word == word]
        if not found:
            raise _stop(f"{word} is not suggested")
        for each in found:
            try:
                if word in accept:
                    database.write(service.accept, each, each.means, OPERATOR)
                else:
                    database.write(service.reject, each, OPERATOR)
            except (Conflict, Invalid) as problem:
                raise _stop(f"{word}: {problem.code}") from problem


def _take_back(database: Database, word: str) -> None:
    found = [each for each in database.read(queries.decided) if each.word == word]
    if not found:
        raise _stop(f"nothing was decided about {word}")
    for each in found:
        database.write(service.take_back, each.id, OPERATOR)


def _print(database: Database, open_words: Sequence[Candidate]) -> None:
    table = Table("", "language", "word", "means", "said by", box=None, padding=(0, 2))
    for each in open_words:
        said_by = f"{each.customers} of {each.among}" if each.source == "talks" else "product names"
        table.add_row("?", each.language, each.word, each.means, said_by)
    for done in database.read(queries.decided):
        table.add_row("✓" if done.state == "accepted" else "–", done.language, done.word, done.means, "")
    Console(width=110).print(table)


def _stop(problem: str) -> typer.Exit:
    typer.secho(problem, fg="red", err=True)
    return typer.Exit(1)
