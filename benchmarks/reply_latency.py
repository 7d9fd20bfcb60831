"""How long a customer waits for the assistant: POST of the words → first frame with its reply on the live socket.

The real server (`madoguchi serve`) in a process of its own on the loopback, SQLite on disk, one customer who says one
thing after another as people do: tracking, returns, thanks, English, nonsense. The clock starts before the POST is
sent and stops when the socket has given the reply. The first turns, in which caches fill, count as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

import httpx
from websockets.asyncio.client import connect

from madoguchi.cli.dev.torture.server import Server
from madoguchi.rehearsal.arrivals import reply_after

WORDS = (
    "注文した商品がまだ届きません",
    "返品したいのですが",
    "Where is my order?",
    "領収書がほしいです",
    "二重に請求されているようです",
    "住所を変更したい",
    "ありがとうございます",
    "I want a refund please",
    "クーポンが使えません",
    "あしたの天気は？",
)
WORDS_PER_CONTACT = 4
PAUSE_S = 0.02


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=300)
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-benchmark-") as folder:
        server = Server(Path(folder))
        server.start()
        try:
            seconds = asyncio.run(measure(server, chosen.turns))
        finally:
            server.stop()
    ordered = sorted(seconds)
    found = {
        "benchmark": "reply_latency",
        "turns": len(ordered),
        **{
            f"p{percent}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000, 1)
            for percent in (50, 95, 99)
        },
        "max_ms": round(ordered[-1] * 1000, 1),
    }
    if not chosen.json:
        print(f"{found['turns']} turns: half within {found['p50_ms']} ms, 99 % within {found['p99_ms']} ms")
    print(json.dumps(found))


async def measure(server: Server, turns: int) -> list[float]:
    """Seconds from word to reply, one for each turn."""
    token = server.post("/sessions/visitor", {"language": "ja"})["token"]
    headers = {"Authorization": f"Bearer {token}"}
    found: list[float] = []
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", headers=headers) as client:
        while len(found) < turns:
            found += await _one_contact(server, client, token, len(found))
    return found


async def _one_contact(server: Server, client: httpx.AsyncClient, token: str, done: int) -> list[float]:
    opened = await client.post("/contacts", json={"client_key": f"opening-{done:06d}", "language": "ja"})
    contact_id = opened.raise_for_status().json()["contact"]["id"]
    found = []
    async with connect(f"ws://127.0.0.1:{server.port}/api/v1/live", compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "token": token, "contacts": {contact_id: 0}}))
        cursor, _ = await reply_after(socket, 0)
        for place in range(WORDS_PER_CONTACT):
            await asyncio.sleep(PAUSE_S)
            word = {"text": WORDS[(done + place) % len(WORDS)], "client_key": f"word-{done}-{place:04d}"}
            began = time.perf_counter()
            posting = asyncio.create_task(client.post(f"/contacts/{contact_id}/entries", json=word))
            cursor, assistant_goes_on = await reply_after(socket, cursor)
            found.append(time.perf_counter() - began)
            (await posting).raise_for_status()
            if not assistant_goes_on:
                break
    return found


if __name__ == "__main__":
    main()
