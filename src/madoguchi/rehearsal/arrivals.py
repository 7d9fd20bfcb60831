"""Customers who come to a running server at the rate of a busy day, each by HTTP and a live socket as a browser would (QUE-013).

Arrivals do not wait for the server (an open loop): one that is too slow sees its customers heap up, and the figures
show it. Nothing of the server is known here but its address.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

DAY_S = 86_400
WORDS = (
    ("ja", "注文した商品がまだ届きません"),
    ("ja", "返品したいのですが"),
    ("ja", "領収書がほしいです"),
    ("ja", "二重に請求されているようです"),
    ("ja", "住所を変更したい"),
    ("ja", "クーポンが使えません"),
    ("ja", "ログインできません"),
    ("en", "Where is my order?"),
    ("en", "I want a refund please"),
    ("zh-Hans", "我想退货"),
    ("ko", "배송이 아직 안 왔어요"),
)
_THINKS_S = (0.5, 3.0)
_REPLY_WITHIN_S = 20.0
_A_PERSON = 0.15


@dataclass
class Tally:
    """What happened. `replies`: seconds from a word to the assistant's answer; `opened`: from the wish to a contact."""

    came: int = 0
    served: int = 0
    words: int = 0
    replies: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    unanswered: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    most_at_once: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Plan:
    """`per_second`: mean arrivals; they come as they like (Poisson). `servers`: base addresses, taken in turn."""

    per_second: float
    seconds: float
    servers: Sequence[str]
    seed: int = 1


def visit(plan: Plan, tick: Callable[[int], None] = lambda _: None) -> Tally:
    """Let everybody come and wait until the last is gone."""
    return asyncio.run(_all(plan, tick))


async def _all(plan: Plan, tick: Callable[[int], None]) -> Tally:
    tally, chance = Tally(), random.Random(plan.seed)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
    clients = [
        httpx.AsyncClient(base_url=f"{server}/api/v1", timeout=_REPLY_WITHIN_S, limits=limits)
        for server in plan.servers
    ]
    began, due = time.monotonic(), 0.0
    inside: set[asyncio.Task[None]] = set()
    while (due := due + chance.expovariate(plan.per_second)) < plan.seconds:
        await asyncio.sleep(max(0.0, began + due - time.monotonic()))
        customer = _Customer(clients[tally.came % len(clients)], random.Random(chance.random()), tally)
        tally.came += 1
        task = asyncio.create_task(customer.come())
        inside.add(task)
        task.add_done_callback(inside.discard)
        tally.most_at_once = max(tally.most_at_once, len(inside))
        tick(tally.came)
    await asyncio.gather(*inside)
    tally.seconds = time.monotonic() - began
    for client in clients:
        await client.aclose()
    return tally


class _Customer:
    """Opens a contact, says one to three things, reads each answer, sometimes wants a person, and goes."""

    def __init__(self, client: httpx.AsyncClient, chance: random.Random, tally: Tally) -> None:
        self._client, self._chance, self._tally = client, chance, tally
        self._token = ""

    async def come(self) -> None:
        try:
            await self._talk()
        except httpx.HTTPStatusError as error:
            self._refused(str(error.response.status_code))
        except (TimeoutError, OSError, httpx.HTTPError) as error:
            self._refused(type(error).__name__)
        else:
            self._tally.served += 1

    async def _talk(self) -> None:
        language, first = self._chance.choice(WORDS)
        began = time.perf_counter()
        self._token = (await self._post("/sessions/visitor", language=language))["token"]
        key = f"opening-{self._chance.getrandbits(60):016x}"
        contact_id = (await self._post("/contacts", client_key=key, language=language))["contact"]["id"]
        self._tally.opened.append(time.perf_counter() - began)
        address = str(self._client.base_url).replace("http", "ws", 1).rstrip("/")
        async with connect(f"{address}/live", compression=None) as socket:
            await socket.send(
                json.dumps({"type": "hello", "token": self._token, "contacts": {contact_id: 0}})
            )
            cursor, _ = await reply_after(socket, 0)
            words = [first, *(self._chance.choice(WORDS)[1] for _ in range(self._chance.randint(0, 2)))]
            for place, word in enumerate(words):
                await asyncio.sleep(self._chance.uniform(*_THINKS_S))
                cursor, goes_on = await self._say(socket, contact_id, word, place, cursor)
                if not goes_on:
                    return
        if self._chance.random() < _A_PERSON:
            key = f"person-{self._chance.getrandbits(60):016x}"
            await self._post(f"/contacts/{contact_id}/hand-over", client_key=key)

    async def _say(
        self, socket: ClientConnection, contact_id: str, word: str, place: int, cursor: int
    ) -> tuple[int, bool]:
        began = time.perf_counter()
        self._tally.words += 1
        await self._post(f"/contacts/{contact_id}/entries", text=word, client_key=f"word-{place:08d}")
        try:
            found = await reply_after(socket, cursor)
        except TimeoutError:
            self._tally.unanswered += 1
            return cursor, False
        self._tally.replies.append(time.perf_counter() - began)
        return found

    async def _post(self, path: str, **body: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        answer = await self._client.post(path, json=body, headers=headers)
        found: dict[str, Any] = answer.raise_for_status().json() if answer.content else {}
        return found

    def _refused(self, why: str) -> None:
        self._tally.refused[why] = self._tally.refused.get(why, 0) + 1


async def reply_after(socket: ClientConnection, cursor: int) -> tuple[int, bool]:
    """Wait for the assistant's next words; the last number, and whether the assistant still has the contact."""
    async with asyncio.timeout(_REPLY_WITHIN_S):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] != "entries":
                continue
            new = [entry for entry in frame["entries"] if entry["seq"] > cursor]
            cursor = max(cursor, frame["cursor"])
            if any(entry["author"]["kind"] == "assistant" and entry["kind"] == "message" for entry in new):
                return cursor, frame["contact"]["owner"]["kind"] == "assistant"
