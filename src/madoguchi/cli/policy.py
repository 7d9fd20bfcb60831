"""`madoguchi policy`: what the written policy says to a deed, and whether a policy file can be used."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy.exc import DBAPIError

from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.connectors.embedded.shop import EmbeddedShop
from madoguchi.counter.actors import Actor, Role, Rung
from madoguchi.counter.orders import policy
from madoguchi.counter.orders.actions import ACTION, OFFERED_NAMES, Action
from madoguchi.counter.orders.model import Decision, Order, Product, Seller
from madoguchi.counter.orders.rules import Rules, RulesError
from madoguchi.counter.orders.wording import action_label, effect_text, reason_text
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings

app = typer.Typer(help="The shop's written policy.", no_args_is_help=True)
console = Console()

ROLES: dict[str, tuple[str, frozenset[Role]]] = {
    "customer": ("customer", frozenset()),
    "assistant": ("assistant", frozenset()),
    "agent": ("agent", frozenset({"agent"})),
    "supervisor": ("agent", frozenset({"agent", "supervisor"})),
}
RUNGS = {"visitor": Rung.VISITOR, "order": Rung.ORDER, "signed_in": Rung.SIGNED_IN, "fresh": Rung.FRESH}
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
        Path | None, typer.Option("--policy", help="Policy file to try; default: the one in the settings.")
    ] = None,
    settings: SettingsFile = None,
    data: DataFolder = None,
) -> None:
    """Print the decision on a deed, its reasons in words, and every rule that was looked at. Changes nothing."""
    chosen = load(settings, data)
    rules = _rules(policy_file or chosen.data.policy)
    found, sellers, products = _read(chosen, order)
    wish = {
        "line": line or [each.id for each in found.lines[:1]],
        "quantity": quantity,
        "reason": reason,
        "condition": condition,
        "sku": sku,
        "parcel_id": parcel,
        "payment_id": payment or next((each.id for each in reversed(found.payments)), ""),
        "tender": tender,
        "refund_to": "gift_card" if gift_card else "original",
        "whole": line is None,
    }
    now = (
        datetime.now(UTC) if on is None else datetime.combine(on.date(), time(12), rules.zone).astimezone(UTC)
    )
    deed = _deed(action, found, wish)
    decision = policy.decide(
        deed, found, rules, _actor(who, rung), now=now, sellers=sellers, products=products
    )
    _print(decision, deed, found, rules, sellers, language)


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


def _deed(name: str, order: Order, wish: dict[str, Any]) -> Action:
    """The request as a customer would have made it; what was not said is filled with an example."""
    pieces = [{"line_id": line_id, "quantity": wish["quantity"]} for line_id in wish["line"]]
    first = wish["line"][0] if wish["line"] else ""
    own_sku = next((each.sku for each in order.lines if each.id == first), "")
    picked = {key: wish[key] for key in ("reason", "condition")}
    change = {"line_id": first, "quantity": wish["quantity"], "sku": wish["sku"]}
    elsewhere = order.address.model_dump() | {"line2": f"{order.address.line2}*"}
    bodies: dict[str, dict[str, Any]] = {
        "cancel": {"lines": [] if wish["whole"] else pieces},
        "change_address": {"address": elsewhere},
        "change_lines": {"changes": [change]},
        "change_payment": {"tender": wish["tender"]},
        "return": {"lines": pieces, "refund_to": wish["refund_to"], **picked},
        "exchange": {"line_id": first, "quantity": wish["quantity"], "sku": wish["sku"] or own_sku, **picked},
        "reship": {"parcel_id": wish["parcel_id"]},
        "refund_missing": {"parcel_id": wish["parcel_id"]},
        "refund_duplicate": {"payment_id": wish["payment_id"]},
    }
    if name not in bodies:
        raise typer.BadParameter(f"there is no action {name!r}; one of: {', '.join(OFFERED_NAMES)}")
    try:
        return ACTION.validate_python({"action": name, **bodies[name]})
    except ValidationError as error:
        first_problem = error.errors()[0]
        field = ".".join(str(part) for part in first_problem["loc"][1:])
        raise typer.BadParameter(f"{field}: {first_problem['msg']}") from error


def _actor(who: str, rung: str) -> Actor:
    if who not in ROLES:
        raise typer.BadParameter(f"--as is one of: {', '.join(ROLES)}")
    if rung not in RUNGS:
        raise typer.BadParameter(f"--rung is one of: {', '.join(RUNGS)}")
    kind, roles = ROLES[who]
    return Actor(kind=kind, id="policy-explain", rung=RUNGS[rung], roles=roles)  # type: ignore[arg-type]


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
