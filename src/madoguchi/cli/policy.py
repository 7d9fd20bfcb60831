"""`madoguchi policy`: what the written policy says to a deed, and whether a policy file can be used."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy.exc import DBAPIError

from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.counter.actors import Actor
from madoguchi.counter.orders import policy
from madoguchi.counter.orders.actions import OFFERED_NAMES, Action
from madoguchi.counter.orders.model import Decision, Order, Product, Seller
from madoguchi.counter.orders.policy.draft import RUNGS
from madoguchi.counter.orders.rule_book import queries
from madoguchi.counter.orders.rule_book.model import RuleVersion
from madoguchi.counter.orders.rule_book.writing import piece
from madoguchi.counter.orders.rules import Rules, RulesError, laid_over
from madoguchi.counter.orders.supposing import ASKERS, NoSuchDeed, Wish, asker_of, deed_of
from madoguchi.counter.orders.wording import action_label, effect_text, reason_text
from madoguchi.counter.problems import NotFound
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings

app = typer.Typer(help="The shop's written policy.", no_args_is_help=True)
console = Console()

VERDICTS = {"allowed": "green", "needs_approval": "yellow", "refused": "red"}


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The policy file.")],
) -> None:
    """Say whether a policy file can be used; every mistake with its key and the nearest known name."""
    try:
        rules = Rules.load(file)
    except RulesError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error
    console.print(f"[green]✓[/] {file}", highlight=False)
    for key, value in _differences(rules.model_dump(mode="json"), Rules.load().model_dump(mode="json")):
        console.print(f"  {key} = {value!r}", highlight=False, markup=False, soft_wrap=True)


@app.command()
def explain(
    order: Annotated[str, typer.Argument(help="Order number.")],
    action: Annotated[str, typer.Argument(help=f"One of: {', '.join(OFFERED_NAMES)}.")],
    line: Annotated[
        list[str] | None, typer.Option(help="Line of the order; may be given several times.")
    ] = None,
    quantity: Annotated[int, typer.Option(min=1, help="Pieces of each line.")] = 1,
    reason: Annotated[str, typer.Option(help="Reason of a return or exchange.")] = "no_longer_wanted",
    condition: Annotated[str, typer.Option(help="unopened, opened_unused, used or defective.")] = "unopened",
    sku: Annotated[str | None, typer.Option(help="Variant wanted in an exchange or change.")] = None,
    parcel: Annotated[str, typer.Option(help="Parcel that did not arrive; default: every missing one.")] = "",
    payment: Annotated[str | None, typer.Option(help="Payment charged twice.")] = None,
    tender: Annotated[str, typer.Option(help="Payment method wanted.")] = "card",
    gift_card: Annotated[bool, typer.Option(help="Refund a return as gift card.")] = False,
    who: Annotated[str, typer.Option("--as", help="customer, assistant, agent or supervisor.")] = "customer",
    rung: Annotated[
        str, typer.Option(help="What the customer has proved: visitor, order, signed_in or fresh.")
    ] = "fresh",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if it were noon of this day.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the reasons: ja or en.")] = "ja",
    policy_file: Annotated[
        Path | None, typer.Option("--policy", help="Policy file to try; default: the rules in force.")
    ] = None,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Print the decision on a deed, its reasons in words, and every rule that was looked at. Changes nothing."""
    chosen = load(settings, data)
    rules = _rules(policy_file or chosen.data.policy)
    held = None if policy_file else _in_force(chosen)
    if held is not None:
        rules = _laid(rules, held.text)
    found, sellers, products = _read(chosen, order)
    wish = Wish(
        tuple(line or ()), quantity, reason, condition, sku or "", parcel, payment or "", tender, gift_card
    )
    now = (
        datetime.now(UTC) if on is None else datetime.combine(on.date(), time(12), rules.zone).astimezone(UTC)
    )
    deed = _deed(action, found, wish)
    decision = policy.decide(
        deed, found, rules, _actor(who, rung), now=now, sellers=sellers, products=products
    )
    _print(decision, deed, found, rules, sellers, language)


@app.command()
def show(
    export: Annotated[
        Path | None, typer.Option(help="Write the version in force to this file, as a policy file.")
    ] = None,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Print the version of the rules in force: what it changes, who put it in force and when."""
    chosen = load(settings, data)
    found = _in_force(chosen)
    if found is None:
        typer.secho("no rules in the database yet; `madoguchi init` makes one", fg="red", err=True)
        raise typer.Exit(1)
    file = _rules(chosen.data.policy)
    console.print(f"version {found.number}, {found.decided_at:%Y-%m-%d %H:%M} UTC by {found.decided_by}")
    if found.why:
        console.print(f"  {found.why}", highlight=False, markup=False, soft_wrap=True)
    rules = _laid(file, found.text)
    for key, value in _differences(rules.model_dump(mode="json"), file.model_dump(mode="json")):
        console.print(f"  {key} = {value!r}", highlight=False, markup=False, soft_wrap=True)
    if export is not None:
        below = tomllib.loads(chosen.data.policy.read_text("utf-8")) if chosen.data.policy else {}
        export.write_text(piece(laid_over(below, tomllib.loads(found.text))), "utf-8")
        console.print(f"[green]✓[/] {export}", highlight=False)


def _in_force(settings: Settings) -> RuleVersion | None:
    """The version in force; None where the database has no such table yet, or is not there."""
    if not settings.data.url and not (settings.data.folder / "madoguchi.db").exists():
        return None
    database = open_database(settings)
    try:
        return database.read(lambda tx: queries.version(tx, queries.number_in_force(tx)))
    except (DBAPIError, NotFound):
        return None
    finally:
        database.close()


def _laid(file: Rules, text: str) -> Rules:
    try:
        return file.changed(text)
    except RulesError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error


def _rules(path: Path | None) -> Rules:
    try:
        return Rules.load(path)
    except RulesError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error


def _read(settings: Settings, number: str) -> tuple[Order, dict[str, Seller], dict[str, Product]]:
    database = open_database(settings)
    shop = EmbeddedShop(database)
    try:
        found = shop.order(number)
        if found is None:
            raise typer.BadParameter(f"there is no order {number}")
        sellers = {each.seller_id: shop.seller(each.seller_id) for each in found.lines}
        products = {each.product_id: shop.product(each.product_id) for each in found.lines}
    except DBAPIError as error:
        typer.secho(
            f"{settings.database_url}: no shop in there yet; `madoguchi init` makes one", fg="red", err=True
        )
        raise typer.Exit(1) from error
    finally:
        database.close()
    return (
        found,
        {key: seller for key, seller in sellers.items() if seller},
        {key: product for key, product in products.items() if product},
    )


def _deed(name: str, order: Order, wish: Wish) -> Action:
    try:
        return deed_of(name, order, wish)
    except NoSuchDeed as error:
        raise typer.BadParameter(str(error)) from error


def _actor(who: str, rung: str) -> Actor:
    if who not in ASKERS:
        raise typer.BadParameter(f"--as is one of: {', '.join(ASKERS)}")
    if rung not in RUNGS:
        raise typer.BadParameter(f"--rung is one of: {', '.join(RUNGS)}")
    return asker_of(who, rung)


def _print(
    decision: Decision, deed: Action, order: Order, rules: Rules, sellers: dict[str, Seller], language: str
) -> None:
    colour = VERDICTS[decision.verdict]
    label = action_label(deed.action, language)
    console.print(f"{order.number}  {label}  [{colour}]{decision.verdict}[/]", soft_wrap=True)
    for reason in decision.reasons:
        console.print(f"  · {reason_text(reason, language)}", highlight=False, markup=False, soft_wrap=True)
    for effect in decision.effects:
        console.print(f"  → {effect_text(effect, language)}", highlight=False, markup=False, soft_wrap=True)
    if decision.alternatives:
        names = ", ".join(action_label(name, language) for name in decision.alternatives)
        console.print(f"  ⇒ {names}", highlight=False, markup=False, soft_wrap=True)
    table = Table(Column("rule", no_wrap=True), Column("value", overflow="fold"), box=None, padding=(0, 2))
    for key in decision.rules:
        table.add_row(key, _value(key, order, rules, sellers))
    console.print(table)


def _value(key: str, order: Order, rules: Rules, sellers: dict[str, Seller]) -> str:
    if key.startswith("seller."):
        name = key.removeprefix("seller.")
        values = {each: getattr(seller, name) for each, seller in sellers.items() if not seller.is_shop}
        return ", ".join(f"{each}: {value}" for each, value in values.items())
    value = rules.value(key)
    return "–" if value is None else str(value)


def _differences(ours: dict[str, Any], shipped: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    """Keys whose values are not those that come with Madoguchi."""
    found: list[tuple[str, Any]] = []
    for key, value in ours.items():
        was = shipped.get(key)
        if isinstance(value, dict):
            found += _differences(value, was if isinstance(was, dict) else {}, f"{before}{key}.")
        elif value != was:
            found.append((f"{before}{key}", value))
    return found
