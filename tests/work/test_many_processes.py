"""Two web processes and a worker on one PostgreSQL: what is said at one is answered on the other."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import websockets

pytestmark = pytest.mark.postgres


@pytest.fixture
def two_doors(postgres_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two `serve --no-work`, with one `work` beside them."""
    environment = {
        **os.environ,
        "MADOGUCHI_DATA__URL": postgres_url,
        "MADOGUCHI_DATA__FOLDER": str(tmp_path / "data"),
    }
    ports = [_free_port(), _free_port()]
    commands = [["serve", "--no-work", "--port", str(port)] for port in ports] + [["work"]]
    processes = [
        subprocess.Popen([sys.executable, "-m", "madoguchi", *command], env=environment, cwd=tmp_path)
        for command in commands
    ]
    for port in ports:
        _wait_until_open(f"http://127.0.0.1:{port}/api/v1/shop")
    yield f"127.0.0.1:{ports[0]}", f"127.0.0.1:{ports[1]}"
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(20)


@pytest.mark.req("CH-032", "BOT-001")
def test_a_word_at_one_door_is_answered_at_the_other(two_doors: tuple[str, str]) -> None:
    first, second = two_doors

    async def story() -> list[tuple[int, str]]:
        api = f"http://{first}/api/v1"
        async with httpx.AsyncClient(timeout=20) as client:
            session = (await client.post(f"{api}/sessions/visitor", json={"language": "ja"})).json()
            headers = {"Authorization": f"Bearer {session['token']}"}
            wish = {"client_key": "open-00000001", "language": "ja", "text": "営業時間を教えてください"}
            contact = (await client.post(f"{api}/contacts", json=wish, headers=headers)).json()["contact"]
            async with websockets.connect(f"ws://{second}/api/v1/live") as line:
                hello = {"type": "hello", "token": session["token"], "contacts": {contact["id"]: 0}}
                await line.send(json.dumps(hello))
                seen = await _until_answered(line)
                say = {"client_key": "say-000000001", "text": "担当者と話したい"}
                await client.post(f"{api}/contacts/{contact['id']}/entries", json=say, headers=headers)
                return seen + await _until_answered(line)

    seen = asyncio.run(story())
    numbers = [seq for seq, _ in seen]
    assert numbers == sorted(set(numbers))
    assert [kind for _, kind in seen].count("assistant") >= 2


async def _until_answered(line: websockets.ClientConnection) -> list[tuple[int, str]]:
    """Entries (seq, author) up to and with the next word of the assistant."""
    seen: list[tuple[int, str]] = []
    while True:
        frame = json.loads(await asyncio.wait_for(line.recv(), 15))
        for entry in frame.get("entries", []):
            seen.append((entry["seq"], entry["author"]["kind"]))
        if any(author == "assistant" for _, author in seen):
            return seen


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not open")
