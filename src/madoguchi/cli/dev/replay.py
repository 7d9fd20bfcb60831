"""`madoguchi dev replay FILE.jsonl`: operations of another system through the API, and a digest of what they leave."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from madoguchi.app import create_app
from madoguchi.connectors.embedded.importing.work import import_files
from madoguchi.kit.clock import system_clock
from madoguchi.rehearsal.replay import Outcome, Replay, ReplayError, client_of, read_operations
from madoguchi.rehearsal.stage import stage


def replay_command(
    file: Annotated[
        Path, typer.Argument(help="Operations, one JSON object per line.", exists=True, dir_okay=False)
    ],
    server: Annotated[
        str, typer.Option(help="A running server; without it a throw-away one in this process.")
    ] = "",
    secret: Annotated[
        str,
        typer.Option(envvar="MADOGUCHI_IDENTITY__SHOP_TOKEN_SECRET", help="The server's shop_token_secret."),
    ] = "",
    shop: Annotated[
        list[Path] | None,
        typer.Option(help="Files to import into the throw-away shop first, beside the demonstration."),
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="The policy.toml of the throw-away shop.")] = None,
) -> None:
    """Replay operations and print a digest of the state of every order, wallet and address they could touch."""
    try:
        outcome = _at(server, secret, file) if server else _here(file, shop or [], policy)
    except (ReplayError, httpx.HTTPError) as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(2) from error
    typer.echo(
        json.dumps(
            {
                "digest": outcome.digest,
                "operations": dict(sorted(outcome.counts.items())),
                "refusals": dict(outcome.refusals.most_common()),
            },
            ensure_ascii=False,
            indent=2,
        )
    )


def _at(server: str, secret: str, file: Path) -> Outcome:
    if not secret:
        raise ReplayError("--secret is needed to sign customers in")
    with httpx.Client(base_url=server, timeout=30) as client:
        return Replay(client, secret).run(read_operations(file))


def _here(file: Path, shop: list[Path], policy: Path | None) -> Outcome:
    secret = secrets.token_hex(32)
    sections: dict[str, dict[str, Any]] = {
        "identity": {"shop_token_secret": secret},
        "limits": {"contacts_per_hour": 100_000, "contacts_per_address": 100_000},
        **({"data": {"policy": policy}} if policy else {}),
    }
    with stage(clock=system_clock, **sections) as made, made.house() as house:
        if shop:
            report = import_files(house.database, shop)
            if report.errors:
                raise ReplayError("\n".join(f"{p.where('en')}: {p.text('en')}" for p in report.errors[:20]))
        with client_of(create_app(house, work=False), house.settings.base_url) as client:
            return Replay(client, secret).run(read_operations(file))
