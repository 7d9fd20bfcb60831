"""`madoguchi flow`: which conversations the assistant can hold, what one is, and trying it out in the terminal."""

from __future__ import annotations

import inspect
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from madoguchi.assistant import flows
from madoguchi.assistant.history import remember
from madoguchi.assistant.kinds import kind_label, kinds
from madoguchi.cli.own_flows import export_flows, import_flows
from madoguchi.counter.actors import Rung
from madoguchi.counter.contacts import events
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.stage import stage

app = typer.Typer(help="The conversations that the assistant can hold.", no_args_is_help=True)

Language = Annotated[str, typer.Option(help="Language of names and of the conversation.")]
_STOP = ("", "/quit")
app.command("export")(export_flows)
app.command("import")(import_flows)


@app.command("list")
def list_flows(language: Language = "ja") -> None:
    """Every kind of enquiry, whether it has a conversation of its own, and the queue behind it."""
    known = flows.load()
    table = Table(Column("kind", overflow="fold"), Column("name", overflow="fold"), "queue", "flow", box=None)
    for kind in kinds():
        found = known.get(kind)
        script = found.script.__name__ if found and found.scripted else "–"
        table.add_row(kind, kind_label(kind, language), found.queue if found else "", script)
    Console().print(table)


@app.command()
def show(
    kind: Annotated[str, typer.Argument(help="A kind of enquiry, as `flow list` names it.")],
    language: Language = "ja",
) -> None:
    """What one conversation is, as it is written."""
    if kind not in kinds():
        raise typer.BadParameter(f"there is no kind {kind!r}; `madoguchi flow list` names them")
    console = Console()
    console.print(f"[bold]{kind}[/]  {kind_label(kind, language)}", highlight=False)
    found = flows.load().get(kind)
    if found is None or not found.scripted:
        console.print("No conversation of its own: a person takes it.")
        return
    console.print(f"queue: {found.queue}\n", highlight=False)
    console.print(inspect.getsource(inspect.unwrap(found.script)), highlight=False, markup=False)


@app.command("try")
def try_flow(
    kind: Annotated[
        str | None, typer.Argument(help="Start with this kind; default: with your words.")
    ] = None,
    language: Language = "ja",
    customer: Annotated[
        str, typer.Option("--as", help="Customer of the demonstration shop, or `visitor`.")
    ] = "C1001",
) -> None:
    """Talk to the assistant over a throw-away copy of the demonstration shop.

    Type words, or the number of a button. After each turn: what was understood, the move, and how a flow ended.
    An empty line ends it.
    """
    if kind is not None and kind not in kinds():
        raise typer.BadParameter(f"there is no kind {kind!r}; `madoguchi flow list` names them")
    console = Console()
    with stage() as built, built.house() as house:
        _talk(console, _chat(house, customer, language, kind or ""))


def _chat(house: House, customer: str, language: str, kind: str) -> Chat:
    visitor = customer == "visitor"
    rung = Rung.VISITOR if visitor else Rung.FRESH
    return Chat(house, "" if visitor else customer, rung=rung, language=language, problem=kind)


def _talk(console: Console, chat: Chat) -> None:
    while True:
        _say(console, chat)
        words = console.input("[bold]> [/]").strip()
        if words in _STOP:
            return
        options = _offered(chat)
        if words.isdigit() and 0 < int(words) <= len(options):
            chat.choose(*options[int(words) - 1][:2])
        else:
            chat.say(words)


def _say(console: Console, chat: Chat) -> None:
    for entry in chat.answers:
        console.print(str(entry.body["text"]), style="green", markup=False, highlight=False)
        if card := entry.body.get("card"):
            console.print(
                f"  ▢ {card['kind']}: {card.get('title') or card.get('headline') or ''}", markup=False
            )
    for number, (_, _, label) in enumerate(_offered(chat), 1):
        console.print(f"  {number} {label}", markup=False, highlight=False)
    console.print(_what_happened(chat), style="dim", markup=False, highlight=False)


def _offered(chat: Chat) -> list[tuple[str, str, str]]:
    """Key, value and label of every button of the last turn."""
    return [
        (choices["key"], option["value"], option["label"])
        for entry in chat.answers
        if (choices := entry.body.get("choices"))
        for option in choices["options"]
    ]


def _what_happened(chat: Chat) -> str:
    told = []
    for entry in chat.new_facts:
        if entry.kind == events.UNDERSTOOD:
            intents = ", ".join(f"{i['kind']} {i['confidence']:.2f}" for i in entry.body["intents"])
            told.append(f"understood: {intents or '–'} · move: {entry.body['move']}")
        elif entry.kind == events.HAND_OVER:
            told.append(f"hand-over: {entry.body['queue']} ({entry.body['reason']})")
    ended = [f"{run.flow}: {run.outcome}" for run in remember(chat.entries).runs if run.outcome]
    return "\n".join([*told, *(f"ended: {end}" for end in ended)])
