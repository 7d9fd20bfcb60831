"""Operations of another system's data: a shop of any catalogue, replayed through the API, leaves one state."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from madoguchi.app import create_app
from madoguchi.cli import app
from madoguchi.connectors.embedded.importing.work import import_files
from madoguchi.rehearsal.replay import Client, Outcome, Replay, ReplayError, client_of, read_operations
from madoguchi.rehearsal.stage import Stage
from tests.conftest import StillClock

SECRET = "a-secret-of-the-shop-that-is-long-enough"
CUSTOMERS, ORDERS_EACH = 12, 6
POLICY = """
[limits]
once_per_order = [["change_lines"], ["return", "exchange"]]
[settlement]
price_difference = "must_name"
[payment]
paid_orders = "yes"
[returns]
window_days = 3650
opened = "yes"
[approval]
actions = []
"""


def catalogue(dice: random.Random) -> list[dict[str, Any]]:
    """Products with options, people with several ways of paying and addresses, orders in several parcels."""
    products = [
        {
            "type": "product", "id": f"p{n}", "name": {"en": f"Thing {n}"},
            "variants": [
                {"sku": f"p{n}-{colour}-{size}", "name": {"en": f"{colour} / {size}"},
                 "price": 1000 + 100 * n + 50 * step, "stock": 100_000}
                for step, (colour, size) in enumerate((c, s) for c in ("red", "blue") for s in ("S", "M"))
            ],
        }
        for n in range(8)
    ]  # fmt: skip
    records = list(products)
    for n in range(CUSTOMERS):
        ref = f"X{n:03d}"
        records.append({"type": "customer", "shop_ref": ref, "name": f"Customer {n}", "email": f"x{n}@example.com",
                        "language": "en", "addresses": [address(n), address(n + 50)]})  # fmt: skip
        records.append({"type": "wallet", "customer_ref": ref, "methods": [
            {"id": f"{ref}-card", "tender": "card", "label": f"Visa {n:04d}"},
            {"id": f"{ref}-gift", "tender": "gift_card", "label": f"Gift {n:04d}", "balance": 100 * n},
        ]})  # fmt: skip
        for m in range(ORDERS_EACH):
            records.append(an_order(dice, products, n, m))
    return records


def an_order(dice: random.Random, products: list[dict[str, Any]], n: int, m: int) -> dict[str, Any]:
    ref, number = f"X{n:03d}", f"X-{n:03d}-{m:03d}"
    lines = []
    for step, product in enumerate(dice.sample(products, dice.randint(1, 4)), 1):
        variant = dice.choice(product["variants"])
        lines.append({"id": f"L{step}", "product_id": product["id"], "sku": variant["sku"], "name": product["name"],
                      "quantity": dice.choice((1, 1, 2)), "unit_price": variant["price"]})  # fmt: skip
    total = sum(line["unit_price"] * line["quantity"] for line in lines)
    found = {
        "type": "order", "number": number, "customer_ref": ref, "placed_at": "2026-11-01T10:00:00+09:00",
        "lines": lines, "total": total, "address": address(n),
        "payments": [{"id": f"{number}-P1", "tender": "card", "label": f"Visa {n:04d}", "method_id": f"{ref}-card",
                      "authorised": total, "captured": total}],
    }  # fmt: skip
    if m % 2:
        cut = max(1, len(lines) // 2)
        found["parcels"] = [
            {"id": f"S{step}", "carrier": "Fast", "tracking_number": f"{n}{m}{step}", "state": "delivered",
             "lines": [{"line_id": line["id"], "quantity": line["quantity"]} for line in part],
             "shipped_at": "2026-11-02T10:00:00+09:00", "delivered_at": "2026-11-03T10:00:00+09:00"}
            for step, part in enumerate((lines[:cut], lines[cut:]), 1) if part
        ]  # fmt: skip
    return found


def address(n: int) -> dict[str, str]:
    return {
        "name": f"Customer {n}",
        "postal_code": f"100-{n:04d}",
        "region": "Tokyo",
        "city": "Minato",
        "line1": f"{n}-1",
    }


def operations(dice: random.Random, records: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Wishes of every kind on these orders, sensible ones and others."""
    orders = [record for record in records if record["type"] == "order"]
    variants = {r["id"]: [v["sku"] for v in r["variants"]] for r in records if r["type"] == "product"}
    made = []
    for n in range(count):
        order = dice.choice(orders)
        ref, lines = order["customer_ref"], order["lines"]
        method = dice.choice((f"{ref}-card", f"{ref}-card", f"{ref}-gift", "X999-card", ""))
        swaps = [
            {"line_id": line["id"], "sku": dice.choice(variants[line["product_id"]])}
            for line in dice.sample(lines, dice.randint(1, len(lines)))
        ]
        action: dict[str, Any] = dice.choice(
            [
                {"action": "cancel", "reason": "no longer needed"},
                {"action": "change_address", "address": address(dice.randint(1, 99))},
                {"action": "change_lines", "changes": swaps, "method_id": method},
                {"action": "change_payment", "tender": "card" if method.endswith("card") else "gift_card", "method_id": method},
                {"action": "return", "lines": [{"line_id": each["line_id"], "quantity": 1} for each in swaps],
                 "reason": "no_longer_wanted", "condition": "opened_unused", "method_id": method},
                {"action": "exchange", **swaps[0], "also": swaps[1:], "reason": "does_not_fit",
                 "condition": "opened_unused", "method_id": method},
            ]
        )  # fmt: skip
        made.append({"id": f"op-{n:05d}", "customer": ref, "order": order["number"], "action": action})
    made.append({"do": "default_address", "id": "op-home", "customer": "X001", "address": address(77)})
    made.append(
        {
            "do": "hand_over",
            "id": "op-person",
            "customer": "X002",
            "order": "X-002-000",
            "text": "please call",
        }
    )
    return made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, dice = tmp_path_factory.mktemp("replay"), random.Random("replay")
    records = catalogue(dice)
    found = {name: folder / name for name in ("shop.jsonl", "operations.jsonl", "policy.toml")}
    found["shop.jsonl"].write_text("\n".join(map(json.dumps, records)), "utf-8")
    found["operations.jsonl"].write_text("\n".join(map(json.dumps, operations(dice, records, 250))), "utf-8")
    found["policy.toml"].write_text(POLICY, "utf-8")
    return found


@pytest.fixture(scope="module")
def made(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(
        tmp_path_factory.mktemp("replay-stage"),
        clock=StillClock(),
        identity={"shop_token_secret": SECRET},
        data={"policy": files["policy.toml"]},
    )


@pytest.fixture
def client(made: Stage, files: dict[str, Path]) -> Iterator[Client]:
    with made.house() as house:
        assert not import_files(house.database, [files["shop.jsonl"]]).errors
        with client_of(create_app(house, work=False), house.settings.base_url) as client:
            yield client


def replay(client: Client, path: Path) -> Outcome:
    return Replay(client, SECRET, now=StillClock()()).run(read_operations(path))


def test_two_replays_of_hundreds_of_operations_leave_the_same_state(
    made: Stage, files: dict[str, Path]
) -> None:
    found = []
    for _ in range(2):
        with made.house() as house:
            import_files(house.database, [files["shop.jsonl"]])
            with client_of(create_app(house, work=False), house.settings.base_url) as client:
                found.append(replay(client, files["operations.jsonl"]))
    one, other = found
    assert one.digest == other.digest
    assert one.counts == other.counts
    assert one.counts["done"] >= 40, one
    assert one.counts["refused"] >= 60, one
    assert set(one.counts) <= {"done", "refused"}, one
    assert len(one.refusals) >= 6, one


def test_the_digest_tells_another_state_apart(client: Client, files: dict[str, Path], tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.jsonl"
    lines = files["operations.jsonl"].read_text("utf-8").splitlines()
    fewer.write_text("\n".join(line for line in lines if "op-home" in line), "utf-8")
    replaying = Replay(client, SECRET, now=StillClock()())
    replaying.run([])
    first = replaying.run(read_operations(fewer))
    assert first.counts == {"done": 1}
    before = first.digest
    again = tmp_path / "again.jsonl"
    again.write_text(
        json.dumps({"do": "default_address", "id": "x", "customer": "X001", "address": address(5)})
    )
    assert replaying.run(read_operations(again)).digest != before


def test_a_line_that_is_no_operation_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "1", "customer": "X001", "order": "A", "action": {}}\n{"id": "2"}\n', "utf-8")
    with pytest.raises(ReplayError, match=r"bad\.jsonl:2"):
        list(read_operations(bad))


def test_the_command_prints_the_digest(files: dict[str, Path], tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(files["operations.jsonl"].read_text("utf-8").splitlines()[:3]), "utf-8")
    shown = CliRunner().invoke(
        app,
        [
            "dev",
            "replay",
            str(few),
            "--shop",
            str(files["shop.jsonl"]),
            "--policy",
            str(files["policy.toml"]),
        ],
    )
    assert shown.exit_code == 0, shown.output
    found = json.loads(shown.stdout)
    assert len(found["digest"]) == 64
    assert sum(found["operations"].values()) == 3
