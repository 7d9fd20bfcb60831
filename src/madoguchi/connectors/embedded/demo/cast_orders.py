"""The orders of the cast, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.people import Person, address_for
from madoguchi.connectors.embedded.demo.story import Item, Pay, Story
from madoguchi.counter.orders.model import Order


def cast_orders(now: datetime, people: Mapping[str, Person]) -> Iterator[Order]:
    """Every order that `cast` names."""
    for story in _Teller(now, people).all():
        yield story.order


class _Teller:
    def __init__(self, now: datetime, people: Mapping[str, Person]) -> None:
        self._now = now
        self._people = people

    def all(self) -> Iterator[Story]:
        yield from self._four_kinds(cast.MISAKI, "beige")
        yield (
            self._one(cast.MISAKI_ON_TIME, [("backpack-green", 1)], days=3)
            .shipped(days=2)
            .moved("in_transit", days=1)
        )
        yield (
            self._one(cast.number(cast.MISAKI, 6), [("wool-knit-red-m", 1)], days=58)
            .shipped(days=57)
            .delivered(days=55)
        )
        yield self._one(cast.number(cast.MISAKI, 7), [("umbrella-red", 1)], days=40, pay="hold").cancelled(
            days=40
        )
        yield from self._four_kinds(cast.JOHN, "navy")
        yield from self._business()
        yield from self._senior()
        yield from self._victim()
        yield from self._money()
        yield from self._parcels()
        yield from self._goods()
        yield from self._abroad()

    def _one(
        self, number: str, items: list[Item], *, days: int, pay: Pay = "card", hour: int = 10, note: str = ""
    ) -> Story:
        person = self._people[f"C{int(number[4:11])}"]
        return Story(self._now, number, person, items, days=days, pay=pay, hour=hour, note=note)

    def _four_kinds(self, ref: str, colour: str) -> Iterator[Story]:
        """Late; not shipped; a shirt that may come back; headphones."""
        late = self._one(cast.number(ref, 1), [("towels-white", 1), ("socks-grey", 1)], days=8)
        yield late.shipped(days=6).moved("in_transit", days=5).moved("in_transit", days=4, hour=6)
        yield self._one(cast.number(ref, 2), [("desk-lamp-white", 1)], days=0, hour=8)
        shirt = self._one(cast.number(ref, 3), [(f"linen-shirt-{colour}-m", 1)], days=9)
        yield shirt.shipped(days=8).delivered(days=6)
        yield (
            self._one(cast.number(ref, 4), [("headphones-black", 1)], days=14)
            .shipped(days=13)
            .delivered(days=12)
        )

    def _business(self) -> Iterator[Story]:
        yield self._one(cast.BUSINESS_BULK, [("paper-1", 50), ("ink-1", 20)], days=2, pay="bank_transfer")
        yield (
            self._one(
                cast.BUSINESS_DELIVERED,
                [("chair-black", 10), ("desk-lamp-black", 10)],
                days=24,
                pay="bank_transfer",
            )
            .shipped(days=21)
            .delivered(days=19)
        )
        yield self._one(cast.number(cast.BUSINESS, 3), [("ink-2", 15)], days=1, pay="bank_open")

    def _senior(self) -> Iterator[Story]:
        yield (
            self._one(cast.SENIOR_KETTLE, [("kettle-white", 1)], days=12, pay="cash_on_delivery")
            .shipped(days=11)
            .delivered(days=9)
        )
        yield (
            self._one(cast.SENIOR_FOOD, [("tea-set-1", 2), ("sweets", 1)], days=7, pay="cash_on_delivery")
            .shipped(days=6)
            .delivered(days=4)
        )

    def _victim(self) -> Iterator[Story]:
        stranger = address_for("吉川 一郎", "ヨシカワ イチロウ", 6, latin=False, phone="090-0000-9999")
        yield Story(
            self._now,
            cast.VICTIM_UNRECOGNISED,
            self._people[cast.VICTIM],
            [("gift-code-1", 4), ("vacuum-red", 1)],
            days=1,
            hour=2,
            address=stranger,
        )
        yield (
            self._one(cast.VICTIM_OWN, [("novel", 1), ("cookbook", 1)], days=30)
            .shipped(days=29)
            .delivered(days=27)
        )

    def _money(self) -> Iterator[Story]:
        twice = self._one(cast.CHARGED_TWICE_ORDER, [("toothbrush-white", 1)], days=3)
        yield twice.charged_twice(days=3).shipped(days=2).moved("in_transit", days=1)
        overdue = self._one(cast.OVERDUE_REFUND, [("rain-jacket-navy-m", 1)], days=45)
        overdue.shipped(days=44).delivered(days=42).returned("L1", days=36, fee=550)
        overdue.return_moved("in_transit", days=33, tracking="448800112233")
        yield overdue.return_moved("received", days=24).return_moved("refunded", days=21)
        yield self._one(cast.CONVENIENCE_UNPAID, [("side-table-beige", 1)], days=1, pay="convenience_open")
        yield self._one(
            cast.CONVENIENCE_PAID, [("pan", 1), ("novel", 1)], days=2, pay="convenience_open"
        ).paid(days=1)
        yield self._one(
            cast.CONVENIENCE_REFUND, [("towels-green", 1)], days=6, pay="convenience_store"
        ).cancelled(days=5)
        split: Pay = "points_gift_card_and_card"
        yield (
            self._one(
                cast.SPLIT_TENDER_ORDER, [("denim-navy-m", 1), ("cotton-tee-white-m", 1)], days=5, pay=split
            )
            .shipped(days=4)
            .delivered(days=2)
        )
        refunded = self._one(cast.SPLIT_TENDER_REFUNDED, [("wool-knit-navy-s", 1)], days=26, pay=split)
        refunded.shipped(days=25).delivered(days=23).returned(
            "L1", days=20, reason="defective", condition="defective"
        )
        refunded.return_moved("in_transit", days=18).return_moved("received", days=15)
        yield refunded.return_moved("refunded", days=13).refunds_done(days=10)

    def _parcels(self) -> Iterator[Story]:
        yield (
            self._one(
                cast.DELIVERED_BUT_MISSING,
                [("earbuds-white", 1)],
                days=6,
                note="配達完了（受領印あり）。お客様は届いていないとのこと。",
            )
            .shipped(days=5)
            .delivered(days=2)
        )
        yield (
            self._one(cast.LOST_PARCEL, [("face-cream", 2)], days=15)
            .shipped(days=14)
            .moved("in_transit", days=13)
            .moved("lost", days=5)
        )
        two = self._one(cast.TWO_PARCELS_ORDER, [("umbrella-navy", 1), ("pan", 1)], days=6)
        two.shipped(days=5, lines=["L1"]).delivered(days=3)
        yield two.shipped(days=3, hour=17, lines=["L2"]).moved("in_transit", days=1)
        part = self._one(cast.PART_SHIPPED, [("novel", 1), ("bookshelf-beige", 1)], days=4)
        yield part.shipped(days=2, lines=["L1"]).moved("in_transit", days=1)
        yield (
            self._one(cast.RETURNED_TO_SENDER, [("running-shoes-green-255", 1)], days=20)
            .shipped(days=19)
            .moved("out_for_delivery", days=17)
            .moved("delivery_failed", days=17, hour=19)
            .moved("returned_to_sender", days=8)
        )

    def _goods(self) -> Iterator[Story]:
        yield (
            self._one(cast.MARKETPLACE_DELIVERED, [("mug-navy", 2), ("chopsticks-red", 1)], days=10)
            .shipped(days=8)
            .delivered(days=6)
        )
        yield (
            self._one(cast.MARKETPLACE_LATE, [("speaker-black", 1)], days=11)
            .shipped(days=9)
            .moved("in_transit", days=8)
        )
        swapped = (
            self._one(cast.EXCHANGE_DONE, [("cotton-tee-green-m", 1)], days=28)
            .shipped(days=27)
            .delivered(days=25)
        )
        swapped.exchanged("L1", "cotton-tee-green-l", days=22).return_moved("in_transit", days=21)
        yield swapped.shipped(days=20).delivered(days=18).return_moved("received", days=17)
        received = self._one(cast.RETURN_RECEIVED, [("rain-jacket-green-s", 1)], days=16).shipped(days=15)
        received.delivered(days=13).returned(
            "L1", days=9, reason="does_not_fit", condition="opened_unused", fee=550
        )
        yield received.return_moved("in_transit", days=6, tracking="448800445566").return_moved(
            "received", days=1
        )

    def _abroad(self) -> Iterator[Story]:
        yield self._one(cast.CHINESE_ON_TIME, [("rice-cooker-white", 1)], days=2).shipped(days=1)
        yield (
            self._one(cast.KOREAN_DELIVERED, [("charger-black", 1)], days=8).shipped(days=7).delivered(days=5)
        )
        yield self._one(cast.CANCELLED_REFUND_SENT, [("bookshelf-beige", 1)], days=3).cancelled(days=2)
