"""Delivering one fact to one listener.

Signed as Standard Webhooks say: HMAC-SHA256 over `id.timestamp.body` with the listener's secret; the id stays the
same over tries and is the receiver's idempotency key. Facts of one contact go in the order of their sequence.
Addresses are resolved once and only public ones are called, except where the operator named the host (S-13).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import select

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts.model import webhook
from madoguchi.counter.supervision import alerts
from madoguchi.engine.database import Database, Transaction, outside
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.views import contact_out

_UTC = ZoneInfo("UTC")
READER = Actor(kind="integrator", id="webhook", scopes=frozenset({"contacts", "read"}), language="en")
TIMEOUT_S = 10.0
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class BlockedAddress(ValueError):
    """The host leads to an address inside the house."""


class NotTaken(RuntimeError):
    """The listener did not take the fact; it is sent again later."""


class Deliverer:
    """Handler of the outbox topic `webhook`."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        allowed_hosts: frozenset[str] = frozenset(),
        zone: ZoneInfo = _UTC,
    ) -> None:
        self._database = database
        self._zone = zone
        self._keys = keys
        self._allowed_hosts = allowed_hosts

    def __call__(self, errand: Errand) -> None:
        outside()
        found = self._database.read(self._compose, errand.payload)
        if found is None:
            raise GiveUp("the listener or the fact is gone")
        url, secret, body = found
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        message_id = f"msg_{errand.id}"
        timestamp = str(int(self._database.clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Madoguchi",
            "Webhook-Id": message_id,
            "Webhook-Timestamp": timestamp,
            "Webhook-Signature": sign(secret, message_id, timestamp, content),
        }
        target, host = resolve(url, self._allowed_hosts)
        headers["Host"] = host
        status = _post(target, host, content, headers)
        if status == 410:
            self._database.write(switch_off, errand.payload["webhook"])
            raise GiveUp("410: the listener wants no more")
        if not 200 <= status < 300:
            raise NotTaken(f"the listener answered {status}")

    def _compose(self, tx: Transaction, payload: dict[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
        row = tx.first(select(webhook).where(webhook.c.id == payload["webhook"], webhook.c.active))
        if row is not None and "alert" in payload:
            return row.url, secret_of(self._keys, row.id), _alert_body(tx, payload)
        contact = queries.find(tx, payload["contact"])
        if row is None or contact is None:
            return None
        seq = int(payload["seq"])
        found = queries.entries(tx, contact.id, after=seq - 1, limit=1, internal=False)
        if not found or found[0].seq != seq:
            return None
        (entry,) = entries_out(tx, READER, contact, found, contact.language)
        body = {
            "type": entry.kind,
            "timestamp": entry.at.isoformat(),
            "data": {
                "entry": entry.model_dump(mode="json"),
                "contact": contact_out(tx, READER, contact, contact.language, timezone=self._zone).model_dump(
                    mode="json"
                ),
            },
        }
        return row.url, secret_of(self._keys, row.id), body


def _alert_body(tx: Transaction, payload: dict[str, Any]) -> dict[str, Any]:
    found = alerts.get(tx, payload["alert"])
    moment = found.ended_at if payload["event"] == alerts.ENDED and found.ended_at else found.raised_at
    data = {
        "id": found.id,
        "kind": found.kind,
        "subject": found.subject,
        "value": found.value,
        "threshold": found.threshold,
        "raised_at": found.raised_at.isoformat(),
        "ended_at": found.ended_at.isoformat() if found.ended_at else None,
    }
    return {"type": payload["event"], "timestamp": moment.isoformat(), "data": {"alert": data}}


def secret_of(keys: Keys, webhook_id: str) -> str:
    """The listener's secret, derived from the house's own: `whsec_…`, shown once when the webhook is made."""
    return f"whsec_{base64.b64encode(keys.derive(f'webhook/{webhook_id}')).decode()}"


def sign(secret: str, message_id: str, timestamp: str, content: bytes) -> str:
    """`v1,<base64>` over `id.timestamp.body` (Standard Webhooks 1.0)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def resolve(url: str, allowed_hosts: frozenset[str]) -> tuple[str, str]:
    """The URL with its host replaced by the address that was checked, and the Host header. Raises BlockedAddress."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise BlockedAddress(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    if host in allowed_hosts or parts.hostname in allowed_hosts:
        return url, host
    found = {str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    for address in sorted(found):
        if not is_public(address):
            raise BlockedAddress(f"{parts.hostname} → {address}")
    address = sorted(found)[0]
    literal = f"[{address}]" if ":" in address else address
    return parts._replace(netloc=f"{literal}:{port}").geturl(), host


def is_public(text: str) -> bool:
    """Whether an address belongs to the open Internet, the IPv4 address that some IPv6 addresses carry included."""
    address = ipaddress.ip_address(text.split("%")[0])
    if address.is_multicast or address.is_reserved or address.is_unspecified or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.teredo is None and (carried is None or is_public(str(carried)))
    return True


def _post(target: str, host: str, content: bytes, headers: dict[str, str]) -> int:
    """The listener's status; its words are not read, redirects not followed, no proxy or stored password used."""
    name = urlsplit(f"//{host}").hostname or host
    with (
        httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST", target, content=content, headers=headers, extensions={"sni_hostname": name}
        ) as answer,
    ):
        return answer.status_code


def switch_off(tx: Transaction, webhook_id: str) -> None:
    tx.execute(webhook.update().where(webhook.c.id == webhook_id).values(active=False))
