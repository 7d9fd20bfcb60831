"""A `Mail` as JSON and back: how it leaves the process that read it. Nothing in it can run on arrival."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

from pydantic import TypeAdapter

from madoguchi.channels.mail.reading.mail import File, Mail

_MAIL = TypeAdapter(Mail)


def packed(mail: Mail) -> bytes:
    told = _MAIL.dump_python(mail, mode="python")
    told["files"] = [
        {**each, "content": b64encode(each["content"]).decode("ascii")} for each in told["files"]
    ]
    if mail.sent_at is not None:
        told["sent_at"] = mail.sent_at.isoformat()
    return json.dumps(told, ensure_ascii=True).encode("ascii")


def unpacked(content: bytes) -> Mail:
    """Raises ValueError if it is not what `packed` makes."""
    told: dict[str, Any] = json.loads(content)
    files = tuple(
        File(**{**each, "content": b64decode(each["content"], validate=True)}) for each in told.pop("files")
    )
    mail = _MAIL.validate_python({**told, "files": ()})
    return Mail(**{**mail.__dict__, "files": files})
