"""Headers of a mail: encoded words as programs really write them, raw eight-bit text, addresses, Message-IDs. Pure.

RFC 2047 and RFC 5322, read generously: an encoded word may be cut inside a character, stand in quotes, lack its padding
or hold spaces; a header may hold bytes of any charset.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from madoguchi.channels.mail.reading.charsets import decode
from madoguchi.kit import text as kit_text

_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,40}\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n[ \t]*|\r[ \t]*")
_ADDRESS = re.compile(r"<\s*([^<>\s@\"]{1,64}|\"[^\"<>]{1,62}\")@([^<>\s@]{1,255})\s*>")
_BARE_ADDRESS = re.compile(r"(?<![^\s,;:(<\"'])([^\s@<>()\[\],;:\"\\]{1,64})@([A-Za-z0-9\[\].:_-]{1,255})")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")
_LONGEST = 2_000  # characters of a header that are read (RFC 5322 allows 998 a line)
_MOST = 200  # addresses or Message-IDs


@dataclass(frozen=True)
class Address:
    """Who is named in a header. `address` in lower case, "" if there is none; nothing in it proves anything."""

    name: str
    address: str


def inner(message: Message) -> list[Message]:
    """The messages that a multipart, an enclosed mail or a report holds; [] for a part that holds bytes."""
    payload = message.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def header(message: Message, name: str) -> str:
    """The first header of that name as text on one line, "" if there is none."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """Every header of that name, decoded, each on one line."""
    return [decoded(raw) for raw in raw_headers(message, name)]


def raw_headers(message: Message, name: str) -> list[str]:
    """Every header of that name as it stands; bytes beyond ASCII are surrogates (PEP 383)."""
    wanted = name.lower()
    return [str(value)[: _LONGEST * 4] for key, value in message.raw_items() if key.lower() == wanted]


def decoded(raw: str) -> str:
    """A header as a person should read it: one line, no control characters."""
    text = _FOLD.sub(" ", raw)
    text = _BETWEEN_WORDS.sub(r"\1", text)
    pieces, at = [], 0
    run: list[tuple[str, bytes]] = []
    for word in _WORD.finditer(text):
        if word.start() > at:
            pieces.append(_run(run))
            pieces.append(_raw(text[at : word.start()]))
            run = []
        run.append((word.group(1).partition("*")[0], _word_bytes(word.group(2), word.group(3))))
        at = word.end()
    pieces += [_run(run), _raw(text[at:])]
    return kit_text.single_spaces(kit_text.clean("".join(pieces)))[:_LONGEST]


def addresses(message: Message, *names: str) -> list[Address]:
    """Whom these headers name, in order, each address once. Encoded commas and brackets in names do no harm."""
    found: dict[str, Address] = {}
    for name in names:
        for raw in raw_headers(message, name):
            for each in _addresses(_FOLD.sub(" ", raw)):
                found.setdefault(each.address, each)
                if len(found) >= _MOST:
                    return list(found.values())
    return list(found.values())


def message_ids(message: Message, name: str) -> list[str]:
    """The Message-IDs of a header with their angle brackets, in order, each once."""
    text = " ".join(_FOLD.sub("", raw) for raw in raw_headers(message, name))
    return list(dict.fromkeys(_plain_ascii(found) for found in _MESSAGE_ID.findall(text)))[:_MOST]


def date(message: Message) -> datetime | None:
    """When the sender says that it was sent, in UTC; None if that is no date between 1990 and 2100."""
    for raw in raw_headers(message, "Date"):
        try:
            told = parsedate_to_datetime(raw.strip())
            told = told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if 1990 <= told.year < 2100:
            return told
    return None


def _addresses(raw: str) -> list[Address]:
    found: list[Address] = []
    at = 0
    for match in _ADDRESS.finditer(raw):
        name = raw[at : match.start()].lstrip(" ,;")
        found.append(Address(_name(name), _address(match.group(1), match.group(2))))
        at = match.end()
    if found:
        return found
    return [Address("", _address(*match.groups())) for match in _BARE_ADDRESS.finditer(raw)]


def _name(raw: str) -> str:
    name = decoded(raw).strip()
    if name.startswith('"') and name.endswith('"') and len(name) > 1:
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return kit_text.single_spaces(name)[:200]


def _address(local: str, domain: str) -> str:
    return _plain_ascii(f"{local.strip()}@{domain.rstrip('.')}").lower()


def _run(words: list[tuple[str, bytes]]) -> str:
    """Neighbouring words of one charset are one text: programs cut in the middle of a character."""
    told: list[str] = []
    at = 0
    while at < len(words):
        charset, content = words[at]
        at += 1
        while at < len(words) and words[at][0].lower() == charset.lower():
            content += words[at][1]
            at += 1
        told.append(decode(content, charset))
    return "".join(told)


def _word_bytes(encoding: str, content: str) -> bytes:
    raw = content.encode("ascii", "surrogateescape")
    if encoding in "qQ":
        return quopri.decodestring(raw.replace(b"_", b" "), header=False)
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return base64.b64decode(raw[: len(raw) // 4 * 4])


def _raw(text: str) -> str:
    if text.isascii():
        content = text.encode("ascii")
        return decode(content) if b"\x1b" in content else text
    return decode(text.encode("utf-8", "surrogateescape"))


def _plain_ascii(text: str) -> str:
    """Without what is no visible ASCII, so that it can be compared and stored; raw bytes become `?`."""
    return "".join(c if "!" <= c <= "~" else "?" for c in text)
