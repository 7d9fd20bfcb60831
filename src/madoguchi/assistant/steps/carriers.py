"""The carrier behind a parcel: name, tracking number, telephone, hours, and its own page for a new delivery (ORD-010)."""

from __future__ import annotations

from madoguchi.assistant.steps.parcels import open_parcels
from madoguchi.assistant.talk import Talk
from madoguchi.counter.orders.model import Order, Parcel
from madoguchi.counter.orders.rules import Carrier


def parcel_of(order: Order) -> Parcel | None:
    """The parcel that is meant: the newest one that has left and not arrived, else the last that arrived."""
    gone = [parcel for parcel in order.parcels if parcel.state != "preparing"]
    still_out = [parcel for parcel in open_parcels(order) if parcel in gone]
    chosen = still_out or gone
    return chosen[-1] if chosen else None


def carrier_of(talk: Talk, parcel: Parcel) -> Carrier | None:
    return talk.scene.desk.rules.carrier(parcel.carrier)


def tell_carrier(talk: Talk, parcel: Parcel) -> None:
    """Who has the parcel and how they are reached; kept as facts too."""
    carrier = carrier_of(talk, parcel)
    name = (carrier.name.get(talk.language) if carrier else "") or parcel.carrier
    talk.fact("carrier", name)
    talk.fact("tracking_number", parcel.tracking_number)
    talk.say(
        "carrier.who", carrier=name or talk.words("carrier.unknown"), number=parcel.tracking_number or "—"
    )
    if carrier is not None and carrier.phone:
        talk.say("carrier.phone", phone=carrier.phone, hours=carrier.hours or "—")
    url = (carrier.help_url if carrier else "") or parcel.tracking_url
    if url:
        talk.show({"kind": "link", "title": talk.words("carrier.page", carrier=name), "url": url})
    talk.has_tried("carrier_card")


def redelivery_link(talk: Talk, parcel: Parcel) -> str:
    """The carrier's own page for a new delivery of this parcel; empty where it has none (ORD-009)."""
    carrier = carrier_of(talk, parcel)
    if carrier is None or not carrier.redelivery_url or not parcel.tracking_number:
        return ""
    return carrier.redelivery_url.replace("{number}", parcel.tracking_number)
