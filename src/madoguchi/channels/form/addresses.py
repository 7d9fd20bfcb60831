"""Whose mailbox an address is and from which network somebody writes, as keyed hashes: what limits are counted by. Pure."""

from __future__ import annotations

import ipaddress
import re

from madoguchi.counter.problems import Invalid
from madoguchi.engine.keys import Keys
from madoguchi.kit.text import normalise

# Plain addresses only: nothing in one may mean anything else in a header (RFC 5322, 3.4.1 without quoted strings).
_ADDRESS = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9!#$%&'*+/=?^_{|}~-]|\.(?=[^.@])){0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}"
)
_LONGEST = 200
_WITHOUT_DOTS = {"gmail.com", "googlemail.com"}


def checked(typed: str) -> str:
    """The address as it is written to. Raises Invalid("email_unusable")."""
    address = normalise(typed).strip()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise Invalid("email_unusable", field="email")
    return address


def mailbox_of(keys: Keys, address: str) -> str:
    """The same for every way to write to one mailbox: case, `+tag`, and the dots of those who ignore them."""
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _WITHOUT_DOTS:
        local, domain = local.replace(".", ""), "gmail.com"
    return keys.sign("form-mailbox", f"{local}@{domain}")


def network_of(keys: Keys, host: str) -> str:
    """One IPv4 address, or the /64 that one household has of IPv6; what is no address is one network."""
    try:
        known = ipaddress.ip_address(host)
    except ValueError:
        return keys.sign("form-network", "")
    if isinstance(known, ipaddress.IPv6Address):
        known = known.ipv4_mapped or known
    if isinstance(known, ipaddress.IPv6Address):
        return keys.sign("form-network", str(ipaddress.ip_network((known, 64), strict=False)))
    return keys.sign("form-network", str(known))
