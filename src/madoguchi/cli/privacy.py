"""`madoguchi privacy`: somebody's copy, erasure, holds, and what retention removed; for whoever runs the installation."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from madoguchi.building import build_house
from madoguchi.cli.options import SettingsFile, load
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.privacy import exporting, holds, retention, service
from madoguchi.counter.privacy.model import Hold, Kind, PrivacyRequest
from madoguchi.counter.privacy.ways import Person
from madoguchi.counter.problems import Problem
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House

app = typer.Typer(help="Copies, erasure, holds and retention.", no_args_is_help=True)
Who = Annotated[str, typer.Argument(help="The customer's number at the shop, or id.")]


@app.command("export")
def export_command(
    customer: Who,
    to: Annotated[Path, typer.Option(help="File to write.")] = Path("export.zip"),
    settings: SettingsFile = None,
) -> None:
    """Write everything that is kept about a customer to a ZIP file."""
    house = build_house(load(settings, None))
    try:
        found = _person(house, customer)
        made = exporting.Exporter(house.database, house.files, house.settings).export(found, "en")
        with to.open("wb") as file:
            file.writelines(house.files.blocks(made.storage_key))
        to.chmod(0o600)
        house.files.delete(made.storage_key)
    finally:
        house.database.close()
    rows = sum(each["exported"] for each in made.counts.values())
    typer.echo(f"{to}: {rows:,} rows, sha256 {made.digest}")


@app.command("erase")
def erase_command(
    customer: Annotated[str, typer.Argument(help="The customer's number or id; empty with --contact.")] = "",
    contact: Annotated[str, typer.Option(help="One conversation (con_…) instead.")] = "",
    message: Annotated[list[int] | None, typer.Option(help="Number of a message in it; repeatable.")] = None,
    everything: Annotated[bool, typer.Option(help="The account's data too, not only the history.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without this only what would go is shown.")
    ] = False,
    settings: SettingsFile = None,
) -> None:
    """Erase a customer's history, one conversation, or messages of it. Ends with 1 if it is held."""
    house = build_house(load(settings, None))
    try:
        kind: Kind = (
            "messages" if message else "contact" if contact else "everything" if everything else "history"
        )
        person = None if contact else _person(house, customer)
        if not yes:
            if person is not None:
                typer.echo(json.dumps(house.database.read(exporting.count, person), indent=1))
            typer.echo("Nothing was erased. Add --yes to erase.")
            return
        done = _erase(house, kind, person, contact, message or [])
    except Problem as problem:
        typer.secho(f"Refused: {problem.code}", fg="red", err=True)
        raise typer.Exit(1) from None
    finally:
        house.database.close()
    typer.echo(json.dumps({"id": done.id, "state": done.state, "counts": done.counts, "digest": done.digest}))


@app.command("hold")
def hold_command(
    customer: Annotated[str, typer.Option(help="The customer's number or id.")] = "",
    case: Annotated[str, typer.Option(help="A case, e.g. C-10482.")] = "",
    reason: Annotated[str, typer.Option(help="Why it has to be kept.")] = "",
    days: Annotated[int, typer.Option(help="For so many days; 0: until it is lifted.")] = 0,
    lift: Annotated[str, typer.Option(help="Lift the hold with this id instead.")] = "",
    settings: SettingsFile = None,
) -> None:
    """Keep records from erasure and retention, lift a hold, or (without options) list what is held."""
    house = build_house(load(settings, None))
    try:
        if lift:
            house.database.write(holds.lift, SYSTEM, lift)
        elif customer or case:
            house.database.write(_hold, customer, case, reason, days)
        for each in house.database.read(holds.standing):
            until = each.until.isoformat() if each.until else "lifted by hand"
            typer.echo(f"{each.id}  {each.customer_id or each.case_id}  until {until}  {each.reason}")
    except Problem as problem:
        typer.secho(f"Refused: {problem.code}", fg="red", err=True)
        raise typer.Exit(1) from None
    finally:
        house.database.close()


@app.command("report")
def report_command(
    run: Annotated[bool, typer.Option("--run", help="Run today's retention first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object a line.")] = False,
    settings: SettingsFile = None,
) -> None:
    """What retention removed, newest first: kinds of record, numbers, the oldest, what was held, the digest."""
    house = build_house(load(settings, None))
    try:
        if run:
            house.privacy.retain(at_once=True)
        found = house.database.read(retention.reports)
    finally:
        house.database.close()
    for each in found:
        if as_json:
            typer.echo(
                json.dumps({"id": each.id, "classes": each.classes, "held": each.held, "digest": each.digest})
            )
            continue
        typer.echo(f"{each.id}  {each.digest or 'not finished'}  held {each.held}")
        for name, of in each.classes.items():
            typer.echo(f"  {name:20} {of['removed']:>8,}  oldest {of['oldest'][:10]}  kept {of['days']} days")


def _person(house: House, customer: str) -> Person:
    def read(tx: Transaction) -> Person | None:
        found = customers.by_shop_ref(tx, customer) or customers.find(tx, customer)
        return Person(found.id) if found else None

    person = house.database.read(read)
    if person is None:
        typer.secho(f"{customer or '(nobody)'}: there is no such customer", fg="red", err=True)
        raise typer.Exit(2)
    return person


def _hold(tx: Transaction, customer: str, case: str, reason: str, days: int) -> Hold:
    found = (customers.by_shop_ref(tx, customer) or customers.get(tx, customer)) if customer else None
    until = tx.now + timedelta(days=days) if days else None
    return holds.set_hold(
        tx, SYSTEM, customer_id=found.id if found else None, case=case, reason=reason, until=until
    )


def _erase(house: House, kind: Kind, person: Person | None, contact: str, seqs: list[int]) -> PrivacyRequest:
    """Asked, confirmed and done at once: whoever may run this command has the database in their hands anyway."""
    at_once = house.settings.privacy.model_copy(update={"erase_after_hours": 0})
    wish = house.database.write(
        lambda tx: service.ask(tx, SYSTEM, kind, person=person, contact_id=contact, seqs=seqs)
    )
    house.database.write(service.confirm, SYSTEM, wish.id, at_once)
    while house.privacy.do_next() is not None:
        pass
    return house.database.read(service.get, wish.id)
