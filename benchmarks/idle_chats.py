"""What an open chat costs that says nothing: resident memory of the real server for each live socket.

`madoguchi serve` in a process of its own on the loopback; N contacts, each followed by a live
socket of its own; every 200 of them are one visitor's, because sessions from one address are limited. The server's RSS is read (/proc) when it is warm with 50 sockets, and again with all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
import time
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect

from madoguchi.cli.dev.torture.server import Server

WARM = 50
AT_ONCE = 40
CHATS_OF_ONE = 200


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sockets", type=int, default=5000)
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    _raise_limit(chosen.sockets * 2 + 2000)
    with tempfile.TemporaryDirectory(prefix="madoguchi-benchmark-") as folder:
        server = Server(Path(folder))
        server.start()
        try:
            found = asyncio.run(measure(server, chosen.sockets))
        finally:
            server.stop()
    if not chosen.json:
        print(f"{found['sockets']} idle chats: {found['kib_per_socket']} KiB each")
    print(json.dumps({"benchmark": "idle_chats", **found}))


async def measure(server: Server, sockets: int) -> dict[str, object]:
    lines: list[ClientConnection] = []
    tokens: list[str] = []
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", timeout=60) as client:
        lines += await _join(server, client, tokens, 0, WARM)
        await asyncio.sleep(2)
        warm = _rss(server.pid)
        began = time.monotonic()
        while len(lines) < sockets:
            lines += await _join(server, client, tokens, len(lines), min(AT_ONCE, sockets - len(lines)))
        joined = time.monotonic() - began
        await asyncio.sleep(5)
        full = _rss(server.pid)
        began = time.monotonic()
        await client.post("/sessions/visitor", json={"language": "ja"})
        answer = time.monotonic() - began
    open_still = sum(line.state.name == "OPEN" for line in lines)
    for line in lines:
        line.transport.abort()
    return {
        "sockets": open_still,
        "rss_warm_mib": round(warm / 1024, 1),
        "rss_full_mib": round(full / 1024, 1),
        "kib_per_socket": round((full - warm) / (open_still - WARM), 1),
        "joined_per_s": round((open_still - WARM) / joined),
        "answer_ms_when_full": round(answer * 1000, 1),
    }


async def _join(
    server: Server, client: httpx.AsyncClient, tokens: list[str], first: int, number: int
) -> list[ClientConnection]:
    while len(tokens) * CHATS_OF_ONE < first + number:
        begun = await client.post("/sessions/visitor", json={"language": "ja"})
        tokens.append(begun.raise_for_status().json()["token"])
    places = range(first, first + number)
    return list(
        await asyncio.gather(*[_chat(server, client, tokens[each // CHATS_OF_ONE], each) for each in places])
    )


async def _chat(server: Server, client: httpx.AsyncClient, token: str, number: int) -> ClientConnection:
    """A customer who has opened the widget, is greeted, and says nothing."""
    opened = await client.post(
        "/contacts",
        json={"client_key": f"opening-{number:06d}", "language": "ja"},
        headers={"Authorization": f"Bearer {token}"},
    )
    contact_id = opened.raise_for_status().json()["contact"]["id"]
    line = await connect(
        f"ws://127.0.0.1:{server.port}/api/v1/live", compression=None, ping_interval=None, open_timeout=60
    )
    await line.send(json.dumps({"type": "hello", "token": token, "contacts": {contact_id: 0}}))
    await line.recv()
    return line


def _rss(pid: int) -> int:
    """Resident memory of a process, in KiB."""
    for row in Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1])
    raise RuntimeError("no VmRSS")


def _raise_limit(wanted: int) -> None:
    """The server inherits it: every socket is a file on both sides."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


if __name__ == "__main__":
    main()
