"""Attachments: sniffed, size-limited, without location data, stored under random names (CH-031, S-07, ASVS 5.2).

Images are decoded and written anew, so that only pixels survive; a PDF is kept as it is and only ever downloaded.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import warnings
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts.model import attachment
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf")
MAX_PIXELS = 50_000_000
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


@dataclass(frozen=True)
class Clean:
    """Content that may be stored; `width` and `height` in pixels for images."""

    content: bytes
    media_type: str
    width: int | None = None
    height: int | None = None


def clean(content: bytes, max_bytes: int) -> Clean:
    """Check and strip an upload. Raises Invalid: attachment_too_large, attachment_type, attachment_broken."""
    if not content:
        raise Invalid("attachment_empty", field="file")
    if len(content) > max_bytes:
        raise Invalid("attachment_too_large", field="file", megabytes=max_bytes // 1_048_576)
    if content.startswith(b"%PDF-"):
        return Clean(content, "application/pdf")
    return _clean_image(content)


def safe_name(name: str, media_type: str) -> str:
    """The sender's name for showing: normalised first, no path, no control or invisible characters, true ending."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C").strip(" .")
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(media_type, media_type.rsplit("/", 1)[-1])
    stem = text.rsplit(".", 1)[0][:120] or "file"
    return f"{stem}.{ending}"


def store(
    tx: Transaction,
    *,
    contact_id: str,
    actor: Actor,
    name: str,
    kept: Clean,
    storage_key: str,
    max_in_contact: int,
) -> str:
    """Note a stored file as an attachment of the contact, not yet said; returns its id. Raises Invalid."""
    count = tx.scalar(select(func.count()).where(attachment.c.contact_id == contact_id))
    if count >= max_in_contact:
        raise Invalid("too_many_attachments", field="file", count=max_in_contact)
    attachment_id = new_id("att")
    tx.execute(
        insert(attachment).values(
            id=attachment_id,
            contact_id=contact_id,
            name=safe_name(name, kept.media_type),
            media_type=kept.media_type,
            size=len(kept.content),
            sha256=hashlib.sha256(kept.content).hexdigest(),
            storage_key=storage_key,
            width=kept.width,
            height=kept.height,
            author_kind="system" if actor.kind in ("integrator", "seller") else actor.kind,
            author_id=actor.id,
            said=False,
            created_at=tx.now,
        )
    )
    return attachment_id


def unsay(tx: Transaction, contact_id: str, ids: list[str]) -> None:
    """Files of words that were taken back: they can be said with other words."""
    tx.execute(
        update(attachment)
        .where(attachment.c.id.in_(ids), attachment.c.contact_id == contact_id)
        .values(said=False)
    )


def _clean_image(content: bytes) -> Clean:
    from PIL import Image, ImageOps, UnidentifiedImageError  # here: slow to load, and few send pictures

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=list(_FORMATS))
            media_type = _FORMATS[str(image.format)]
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("attachment_too_many_pixels", field="file")
            image.load()
    except Invalid:
        raise
    except UnidentifiedImageError as error:
        raise Invalid("attachment_type", field="file") from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise Invalid("attachment_broken", field="file") from error
    upright = ImageOps.exif_transpose(image)
    if media_type == "image/gif":
        upright, media_type = upright.convert("RGBA"), "image/png"
    bare = Image.new(upright.mode, upright.size)
    if upright.mode == "P" and (palette := upright.getpalette()):
        bare.putpalette(palette)
    bare.paste(upright)
    out = io.BytesIO()
    if media_type == "image/jpeg":
        bare.convert("RGB").save(out, "JPEG", quality=88)
    else:
        bare.save(out, media_type.rsplit("/", 1)[-1].upper())
    return Clean(out.getvalue(), media_type, bare.width, bare.height)
