"""Operations of another system, done one after the other through `/api/v1`, and a digest of the state they leave.

A line of the file is one operation of one customer (`docs/operations.md`). Each carries an `id`, which becomes the
idempotency key, so that a file that is replayed onto the same shop does nothing twice. The digest holds orders,
wallets and addresses of every customer named, without moments, which differ from run to run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import httpx
import jwt
from anyio.from_thread import BlockingPortal, start_blocking_portal
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from madoguchi.counter.orders.model import Address
from madoguchi.kit.ids import new_id

_MOMENT_KEYS = {
    "placed_text", "headline", "expected_text", "latest", "late", "started_text", "at", "at_text", "events",
    "promised_text", "delivered_at", "version", "label_url",
}  # fmt: skip


_FRESH_S = 240.0


class ReplayError(ValueError):
    """A file or server that cannot be used; the message says where and why."""


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1, max_length=100)
    customer: str  # the shop's own number


class Deed(_Operation):
    """Propose an action on an order and confirm it where it is allowed."""

    do: Literal["deed"] = "deed"
    order: str
    action: dict[str, Any]


class DefaultAddress(_Operation):
    do: Literal["default_address"]
    address: Address


class HandOver(_Operation):
    """Open a contact and ask for a person."""

    do: Literal["hand_over"]
    text: str
    order: str = ""


Operation = Annotated[Deed | DefaultAddress | HandOver, Field(discriminator="do")]
_OPERATION: TypeAdapter[Operation] = TypeAdapter(Operation)


class Client(Protocol):
    """`httpx.Client`, or `client_of` an app in this process."""

    def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response: ...


class _AppClient:
    """Requests to an app in this process, from a thread without an event loop."""

    def __init__(self, portal: BlockingPortal, client: httpx.AsyncClient) -> None:
        self._portal = portal
        self._client = client

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        return self._portal.call(partial(self._client.request, method, url, **more))


@contextlib.contextmanager
def client_of(app: Any, base_url: str) -> Iterator[Client]:
    """A client of an app in this process; only for apps that need no work beside their answers."""
    transport = httpx.ASGITransport(app)
    with start_blocking_portal() as portal:
        client = httpx.AsyncClient(transport=transport, base_url=base_url, timeout=60)
        try:
            yield _AppClient(portal, client)
        finally:
            portal.call(client.aclose)


@dataclass
class Outcome:
    """What became of the operations, and the digest of everything that they could touch."""

    counts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    digest: str = ""


def read_operations(path: Path) -> Iterator[Operation]:
    """Raises ReplayError with the line's number."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            yield _OPERATION.validate_python({"do": "deed", **record})
        except (ValueError, TypeError, ValidationError) as error:
            raise ReplayError(f"{path.name}:{number}: {error}") from error


class Replay:
    """`secret`: the shop's secret for signed tokens, by which each customer is signed in."""

    def __init__(self, client: Client, secret: str, *, now: datetime | None = None) -> None:
        self._client = client
        self._secret = secret
        self._now = now
        self._sessions: dict[str, tuple[str, str, float]] = {}

    def run(self, operations: Iterable[Operation]) -> Outcome:
        outcome = Outcome()
        for operation in operations:
            state, why = self._do(operation)
            outcome.counts[state] += 1
            for reason in why:
                outcome.refusals[reason] += 1
        outcome.digest = self.digest()
        return outcome

    def digest(self) -> str:
        """SHA-256 over orders, wallets and addresses of the customers met so far."""
        state = {ref: self._state(ref) for ref in sorted(self._sessions)}
        text = json.dumps(state, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    # ── operations ────────────────────────────────────────────────────────────────────────────────

    def _do(self, operation: Operation) -> tuple[str, list[str]]:
        match operation:
            case Deed():
                return self._deed(operation)
            case DefaultAddress():
                _, customer_id = self._session(operation.customer)
                answer = self._send(
                    operation.customer,
                    "PUT",
                    f"/customers/{customer_id}/default-address",
                    operation.address.model_dump(),
                )
            case HandOver():
                wish = {
                    "client_key": f"replay-{operation.id}",
                    "text": operation.text,
                    "order_number": operation.order,
                    "want_person": True,
                    "language": "en",
                }
                answer = self._send(operation.customer, "POST", "/contacts", wish)
        return _state_of(answer)

    def _deed(self, deed: Deed) -> tuple[str, list[str]]:
        wish = {"order_number": deed.order, "action": deed.action}
        made = self._send(deed.customer, "POST", "/proposals", wish)
        if made.status_code >= 400:
            return _state_of(made)
        proposal = made.json()
        if proposal["state"] != "offered":
            return "refused", list(proposal["reasons"])
        done = self._send(
            deed.customer, "POST", f"/proposals/{proposal['id']}/confirm", {"key": f"replay-{deed.id}"}
        )
        if done.status_code >= 400:
            return _state_of(done)
        return str(done.json()["state"]), []

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _session(self, ref: str) -> tuple[str, str]:
        """Bearer token and our id of a customer, checked a moment ago: some deeds ask for that."""
        known = self._sessions.get(ref)
        if known is None or time.monotonic() - known[2] > _FRESH_S:
            known = self._sessions[ref] = (*self._sign_in(ref), time.monotonic())
        return known[0], known[1]

    def _sign_in(self, ref: str) -> tuple[str, str]:
        moment = int((self._now or datetime.now(UTC)).timestamp())
        claims = {
            "iss": "shop",
            "aud": "madoguchi",
            "sub": ref,
            "jti": new_id("jti"),
            "iat": moment,
            "exp": moment + 300,
            "auth_time": moment,
        }
        token = jwt.encode(claims, self._secret, "HS256")
        answer = self._client.request("POST", "/api/v1/sessions/shop-token", json={"token": token})
        if answer.status_code != 200:
            raise ReplayError(f"customer {ref} cannot be signed in: {answer.text[:200]}")
        found = answer.json()
        return found["token"], found["id"]

    def _send(self, ref: str, method: str, path: str, body: Any = None, **params: str) -> httpx.Response:
        token, _ = self._session(ref)
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return self._client.request(
            method, f"/api/v1{path}", json=body, params=params or None, headers=headers
        )

    def _state(self, ref: str) -> dict[str, Any]:
        _, customer_id = self._session(ref)
        orders = self._send(ref, "GET", "/orders", limit="100").json()["orders"]
        return {
            "orders": sorted((_timeless(order) for order in orders), key=lambda order: str(order["number"])),
            "wallet": self._send(ref, "GET", f"/customers/{customer_id}/wallet").json(),
            "addresses": self._send(ref, "GET", f"/customers/{customer_id}/addresses").json(),
        }


def _state_of(answer: httpx.Response) -> tuple[str, list[str]]:
    if answer.status_code < 400:
        return "done", []
    return "refused", [str(answer.json().get("code", answer.status_code))]


def _timeless(value: Any) -> Any:
    """Without what a clock moves."""
    if isinstance(value, dict):
        return {
            key: _timeless(part)
            for key, part in value.items()
            if key not in _MOMENT_KEYS and not key.endswith("_at")
        }
    if isinstance(value, list):
        return [_timeless(part) for part in value]
    return value
