"""`madoguchi dev load`: real servers under the contacts of a busy day, and what this machine made of it (QUE-013)."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress

from madoguchi.cli.dev.torture.ground import scratch_database
from madoguchi.cli.dev.torture.report import LOCAL_SERVER
from madoguchi.cli.dev.torture.server import Server
from madoguchi.cli.options import SettingsFile, load
from madoguchi.kit.percentile import percentile
from madoguchi.rehearsal.arrivals import DAY_S, Plan, Tally, visit

REPLY_S = 3.0  # BOT-002, SLA-009: the 95th percentile of the assistant's answer


def load_command(
    contacts: Annotated[
        int | None,
        typer.Option(min=1, help="Contacts of a day; without it capacity.contacts_per_day of the settings."),
    ] = None,
    peak: Annotated[
        float | None,
        typer.Option(min=0.01, help="So many times the day's mean arrive; without it capacity.peak."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="How long customers come.")] = 60,
    servers: Annotated[int, typer.Option(min=1, help="Processes that serve, over one database.")] = 1,
    database: Annotated[
        Literal["sqlite", "postgresql"], typer.Option(help="The kind of database to stand on.")
    ] = "sqlite",
    postgresql: Annotated[
        str, typer.Option("--server", help="PostgreSQL server on which a scratch database is made.")
    ] = LOCAL_SERVER,
    seed: Annotated[int, typer.Option(help="The same seed lets the same customers come.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Let customers come as on a busy day, to real servers on a scratch database; print how they were served.

    Ends with 1 where somebody was refused or left without an answer, or an answer took too long for one of twenty.
    The customers live on this machine too and take their share of it, so that a machine of its own does better.
    """
    capacity = load(settings).capacity
    a_day = contacts or capacity.contacts_per_day
    rate = a_day / DAY_S * (peak or capacity.peak)
    with ExitStack() as stack:
        url = stack.enter_context(scratch_database(database, postgresql))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="madoguchi-load-"))
        serving = [Server(Path(folder), environment={"MADOGUCHI_DATA__URL": url}) for _ in range(servers)]
        for each in serving:
            stack.callback(each.stop)
            each.start()
        plan = Plan(rate, seconds, [each.url for each in serving], seed)
        progress = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        task = progress.add_task(f"{rate:.1f} customers a second", total=rate * seconds)
        tally = visit(plan, lambda came: progress.update(task, completed=came))
    found = _record(tally, rate, a_day, database, servers, seed)
    if as_json:
        typer.echo(json.dumps(found))
    else:
        _print(found)
    raise typer.Exit(0 if found["ok"] else 1)


def _record(tally: Tally, rate: float, a_day: int, database: str, servers: int, seed: int) -> dict[str, Any]:
    reply = {f"reply_p{share}_s": _at(tally.replies, share) for share in (50, 95, 99)}
    return {
        "contacts_a_day": a_day,
        "target_per_second": round(rate, 2),
        "came": tally.came,
        "served": tally.served,
        "served_per_second": round(tally.served / tally.seconds, 2) if tally.seconds else 0.0,
        "words": tally.words,
        "unanswered": tally.unanswered,
        "refused": tally.refused,
        "most_at_once": tally.most_at_once,
        "opened_p95_s": _at(tally.opened, 95),
        **reply,
        "database": database,
        "servers": servers,
        "seed": seed,
        "machine": machine(),
        "ok": bool(
            tally.came == tally.served and not tally.unanswered and (reply["reply_p95_s"] or 0) <= REPLY_S
        ),
    }


def machine() -> dict[str, Any]:
    """What was measured on: processor, cores, memory in GiB, load before, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "load": round(os.getloadavg()[1], 1),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        rows = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (row.partition(":")[2].strip() for row in rows if row.startswith("model name"))
    return next(named, platform.machine())


def _at(seconds: list[float], share: int) -> float | None:
    return round(percentile(seconds, share / 100), 3) if seconds else None


def _print(found: dict[str, Any]) -> None:
    on = found["machine"]
    typer.echo(
        f"{found['contacts_a_day']:,} contacts a day, at their peak {found['target_per_second']} a second, for a while:\n"
        f"{found['came']:,} came, {found['served']:,} were served ({found['served_per_second']} a second, up to "
        f"{found['most_at_once']} at once), {found['unanswered']} words without an answer, refused: "
        f"{found['refused'] or 'nobody'}\n"
        f"an answer within {found['reply_p50_s']} s (half), {found['reply_p95_s']} s (95 %), {found['reply_p99_s']} s (99 %)\n"
        f"{found['servers']} server(s) on {found['database']}, {on['processor']}, {on['cores']} cores, "
        f"{on['memory_gib']} GiB, load {on['load']}, Python {on['python']}"
    )
