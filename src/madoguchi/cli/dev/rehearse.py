"""`madoguchi dev rehearse`: customers in five languages talk to the assistant, and what share of them it solves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from madoguchi.rehearsal.customers import LANGUAGES, CustomersError, read_crowd
from madoguchi.rehearsal.shares import GOALS, Share, shares
from madoguchi.rehearsal.simulation import Verdict, simulate
from madoguchi.rehearsal.stage import stage

FOLDER = Path("tests/assistant/customers")


def rehearse_command(
    folder: Annotated[
        Path, typer.Argument(help="Customers and their answers.", exists=True, file_okay=False)
    ] = FOLDER,
    language: Annotated[
        list[str] | None, typer.Option(help="Only this language; may be given more than once.")
    ] = None,
    customer: Annotated[
        list[str] | None, typer.Option(help="Only this customer; may be given more than once.")
    ] = None,
    tries: Annotated[int, typer.Option(min=1, help="How often each of them comes, in other words.")] = 4,
    seed: Annotated[str, typer.Option(help="Chooses the words.")] = "1",
    as_json: Annotated[bool, typer.Option("--json", help="Print figures and failures as JSON.")] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print what was said where it was not solved.")
    ] = False,
    goals: Annotated[
        bool, typer.Option("--goals", help="End with 1 when a share is below its goal.")
    ] = False,
) -> None:
    """Let simulated customers talk to the assistant over throw-away copies of the demonstration shop."""
    languages = tuple(language or LANGUAGES)
    try:
        crowd = read_crowd(folder)
        unknown = [each for each in languages if each not in LANGUAGES]
        unknown += [name for name in customer or () if name not in {each.name for each in crowd.customers}]
        if unknown:
            raise CustomersError(f"unknown: {', '.join(unknown)}")
    except CustomersError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(2) from error
    if customer:
        crowd = crowd.only(*customer)
    with stage() as built:
        verdicts = simulate(crowd, built, languages=languages, tries=tries, seed=seed)
    found = shares(verdicts)
    failed = [verdict for verdict in verdicts if not verdict.solved]
    if as_json:
        typer.echo(json.dumps(_record(found, failed), ensure_ascii=False, indent=2))
    else:
        _print(found, failed, show=show)
    raise typer.Exit(1 if goals and not all(share.meets_goals for share in found) else 0)


def _record(found: list[Share], failed: list[Verdict]) -> dict[str, object]:
    return {
        "languages": {
            share.language: {
                "customers": share.customers,
                "tries": share.tries,
                "solved_once": round(share.once, 4),
                "solved_at_first_words": round(share.first, 4),
                "solved_in_all": round(share.always, 4),
                "meets_goals": share.meets_goals,
            }
            for share in found
        },
        "not_solved": [
            {
                "customer": verdict.customer,
                "language": verdict.language,
                "attempt": verdict.attempt + 1,
                "why": verdict.why,
                "asked": verdict.asked,
                "transcript": list(verdict.transcript),
            }
            for verdict in failed
        ],
    }


def _print(found: list[Share], failed: list[Verdict], *, show: bool) -> None:
    console = Console()
    table = Table(
        "language", "customers", "tries", "solved once", "at first words", "solved in all tries", "goals"
    )
    for share in found:
        once, always = GOALS[share.language]
        table.add_row(
            share.language,
            str(share.customers),
            str(share.tries),
            f"{share.once:.1%}",
            f"{share.first:.1%}",
            f"{share.always:.1%}",
            f"{once:.0%} / {always:.0%}",
        )
    console.print(table)
    for verdict in failed:
        head = f"{verdict.language} {verdict.customer} {verdict.attempt + 1}: {' '.join(verdict.why.split())}"
        console.print(head, markup=False, highlight=False, soft_wrap=True)
        for line in verdict.transcript if show else ():
            console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
