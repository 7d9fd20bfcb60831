"""Names asked of DNS: of the system's servers or of a given one, within a time for all questions of one mail."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Protocol

import dns.exception
import dns.name
import dns.resolver

SECONDS = 10.0  # for all questions about one mail
_MOST = 60  # questions about one mail


class NoAnswer(Exception):
    """The name servers did not answer in time, or not at all; later they may."""


class Names(Protocol):
    """Records of a kind as text; TXT as bytes. [] where there are none. Raises NoAnswer."""

    def txt(self, name: str) -> list[bytes]: ...
    def addresses(self, name: str, kind: str) -> list[str]: ...
    def exchanges(self, name: str) -> list[tuple[int, str]]: ...
    def pointers(self, name: str) -> list[str]: ...


class AskedNames:
    """Asks real servers. `server`: "address" or "address:port"; empty: those of this machine."""

    def __init__(self, server: str = "", *, seconds: float = SECONDS) -> None:
        self._resolver = dns.resolver.Resolver(configure=not server)
        if server:
            host, port = _host_and_port(server)
            self._resolver.nameservers = [host]
            self._resolver.port = port
        self._ends = time.monotonic() + seconds
        self._left = _MOST

    def txt(self, name: str) -> list[bytes]:
        return [b"".join(each.strings) for each in self._ask(name, "TXT")]

    def addresses(self, name: str, kind: str) -> list[str]:
        return [str(each.address) for each in self._ask(name, kind)]

    def exchanges(self, name: str) -> list[tuple[int, str]]:
        return [
            (int(each.preference), each.exchange.to_text(omit_final_dot=True))
            for each in self._ask(name, "MX")
        ]

    def pointers(self, name: str) -> list[str]:
        return [each.target.to_text(omit_final_dot=True) for each in self._ask(name, "PTR")]

    def _ask(self, name: str, kind: str) -> Sequence[Any]:
        left = self._ends - time.monotonic()
        if left <= 0 or self._left <= 0:
            raise NoAnswer("too many questions, or too slow answers")
        self._left -= 1
        try:
            return list(self._resolver.resolve(name, kind, lifetime=min(left, 4.0), search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong, UnicodeError):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NoAnswer(str(error) or type(error).__name__) from error


def names_of(server: str) -> Names | None:
    """As the setting says; None for "off"."""
    if server.strip().lower() == "off":
        return None
    try:
        return AskedNames(server.strip())
    except dns.exception.DNSException:  # a machine that knows no server
        return None


def _host_and_port(server: str) -> tuple[str, int]:
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        return host, int(port.lstrip(":") or 53)
    host, _, port = server.partition(":") if server.count(":") == 1 else (server, "", "")
    return host, int(port or 53)
