"""What a seller shows the shop: checked like a customer's files, seen by staff and by that seller, by nobody else."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.problems import Invalid, NotFound
from madoguchi.counter.sellers.model import Thread
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat

SELLER = "seller-kogei"
KOGEI = Actor(kind="seller", id="agt_kogei", seller_id=SELLER)
YAMA = Actor(kind="seller", id="agt_yama", seller_id="seller-yama")
AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))


@pytest.fixture
def buyer(chat: Callable[..., Chat]) -> Chat:
    return chat(cast.MARKETPLACE)


@pytest.fixture
def thread(house: House, buyer: Chat) -> Thread:
    return house.sellers.ask(
        buyer.actor, cast.MARKETPLACE_DELIVERED, SELLER, "欠けています", contact_id=buyer.id, key="k1"
    )


def _photo() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.req("SEL-009")
def test_the_agent_sees_the_sellers_evidence_and_the_buyer_does_not(
    house: House, buyer: Chat, thread: Thread
) -> None:
    house.sellers.show(KOGEI, thread.id, "packing.jpg", _photo(), text="梱包前の写真です", key="e1")
    contact = buyer.contact

    def seen_by(actor: Actor) -> list[tuple[str, list[str]]]:
        def read(tx: object) -> list[tuple[str, list[str]]]:
            found = queries.entries(tx, contact.id, limit=500)  # type: ignore[arg-type]
            shown = entries_out(tx, actor, contact, found, "ja")  # type: ignore[arg-type]
            return [
                (entry.text, [file.name for file in entry.attachments])
                for entry in shown
                if entry.kind == events.SELLER_EVIDENCE
            ]

        return house.database.read(read)

    assert seen_by(AGENT) == [("出品者からの資料: 梱包前の写真です", ["packing.jpg"])]
    assert seen_by(buyer.actor) == []
    assert events.SELLER_EVIDENCE in [one.fact for one in house.sellers.said(AGENT, thread.id)]
    assert events.SELLER_EVIDENCE not in [one.fact for one in house.sellers.said(buyer.actor, thread.id)]


@pytest.mark.req("SEL-009")
def test_it_is_checked_and_stripped_and_kept_once(house: House, buyer: Chat, thread: Thread) -> None:
    for _ in range(2):
        house.sellers.show(KOGEI, thread.id, "a.jpg", _photo(), key="e1")
    ((attachment_id,),) = [one.attachments for one in house.sellers.sellers_view(KOGEI, thread.id).said[1:]]
    row, content = house.sellers.shown(KOGEI, thread.id, attachment_id)
    assert row.media_type == "image/jpeg" and b"SECRET-CAMERA" not in content
    with pytest.raises(Invalid, match="attachment_type"):
        house.sellers.show(KOGEI, thread.id, "a.jpg", b"<script>alert(1)</script>", key="e2")
    with pytest.raises(Invalid, match="attachment_too_large"):
        house.sellers.show(KOGEI, thread.id, "a.pdf", b"%PDF-" + b"0" * 11_000_000, key="e3")
    assert len(house.sellers.sellers_view(KOGEI, thread.id).said) == 2


def test_another_seller_neither_shows_nor_reads(house: House, thread: Thread) -> None:
    house.sellers.show(KOGEI, thread.id, "a.pdf", b"%PDF-1.7", key="e1")
    (attachment_id,) = house.sellers.sellers_view(KOGEI, thread.id).said[-1].attachments
    with pytest.raises(NotFound):
        house.sellers.show(YAMA, thread.id, "a.pdf", b"%PDF-1.7", key="e1")
    with pytest.raises(NotFound):
        house.sellers.shown(YAMA, thread.id, attachment_id)
    with pytest.raises(NotFound):
        house.sellers.shown(KOGEI, thread.id, "att_unknown")
