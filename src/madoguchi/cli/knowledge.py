"""`madoguchi knowledge`: bring in the shop's own articles, look at all of them, check them, try the search."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from madoguchi.assistant.understanding import LateUnderstander
from madoguchi.building import places_of
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.counter.actors import Actor
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.knowledge import queries, service
from madoguchi.counter.knowledge.evaluating import DEPTH, Answer, Question, ask_all, quality, read_questions
from madoguchi.counter.knowledge.files import LANGUAGES, ArticleError, Folder, problems_of, read_folder
from madoguchi.counter.knowledge.library import SHIPPED, Library, Told
from madoguchi.counter.knowledge.model import Asker
from madoguchi.counter.orders.rule_book.book import RuleBook
from madoguchi.counter.orders.rules import Rules
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.migrations import migrate
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings

app = typer.Typer(help="Articles that answer questions.", no_args_is_help=True)
console = Console()
OPERATOR = Actor(kind="system", id="command-line")


@app.command("import")
def import_command(
    folder: Annotated[Path, typer.Argument(help="Folder with articles.toml and <language>/<id>.md.")],
    who: Annotated[str, typer.Option("--by", help="Who changes it, for the history.")] = "",
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Take over the articles of a folder; they go before shipped ones of the same id. All of it, or nothing.

    Importing the same folder again changes nothing. A file that is gone from the folder is left as it was: to take an
    article back, set its state to "withdrawn" in articles.toml.
    """
    chosen = load(settings, data)
    with _library(chosen) as (database, library):
        found = read_folder(folder, own=True, base=library.articles())
        _refuse(problems_of(found, library.places, categories()))
        actor = Actor(kind="system", id=OPERATOR.id, name=who)
        changed, words = database.write(_take_over, found, actor)
    console.print(
        f"[green]✓[/] {len(found.articles)} articles, {changed} changed, {words} lists of synonyms changed"
    )


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Folder to check; default: the shipped articles.")] = SHIPPED,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Say what is wrong with a folder of articles, and which languages are missing. Changes nothing."""
    chosen = load(settings, data)
    with _library(chosen) as (_, library):
        base = () if folder == SHIPPED else library.articles()
        found = read_folder(folder, own=folder != SHIPPED, base=base)
        _refuse(problems_of(found, library.places, categories()))
    console.print(f"[green]✓[/] {len(found.articles)} articles", highlight=False)
    for language in LANGUAGES:
        missing = [each.id for each in found.articles.values() if language not in each.texts]
        if missing and language in chosen.shop.languages:
            console.print(f"  {language}: {len(missing)} missing: {', '.join(missing)}", highlight=False)


@app.command("list")
def list_command(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Every article: whose it is, who may read it, in which languages, and what readers said."""
    with _library(load(settings, data)) as (database, library):
        votes = database.read(queries.votes)
        table = Table(
            "id", "from", "state", "audience", "languages", "helped", "not", box=None, padding=(0, 2)
        )
        for each in library.articles():
            said = [vote for (article_id, _), vote in votes.items() if article_id == each.id]
            table.add_row(
                each.id,
                "shop" if each.own else "shipped",
                each.state,
                ", ".join(each.audience),
                ", ".join(each.texts),
                str(sum(vote.helped for vote in said)),
                str(sum(vote.not_helped for vote in said)),
            )
    console.print(table)


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What a customer would type.")],
    language: Annotated[str, typer.Option("--language", help="ja, en, zh-Hans, zh-Hant or ko.")] = "ja",
    fallback: Annotated[bool, typer.Option(help="Look in other languages too.")] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """What a customer would find, with scores; ends with 1 when the answer is "we do not know"."""
    with _library(load(settings, data)) as (_, library):
        found = library.search(words, Asker.agent(language), fallback=fallback)
    for told in found:
        console.print(
            f"{told.score:.2f}  {told.language}  {told.id}  {told.title}", highlight=False, markup=False
        )
    if not found:
        console.print("–")
        raise typer.Exit(1)


@app.command()
def evaluate(
    file: Annotated[
        Path,
        typer.Argument(help='JSON lines: {"lang", "query", "relevant": ["article-id", …]}.', exists=True),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    misses: Annotated[
        bool, typer.Option("--misses", help="List what was not among the first three.")
    ] = False,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Ask as a reader of the help centre does: how often the right article is first, or among the first three.

    What the search page shows as near counts too; "answered" is the share that is told as an answer.
    """
    try:
        questions = read_questions(file)
    except ArticleError as error:
        _refuse(error.problems)
        return
    with _library(load(settings, data)) as (_, library):

        def ask(question: Question) -> list[Told]:
            return library.search(question.query, Asker(question.lang), limit=DEPTH, near=True)

        for question in {each.lang: each for each in questions}.values():
            ask(question)  # indexes are built before the time is taken
        answers = list(ask_all(questions, ask))
    missed = [answer for answer in answers if not 0 < answer.rank <= 3]
    if as_json:
        print(json.dumps(_as_json(answers, missed), ensure_ascii=False, indent=2))
        return
    _print_quality(answers)
    for answer in missed if misses else ():
        words = f"{answer.question.lang}  {answer.question.query}  → {', '.join(answer.found[:3]) or '–'}"
        right = f"(right: {', '.join(answer.question.relevant)})"
        console.print(f"{words}  {right}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def history(
    article_id: Annotated[str, typer.Argument(help="Id of an article.")],
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Who changed the shop's own article, when, and what it said afterwards."""
    with _library(load(settings, data)) as (database, _):
        changes = database.read(queries.history, article_id)
    for change in changes:
        titles = ", ".join(f"{language}: {text['title']}" for language, text in change.after["texts"].items())
        who = change.actor_name or change.actor_id
        console.print(
            f"{change.version}  {change.at:%Y-%m-%d %H:%M}  {who}  {change.what}  {titles}", markup=False
        )
    if not changes:
        console.print("–")


def _print_quality(answers: list[Answer]) -> None:
    table = Table("", "questions", "answered", "recall@1", "recall@3", "MRR", "p50 ms", "p99 ms", box=None)
    for language, found in quality(answers).items():
        shares = (found.answered, found.recall_at_1, found.recall_at_3, found.mrr)
        times = (found.p50_ms, found.p99_ms)
        table.add_row(
            language,
            str(found.questions),
            *(f"{share:.3f}" for share in shares),
            *(f"{ms:.1f}" for ms in times),
        )
    console.print(table)


def _as_json(answers: list[Answer], missed: list[Answer]) -> dict[str, Any]:
    return {
        **{language: asdict(found) for language, found in quality(answers).items()},
        "misses": [
            {**answer.question.model_dump(), "found": list(answer.found[:3]), "rank": answer.rank}
            for answer in missed
        ],
    }


def _take_over(tx: Transaction, found: Folder, actor: Actor) -> tuple[int, int]:
    changed = 0
    for each in found.articles.values():
        before = queries.find(tx, each.id)
        changed += service.put(tx, each, actor) != before
    words = sum(service.keep_synonyms(tx, language, groups) for language, groups in found.synonyms.items())
    return changed, words


def _refuse(problems: list[str]) -> None:
    for words in problems:
        typer.secho(words, fg="red", err=True)
    if problems:
        raise typer.Exit(1)


@contextmanager
def _library(settings: Settings) -> Iterator[tuple[Database, Library]]:
    if not settings.data.url:
        settings.data.folder.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    try:
        migrate(database)
        understander = LateUnderstander(settings.shop.order_number_pattern, settings.data.folder)
        places = places_of(settings, RuleBook(database, Rules.load(settings.data.policy)), database)
        yield database, Library(database, places, guesser=understander)
    finally:
        database.close()
