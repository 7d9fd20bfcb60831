"""`demo`, `serve` and `work`: the counter, running."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvicorn
from rich.console import Console

from madoguchi.app import create_app
from madoguchi.building import build_house, workers_of
from madoguchi.cli.options import DataFolder, SettingsFile, load
from madoguchi.connectors.embedded.demo.cast import MISAKI_LATE
from madoguchi.connectors.embedded.demo.load import load_demo
from madoguchi.connectors.embedded.demo.staff import SELLERS, ensure_staff
from madoguchi.demonstration.past import fill
from madoguchi.engine.settings import Settings
from madoguchi.faces.house import House
from madoguchi.faces.patience import patient
from madoguchi.kit.languages import NAMES
from madoguchi.kit.loading import loading
from madoguchi.mailroom import MailRoom

console = Console()
Port = Annotated[int | None, typer.Option("--port", "-p", help="Port; 0 picks a free one.")]


def demo(
    port: Port = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    data: Annotated[Path, typer.Option("--data", help="Folder for the demonstration's data.")] = Path(
        "data/demo"
    ),
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    settings: SettingsFile = None,
) -> None:
    """Run the counter with the demonstration shop みどり商店: customers, orders and staff are there at once."""
    _quiet_logs()
    sections = _server(host, port)
    chosen = _calling_back(
        _in_every_language(_as_shop(load(settings, data, demo={"enabled": True}, **sections)))
    )
    with console.status("Opening the counter …"), loading():
        house = build_house(chosen)
    if house.shop.order(MISAKI_LATE) is None:
        with console.status("Filling the shop: customers, products, orders …"):
            summary = load_demo(house.database, house.database.clock())
        console.print(f"[green]✓[/] Demonstration shop: {summary}")
    passwords = ensure_staff(house.database, chosen.data.folder)
    if chosen.demo.past:
        with console.status("Remembering the last months …"):
            _quiet_logs(logging.WARNING)  # what happened then is no news now
            fill(house)
            _quiet_logs()
    _announce(chosen, passwords)
    if browser:
        threading.Thread(target=_open_when_ready, args=(chosen.base_url,), daemon=True).start()
    _run(house)


def _as_shop(settings: Settings) -> Settings:
    """The demonstration shop signs its customers in to the widget as a real shop does, with a secret of this run."""
    if settings.identity.shop_token_secret:
        return settings
    identity = settings.identity.model_copy(update={"shop_token_secret": secrets.token_hex(32)})
    return settings.model_copy(update={"identity": identity})


def _calling_back(settings: Settings) -> Settings:
    """The demonstration calls customers back from a number that nobody has, unless its settings file says otherwise."""
    if "caller_id" in settings.callback.model_fields_set:
        return settings
    callback = settings.callback.model_copy(update={"caller_id": "0120-000-000"})
    return settings.model_copy(update={"callback": callback})


def _in_every_language(settings: Settings) -> Settings:
    """The demonstration offers all that there are, unless its settings file names some."""
    if "languages" in settings.shop.model_fields_set:
        return settings
    shop = settings.shop.model_copy(update={"languages": list(NAMES)})
    return settings.model_copy(update={"shop": shop})


def serve(
    settings: SettingsFile = None,
    data: DataFolder = None,
    port: Port = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    work: Annotated[
        bool, typer.Option(help="Also run the assistant, mails and routing in this process.")
    ] = True,
) -> None:
    """Run the counter for a real shop."""
    _quiet_logs()
    chosen = load(settings, data, **_server(host, port))
    with loading():
        house = build_house(chosen)
    console.print(f"Madoguchi: {chosen.base_url}")
    _run(house, work=work)


def work(settings: SettingsFile = None, data: DataFolder = None) -> None:
    """Run the assistant, mails and routing without the web faces (PostgreSQL only; beside `serve --no-work`)."""
    _quiet_logs()
    chosen = load(settings, data)
    with loading():
        house = build_house(chosen)
    if house.database.is_sqlite:
        typer.secho("`work` needs PostgreSQL; with SQLite `serve` does it all.", fg="red", err=True)
        raise typer.Exit(2)
    asyncio.run(_work(house))


async def _work(house: House) -> None:
    house.database.listen()
    mailroom = MailRoom(house)
    workers = workers_of(house, mailroom)
    workers.start()
    try:
        mailroom.open()
    except OSError as error:
        typer.secho(f"Mails are taken by another worker on this machine ({error}).", fg="yellow", err=True)
    try:
        await asyncio.Event().wait()
    finally:
        mailroom.close()
        await workers.stop()


def _run(house: House, *, work: bool = True) -> None:
    server = house.settings.server
    with loading():
        app = create_app(house, work=work)
    uvicorn.run(
        app,
        host=server.host,
        port=server.port,
        http=patient(server.request_timeout_s),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=15,
        ws_max_size=65_536,
        h11_max_incomplete_event_size=65_536,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(server.trusted_proxies),
        forwarded_allow_ips=server.trusted_proxies,
    )


def _server(host: str | None, port: int | None) -> dict[str, dict[str, object]]:
    server: dict[str, object] = {}
    if host is not None:
        server["host"] = host
    if port is not None:
        server["port"] = port or _free_port()
    return {"server": server} if server else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _announce(settings: Settings, passwords: dict[str, str]) -> None:
    url = settings.base_url
    console.print(f"\n[bold]窓口 Madoguchi[/] is open at [link={url}]{url}[/]\n")
    console.print(f"  customers   {url}/demo/shop  ·  {url}/help")
    sellers = {login for login, *_ in SELLERS}
    for title, page, logins in (
        ("agents ", "desk", passwords.keys() - sellers),
        ("sellers", "seller", passwords.keys() & sellers),
    ):
        console.print(f"  {title}     {url}/{page}")
        for login in sorted(logins):
            console.print(f"              {login} / {passwords[login]}")
    console.print(f"  API         {url}/docs")
    console.print("\nStop with Ctrl+C. Everything is kept in", str(settings.data.folder), "\n")


def _open_when_ready(url: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{url}/api/v1/shop", timeout=1):
                webbrowser.open(f"{url}/demo/shop")
                return
        except OSError:
            time.sleep(0.2)


def _quiet_logs(level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(),
    )
