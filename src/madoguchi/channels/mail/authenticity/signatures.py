"""DKIM signatures of a mail (RFC 6376), checked by dkimpy within bounds that a hostile key or header cannot move."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from email.message import Message

import dkim

from madoguchi.channels.mail.authenticity.names import Names, NoAnswer
from madoguchi.channels.mail.authenticity.results import Result, Signature
from madoguchi.channels.mail.reading.headers import raw_headers

_MOST = 4  # signatures of a mail that are checked
_LONGEST_KEY = 1_100  # bytes of a key's record: 4096 bits and room to spare; more would only cost us time
_quiet = logging.getLogger("madoguchi.dkim")  # a bad signature is a result, not an error of ours
_quiet.disabled = True
_TAG = re.compile(r"(?:^|;)\s*([a-z]{1,4})\s*=\s*([^;]{0,2000})")


def check(raw: bytes, message: Message, names: Names) -> tuple[Signature, ...]:
    """Every signature with its result. One over a part of the body only (l=) counts as "policy": words may follow it."""
    found: list[Signature] = []
    whole = _with_crlf(raw)
    for number, header in enumerate(raw_headers(message, "DKIM-Signature")[:_MOST]):
        tags = dict(_TAG.findall(header))
        domain = "".join(tags.get("d", "").split()).lower()[:255]
        result: Result = _result(whole, number, names)
        if result == "pass" and "l" in tags:
            result = "policy"
        found.append(Signature(domain, result))
    return tuple(found)


def together(signatures: Iterable[Signature]) -> Result:
    """One word for all: the best of them."""
    results = [each.result for each in signatures]
    if not results:
        return "none"
    return "pass" if "pass" in results else results[0]


def _result(whole: bytes, number: int, names: Names) -> Result:
    silent = False

    def key(name: bytes, timeout: float = 5) -> bytes:
        nonlocal silent
        try:
            records = names.txt(name.decode("ascii").rstrip("."))
        except NoAnswer:
            silent = True
            return b""
        except UnicodeError:
            return b""
        return next((each for each in records if len(each) <= _LONGEST_KEY), b"")

    try:
        holds = dkim.DKIM(whole, logger=_quiet, minkey=1024).verify(idx=number, dnsfunc=key)
    except dkim.DKIMException as error:
        if silent:
            return "temperror"
        return "fail" if "body hash" in str(error) else "permerror"
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, ArithmeticError):
        return "permerror"  # what a library of 2024 makes of headers that nobody foresaw
    if holds:
        return "pass"
    return "temperror" if silent else "fail"


def _with_crlf(raw: bytes) -> bytes:
    """As it travelled (RFC 5321, 2.3.8): a mailbox may hold bare line feeds."""
    return re.sub(rb"\r?\n", b"\r\n", raw)
