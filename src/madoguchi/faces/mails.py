"""A received mail as staff see it: its words, its safe HTML in a frame of its own, the raw bytes; every look is noted.

Read anew from the raw mail in the bounded process each time. Nothing remote is ever loaded: a picture from elsewhere
would tell its sender that, when and from where the mail was read. Pictures that came with the mail are shown.
"""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass

from starlette.responses import Response

from madoguchi.channels.mail import inbox
from madoguchi.channels.mail.authenticity import Authentication, read_back
from madoguchi.channels.mail.filing import marker
from madoguchi.channels.mail.model import ReceivedMail
from madoguchi.channels.mail.reading import Mail
from madoguchi.channels.mail.reading.safely import Unreadable
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import attachments
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.engine import audit
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House

_CID = re.compile(r'src="cid:([^"]{1,300})"')
_LARGEST_PICTURE = 5_000_000
_MOST_PICTURES = 20
FRAME_POLICY = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
FILE_POLICY = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class Looked:
    """`mail` None: it could not be read."""

    received: ReceivedMail
    mail: Mail | None
    authentication: Authentication | None


def visible(tx: Transaction, actor: Actor, mail_id: str) -> ReceivedMail:
    """For staff; what is kept apart, for supervisors only. Raises NotFound, which does not tell why."""
    found = inbox.get(tx, mail_id)
    if actor.kind != "agent" or found is None or found.state == "deleted":
        raise NotFound("not_found")
    if found.contact_id is None and not actor.may("supervisor"):
        raise NotFound("not_found")
    return found


def look(house: House, actor: Actor, mail_id: str, action: str = "mail.read") -> Looked:
    """The mail, read; a line in the audit log (PRIV-002). Raises NotFound."""
    received = house.database.write(_noted, actor, mail_id, action)
    read = house.mail_reader.read(_raw(house, received), marker=marker(house.settings))
    mail = None if isinstance(read, Unreadable) else read
    return Looked(received, mail, read_back(received.authentication))


def original(house: House, actor: Actor, mail_id: str) -> tuple[ReceivedMail, bytes]:
    """The mail as it came; a line in the audit log. Raises NotFound."""
    received = house.database.write(_noted, actor, mail_id, "mail.original")
    return received, _raw(house, received)


def raw_head(raw: bytes, longest: int = 64_000) -> str:
    """The lines above the words, as they stand; what is no ASCII as escapes."""
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    head = raw[: min([*ends, longest])]
    text = head.decode("ascii", "backslashreplace").replace("\r\n", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)


def framed(looked: Looked) -> Response:
    """The safe HTML, for a sandboxed frame on a page of ours."""
    mail = looked.mail
    body = _with_pictures(mail) if mail else ""
    page = (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light">'
        f"<title>{html.escape(mail.subject if mail else '')}</title></head><body>{body}</body></html>"
    )
    return Response(
        page,
        media_type="text/html",
        headers={
            "Content-Security-Policy": FRAME_POLICY,
            "X-Frame-Options": "SAMEORIGIN",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
        },
    )


def download(received: ReceivedMail, raw: bytes) -> Response:
    """The raw mail as a file that no browser shows (S-07)."""
    return Response(
        raw,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{received.id}.eml"',
            "Content-Security-Policy": FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )


def _with_pictures(mail: Mail) -> str:
    """Pictures of the mail in their places, written anew; others are left out."""
    by_id = {each.content_id: each for each in mail.files if each.content_id}
    left = _MOST_PICTURES

    def picture(found: re.Match[str]) -> str:
        nonlocal left
        file = by_id.get(html.unescape(found.group(1)))
        if file is None or left <= 0:
            return 'src="data:,"'
        left -= 1
        try:
            clean = attachments.clean(file.content, _LARGEST_PICTURE)
        except Invalid:
            return 'src="data:,"'
        if not clean.media_type.startswith("image/"):
            return 'src="data:,"'
        return f'src="data:{clean.media_type};base64,{base64.b64encode(clean.content).decode("ascii")}"'

    return _CID.sub(picture, mail.html)


def _raw(house: House, received: ReceivedMail) -> bytes:
    try:
        return house.files.get(received.storage_key)
    except FileNotFoundError as error:
        raise NotFound("not_found") from error


def _noted(tx: Transaction, actor: Actor, mail_id: str, action: str) -> ReceivedMail:
    found = visible(tx, actor, mail_id)
    audit.record(
        tx,
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_kind="mail",
        object_id=mail_id,
        contact_id=found.contact_id,
    )
    return found
