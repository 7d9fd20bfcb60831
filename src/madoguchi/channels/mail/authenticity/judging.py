"""One mail judged: our own server's word where there is one, else computed. Calls out to DNS; never in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from madoguchi.channels.mail.authenticity import alignment, our_server, senders, signatures
from madoguchi.channels.mail.authenticity.names import Names
from madoguchi.channels.mail.authenticity.results import Authentication, Result
from madoguchi.channels.mail.reading.headers import addresses, raw_headers
from madoguchi.engine.database import outside

_HEAD = 128_000  # bytes of a head that are looked at; a longer one is judged by nobody


def authenticate(
    raw: bytes,
    names: Names | None,
    *,
    envelope_sender: str | None = None,
    server: str = "",
    servers: Sequence[str] = (),
) -> Authentication:
    """`server`: the name under which our mail server writes its verdict. `servers`: names under which ours receive.

    `envelope_sender`: None where nobody told it; the Return-Path of our server stands for it then.
    """
    outside()
    head = _head(raw)
    if len(head) > _HEAD:
        return Authentication()
    message = message_from_bytes(head, policy=compat32)
    domain = _domain(message)
    told = our_server.verdict(message, server, domain)
    if told is not None:
        return told
    if names is None:
        return Authentication(domain=domain)
    came = our_server.came_from(message, servers)
    sender = _return_path(message) if envelope_sender is None else envelope_sender
    spf: Result = "unknown"
    spf_domain = ""
    if came is not None and sender is not None:
        spf_domain = (sender.rpartition("@")[2] or came.greeting).lower()
        spf = senders.check(came, sender, names)
    found = signatures.check(raw, message, names)
    dmarc, policy = alignment.check(domain, spf, spf_domain, found, names)
    return Authentication("us", domain, spf, spf_domain, signatures.together(found), found, dmarc, policy)


def _head(raw: bytes) -> bytes:
    end = min((at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0), default=len(raw))
    return raw[: end + 2]


def _domain(message: Message) -> str:
    """Of From; "" where there is none or more than one, which nobody may vouch for (RFC 7489, 6.6.1)."""
    domains = {each.address.rpartition("@")[2] for each in addresses(message, "From")}
    return domains.pop() if len(domains) == 1 and len(raw_headers(message, "From")) == 1 else ""


def _return_path(message: Message) -> str | None:
    found = raw_headers(message, "Return-Path")
    if len(found) != 1:
        return None
    named = addresses(message, "Return-Path")
    return named[0].address if named else ""
