"""A flood of forms that name other people's addresses: nobody is mailed twice, no word of it leaves us, and honest
customers' forms go through meanwhile (S-04).

`MADOGUCHI_FLOOD_POSTS` posts (100,000 in the reported run), named victims and networks in proportion.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import Counter as Tally
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest

from madoguchi.connectors.embedded.demo import cast
from tests.faces.api.people import BASE
from tests.form.conftest import BROKEN, FormCounter, SignsIn, Writer

POSTS = int(os.environ.get("MADOGUCHI_FLOOD_POSTS", "600"))
VICTIMS = max(10, POSTS // 100)
NETWORKS = max(5, POSTS // 200)
WORDS = "GRATIS-GEWINN http://evil.example/x 無料で当選しました"
_TOKEN = re.compile(r'name="(draft|token|csrf)" value="([^"]*)"')


@dataclass
class Attacker:
    """One network. Speaks to the app itself, as fast as it answers, and follows the form's pages only as far as it must."""

    app: object
    host: str
    cookie: str = ""
    ready: dict[str, str] = field(default_factory=dict)

    async def post(self, path: str, fields: dict[str, str]) -> tuple[int, bytes]:
        return await self._call("POST", path, urlencode(fields).encode())

    async def get(self, path: str) -> tuple[int, bytes]:
        return await self._call("GET", path, b"")

    async def _call(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        path, _, query = path.partition("?")
        headers = [
            (b"host", BASE.partition("//")[2].encode()),
            (b"sec-fetch-site", b"same-origin"),
            (b"accept-language", b"ja"),
            (b"content-length", str(len(body)).encode()),
        ]
        if body:
            headers.append((b"content-type", b"application/x-www-form-urlencoded"))
        if self.cookie:
            headers.append((b"cookie", self.cookie.encode()))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "client": (self.host, 40000),
            "server": ("127.0.0.1", 8310),
            "root_path": "",
        }
        status, parts = 0, []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, object]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(str(message["status"]))
                for name, value in message["headers"]:  # type: ignore[attr-defined]
                    if name == b"set-cookie" and value.startswith(b"madoguchi_customer="):
                        self.cookie = value.decode().partition(";")[0]
            else:
                parts.append(bytes(message.get("body", b"")))  # type: ignore[call-overload]

        await self.app(scope, receive, send)  # type: ignore[operator]
        return status, b"".join(parts)

    async def attack(self, victim: str) -> int:
        """One post naming a victim. A form that was refused is used again: its token is still good."""
        if not self.ready:
            form = {"topic": BROKEN, "order": "", "problem": WORDS, "go": "next"}
            await self.post("/help/form/order", {"topic": BROKEN, "order_choice": "none"})
            await self.post("/help/form/kind", {"kind": BROKEN})
            await self.post("/help/form/write", form)
            _, page = await self.get("/help/form/review")
            self.ready = dict(_TOKEN.findall(page.decode()))
            assert {"draft", "token"} <= set(self.ready), page[:2000]
        status, _ = await self.post("/help/form/send", {**self.ready, "email": victim, "name": WORDS[:40]})
        if status == 303:
            self.ready = {}
        return status


@pytest.mark.req("CH-044")
def test_a_flood_in_other_peoples_names_mails_nobody_twice_and_stops_no_honest_customer(
    counter: FormCounter, signed_in: SignsIn, capsys: pytest.CaptureFixture[str]
) -> None:
    victims = [f"victim{n}@example.jp" for n in range(VICTIMS)]
    attackers = [Attacker(counter.app, f"10.{n >> 8}.{n & 255}.1") for n in range(NETWORKS)]
    answers: Tally[int] = Tally()
    honest: list[str] = []
    slowest = 0.0

    async def flood(first: int, last: int) -> None:
        for n in range(first, last):
            answers[await attackers[n % NETWORKS].attack(victims[n * 7 % VICTIMS])] += 1

    began = time.monotonic()
    step = max(1, POSTS // 10)
    for first in range(0, POSTS, step):
        asyncio.run(flood(first, min(POSTS, first + step)))
        before = time.monotonic()
        honest.append(_honest(counter, signed_in, first // step))
        slowest = max(slowest, time.monotonic() - before)
        counter.clock.forward(minutes=1)
    seconds = time.monotonic() - began

    for address in (f"honest{n}@example.jp" for n in range(0, 10, 2)):
        assert len(counter.mails_to(address)) == 1, address
    mails = counter.mails()
    to = Tally(each["To"].addresses[0].addr_spec for each in mails)
    named = {address: count for address, count in to.items() if address.startswith("victim")}
    assert named and max(named.values()) == 1
    assert len(honest) == len(set(honest)) == -(-POSTS // step)
    for each in mails:
        if each["To"].addresses[0].addr_spec.startswith("victim"):
            whole = each.as_string() + each.get_content()
            assert not any(word in whole for word in ("GRATIS", "evil", "無料で当選"))
    assert sum(answers.values()) == POSTS
    assert set(answers) <= {303, 429}, answers
    accepted = answers[303]
    assert accepted <= min(NETWORKS * 20, VICTIMS * 5)
    with capsys.disabled():
        print(
            f"\nflood: {POSTS} posts, {VICTIMS} victims, {NETWORKS} networks: {accepted} wait, {answers[429]} refused with"
            f" words, {len(named)} victims mailed once, {len(honest)} honest forms sent (slowest {slowest:.2f} s),"
            f" {seconds:.0f} s"
        )


def _honest(counter: FormCounter, signed_in: SignsIn, turn: int) -> str:
    """Somebody with an address of their own, or signed in, while it rains."""
    if turn % 2:
        kinds = (
            "payment_refund.receipt",
            BROKEN,
            "order_delivery.delivery_delay",
            "payment_refund.refund_status",
        )
        misaki: Writer = signed_in(cast.MISAKI)
        kind = [*kinds, "marketplace.seller_dispute"][turn // 2 % 5]
        return misaki.fills(kind=kind, order=cast.MISAKI_LATE).sends().number
    return counter.writer(f"203.0.113.{turn}").fills().sends(f"honest{turn}@example.jp").number
