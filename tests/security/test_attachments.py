"""S-06, S-07, S-24: what is downloaded stays a file, is found by nobody else, and every reading is written down."""

from __future__ import annotations

import io
import math
from collections import Counter as Tally

import pytest
from PIL import Image
from sqlalchemy import func, select

from madoguchi.engine.audit import audit
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id, new_secret
from tests.faces.api.people import Counter
from tests.security.conftest import MARK, Possession

NAMES = [
    "../../etc/passwd",
    "..\\..\\windows\\system32\\x.exe",
    "\u200b.htaccess",
    "photo.png.html",
    'a"; filename="evil.html',
    "a\r\nContent-Type: text/html\r\n\r\n<script>",
    "‮gnp.exe",
    "CON.png",
    "%2e%2e%2fsecret.key",
    "x" * 400 + ".svg",
    "<img src=x onerror=alert(1)>.png",
    "",
]


def _image(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_becomes_a_name_that_is_only_shown(counter: Counter, name: str) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    answer = visitor.send(
        "POST",
        f"/contacts/{contact['id']}/attachments",
        files={"file": (name or " ", _image("PNG"), "text/html")},
    )
    assert answer.status_code == 201, answer.text
    shown = answer.json()["name"]
    assert shown.endswith(".png")
    assert "/" not in shown
    assert "\\" not in shown
    assert shown.isprintable()
    download = visitor.send("GET", f"/attachments/{answer.json()['id']}")
    disposition = download.headers["content-disposition"]
    assert disposition.isascii()
    assert '"' not in disposition
    assert "\n" not in disposition
    assert download.headers["content-type"] == "image/png"
    stored = [path.name for path in (counter.folder / "files").rglob("*") if path.is_file()]
    assert all(path.startswith("file_") and path[5:].isalnum() for path in stored)


POLYGLOTS = {
    "html before a gif": b"<script>window.__pwned=1</script>" + _image("GIF"),
    "gif that is a script": b"GIF89a/*" + b"\x00" * 20 + b"*/=1;window.__pwned=1",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>window.__pwned=1</script></svg>',
    "html": b"<!doctype html><script>window.__pwned=1</script>",
    "bmp": _image("BMP"),
    "tiff": _image("TIFF"),
    "zip": b"PK\x03\x04" + b"\x00" * 40,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n/x 1 def",
}


@pytest.mark.parametrize("kind", POLYGLOTS)
def test_what_could_be_active_content_is_not_taken(counter: Counter, kind: str) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    answer = visitor.send(
        "POST",
        f"/contacts/{contact['id']}/attachments",
        files={"file": ("a.png", POLYGLOTS[kind], "image/png")},
    )
    assert (answer.status_code, answer.json()["code"]) in [
        (422, "attachment_type"),
        (422, "attachment_broken"),
    ]


def test_what_hides_behind_the_pixels_of_a_picture_is_gone_after_the_upload(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    sent = _image("PNG") + b"<script>window.__pwned=1</script>"
    file = visitor.upload(f"/contacts/{contact['id']}/attachments", "a.png", sent)
    assert b"script" not in visitor.send("GET", f"/attachments/{file['id']}").content


def test_a_pdf_is_downloaded_never_shown_and_nothing_may_run_in_it(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    content = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
    file = visitor.upload(f"/contacts/{contact['id']}/attachments", "請求書.pdf", content)
    answer = visitor.send("GET", f"/attachments/{file['id']}")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "no-store" in answer.headers["cache-control"]


def test_every_download_is_a_line_of_the_audit_log(counter: Counter, misakis: Possession) -> None:
    file = misakis.ids["attachment_id"]
    before = _readings(counter, file)
    for caller in (misakis.owner, counter.agent("ito"), counter.key("contacts")):
        assert caller.send("GET", f"/attachments/{file}").status_code == 200
    counter.visitor().send("GET", f"/attachments/{file}")
    assert _readings(counter, file) - before == 3


def test_a_file_of_staff_is_hidden_until_it_is_said(counter: Counter) -> None:
    visitor, desk = counter.visitor(), counter.agent("ito")
    contact = visitor.open("")
    file = desk.upload(f"/contacts/{contact['id']}/attachments", f"{MARK}.png", _image("PNG"))
    assert visitor.refused("GET", f"/attachments/{file['id']}") == (404, "not_found")


def test_identifiers_and_secrets_cannot_be_guessed() -> None:
    """S-06: at least 80 random bits in an id that is also hidden by authorisation, 128 in a secret; no two alike."""
    ids = [new_id("att").removeprefix("att_") for _ in range(20_000)]
    secrets = [new_secret() for _ in range(20_000)]
    assert len(set(ids)) == len(ids)
    assert len(set(secrets)) == len(secrets)
    assert _entropy([one[-16:] for one in ids]) >= 78
    assert _entropy([one[:22] for one in secrets]) >= 128


def _entropy(texts: list[str]) -> float:
    """Shannon bits, place by place."""
    bits = 0.0
    for place in range(min(map(len, texts))):
        counts = Tally(text[place] for text in texts).values()
        bits -= sum(count / len(texts) * math.log2(count / len(texts)) for count in counts)
    return bits


def _readings(counter: Counter, attachment_id: str) -> int:
    def read(tx: Transaction) -> int:
        wanted = select(func.count()).where(
            audit.c.object_id == attachment_id, audit.c.action == "attachment.read"
        )
        return int(tx.scalar(wanted))

    return counter.house.database.read(read)
