"""A name server on loopback that knows only what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping, Sequence
from typing import Self

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """`records`: (name, kind) → values as a zone file writes them. `silent`: names for which no answer comes."""

    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]], silent: Sequence[str] = ()) -> None:
        self.records = {(name.lower(), kind): list(values) for (name, kind), values in records.items()}
        self.silent = set(silent)
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                raw, client = self._socket.recvfrom(4096)
                query = dns.message.from_wire(raw)
            except (TimeoutError, dns.exception.DNSException):
                continue
            question = query.question[0]
            name = question.name.to_text(omit_final_dot=True).lower()
            kind = dns.rdatatype.to_text(question.rdtype)
            self.asked.append((name, kind))
            if name in self.silent:
                continue
            self._socket.sendto(self._answer(query, name, kind), client)

    def _answer(self, query: dns.message.Message, name: str, kind: str) -> bytes:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        values = self.records.get((name, kind), [])
        if values:
            told = [f'"{value}"' if kind == "TXT" and value[0] != '"' else value for value in values]
            answer.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", kind, *told))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


def long_text(value: str) -> str:
    """A TXT record of more than 255 bytes, as a zone file writes it."""
    return " ".join(f'"{value[at : at + 200]}"' for at in range(0, len(value), 200))
