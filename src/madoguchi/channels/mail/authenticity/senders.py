"""SPF (RFC 7208): may that machine send for this domain? Asked of pyspf, with our names and our time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import spf

from madoguchi.channels.mail.authenticity.names import Names, NoAnswer
from madoguchi.channels.mail.authenticity.our_server import Came
from madoguchi.channels.mail.authenticity.results import RESULTS, Result

_asked: ContextVar[Names] = ContextVar("names")


def check(came: Came, sender: str, names: Names) -> Result:
    """`sender`: of the envelope, "" for a bounce, which is judged by the name of its machine."""
    with _answering(names):
        try:
            told = spf.check2(i=came.address, s=sender, h=came.greeting, querytime=8)[0]
        except (ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
            return "permerror"  # a record that the library did not foresee
    return next((each for each in RESULTS if each == told), "unknown")


@contextmanager
def _answering(names: Names) -> Iterator[None]:
    token = _asked.set(names)
    try:
        yield
    finally:
        _asked.reset(token)


def _look_up(name: str, kind: str, strict: bool = True, timeout: float = 8) -> list[tuple[Any, Any]]:
    """What pyspf asks with: its one way to be given other names than the system's."""
    names = _asked.get()
    try:
        if kind in ("A", "AAAA"):
            return [((name, kind), each) for each in names.addresses(name, kind)]
        if kind == "MX":
            return [((name, kind), each) for each in names.exchanges(name)]
        if kind == "PTR":
            return [((name, kind), each) for each in names.pointers(name)]
        if kind == "TXT":
            return [((name, kind), (each,)) for each in names.txt(name)]
    except NoAnswer as error:
        raise spf.TempError(str(error)) from error
    return []


spf.DNSLookup = _look_up
