"""What our own mail server wrote above a mail: its verdict (RFC 8601), and from which address the mail came. Pure.

A header is as good as who wrote it: the verdict counts only under the name that the settings give, and the server must
take away headers of that name that come from outside (RFC 8601, 5). The way of a mail is read from the top, only as long
as our own servers wrote it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

from madoguchi.channels.mail.authenticity.results import RESULTS, Authentication, Result, Signature
from madoguchi.channels.mail.reading.headers import raw_headers

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_ENTRY = re.compile(r"^\s*(spf|dkim|dmarc)\s*=\s*([a-z]{1,12})\b(.{0,500})", re.I | re.S)
_PROPERTY = re.compile(r"\b((?:smtp|header|policy)\.[a-z-]{1,20})\s*=\s*\"?([^\s;\"]{1,255})", re.I)
_BY = re.compile(r"\bby\s+([A-Za-z0-9._-]{1,255})", re.I)
_FROM = re.compile(r"^\s*from\s+(\S{1,255})", re.I)
_CLIENT = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F:.]{3,45})\]")
_MOST = 20
_INSIDE = [
    ipaddress.ip_network(each)
    for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]


@dataclass(frozen=True)
class Came:
    """From which machine the mail came to our first server, and by which name that machine greeted it."""

    address: str
    greeting: str


def verdict(message: Message, server: str, domain: str) -> Authentication | None:
    """What our server, known by this name, says; None if it says nothing."""
    entries = [entry for header in _of_server(message, server) for entry in header]
    if not entries:
        return None
    found: dict[str, Result] = {}
    signatures: list[Signature] = []
    spf_domain = policy = ""
    for method, result, properties in entries:
        if method == "dkim":
            signatures.append(
                Signature(_domain(properties.get("header.d") or properties.get("header.i", "")), result)
            )
        elif method not in found:
            found[method] = result
            if method == "spf":
                spf_domain = _domain(properties.get("smtp.mailfrom") or properties.get("smtp.helo", ""))
            else:
                policy = properties.get("policy.dmarc", "")[:20]
    results = [each.result for each in signatures]
    return Authentication(
        by="server",
        domain=domain,
        spf=found.get("spf", "unknown"),
        spf_domain=spf_domain,
        dkim="pass" if "pass" in results else results[0] if results else "unknown",
        signatures=tuple(signatures[:_MOST]),
        dmarc=found.get("dmarc", "unknown"),
        policy=policy,
    )


def came_from(message: Message, servers: Sequence[str]) -> Came | None:
    """None where none of our servers says from where."""
    ours = {each.lower() for each in servers}
    for raw in raw_headers(message, "Received")[:_MOST]:
        by = _BY.search(_COMMENT.sub(" ", raw))
        if by is None or by.group(1).lower() not in ours:
            return None
        sent_by, client = _FROM.search(raw), _CLIENT.search(raw)
        if sent_by is None or client is None:
            return None
        try:
            address = ipaddress.ip_address(client.group(1))
        except ValueError:
            return None
        if any(address in network for network in _INSIDE if network.version == address.version):
            continue  # one of our machines to another
        return Came(str(address), sent_by.group(1))
    return None


def _of_server(message: Message, server: str) -> list[list[tuple[str, Result, dict[str, str]]]]:
    told = []
    for raw in raw_headers(message, "Authentication-Results")[:_MOST]:
        head, *rest = _COMMENT.sub(" ", " ".join(raw.split())).split(";")
        name = head.split()
        if name and server and name[0].lower() == server.lower():
            told.append([entry for each in rest[:_MOST] if (entry := _entry(each)) is not None])
    return told


def _entry(text: str) -> tuple[str, Result, dict[str, str]] | None:
    match = _ENTRY.match(text)
    if match is None:
        return None
    said = match.group(2).lower()
    result: Result = next((each for each in RESULTS if each == said), "unknown")
    properties = {key.lower(): value for key, value in _PROPERTY.findall(match.group(3))}
    return match.group(1).lower(), result, properties


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()[:255]
