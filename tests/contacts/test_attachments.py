"""Attachments: what the content is decides, not its name; pictures lose everything but their pixels."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from madoguchi.counter.contacts.attachments import clean, safe_name
from madoguchi.counter.problems import Invalid

MEGABYTE = 1_048_576


def photo(kind: str = "JPEG", **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 10, 10)).save(out, kind, **save)
    return out.getvalue()


@pytest.mark.req("CH-031")
def test_a_photo_loses_its_place_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 0.0)  # latitude
    kept = clean(photo(exif=exif), MEGABYTE)
    again = Image.open(io.BytesIO(kept.content))
    assert kept.media_type == "image/jpeg"
    assert dict(again.getexif()) == {}
    assert again.size == (30, 40) == (kept.width, kept.height)


@pytest.mark.req("CH-031")
@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/png")]
)
def test_other_pictures_are_written_anew(kind: str, media_type: str) -> None:
    assert clean(photo(kind), MEGABYTE).media_type == media_type


@pytest.mark.req("CH-031")
@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 program",
        b"<svg onload='alert(1)'/>",
        b"<html><script>",
        b"PK\x03\x04zip",
        b"GIF89a<script>",
        b"\x89PNG broken",
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"attachment_(type|broken)"):
        clean(content, MEGABYTE)


def test_a_script_after_a_picture_does_not_survive() -> None:
    kept = clean(photo("PNG") + b"<script>alert(1)</script>", MEGABYTE)
    assert b"<script>" not in kept.content


def test_too_large_and_too_many_pixels_are_refused() -> None:
    with pytest.raises(Invalid, match="attachment_too_large"):
        clean(b"%PDF-" + b"0" * MEGABYTE, MEGABYTE)
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(Invalid, match=r"attachment_(too_many_pixels|broken)"):
        clean(out.getvalue(), MEGABYTE)


@given(st.text(max_size=200))
def test_a_name_is_never_a_path_and_has_the_true_ending(name: str) -> None:
    safe = safe_name(name, "image/jpeg")
    assert "/" not in safe and "\\" not in safe and safe.endswith(".jpg") and len(safe) < 130
    assert not safe.startswith(".")
