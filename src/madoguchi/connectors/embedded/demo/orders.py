"""Some three hundred more orders, in every state that an order can be in; the same dice at every start."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from madoguchi.connectors.embedded.demo.goods import products
from madoguchi.connectors.embedded.demo.people import Person
from madoguchi.connectors.embedded.demo.story import Item, Pay, Story
from madoguchi.counter.orders.model import Order, Product

_EVERYDAY: tuple[Pay, ...] = (
    "card",
    "card",
    "card",
    "convenience_store",
    "points_and_card",
    "gift_card",
    "pay_later",
)
_PAID: tuple[Pay, ...] = (
    "card",
    "convenience_store",
    "gift_card",
    "gift_card_and_card",
    "points_gift_card_and_card",
    "bank_transfer",
)

Make = Callable[["_Dice"], Story]


def more_orders(now: datetime, people: Sequence[Person], count: int = 300) -> Iterator[Order]:
    """`count` orders of these people, every kind of story in turn."""
    kinds: tuple[Make, ...] = tuple(_KINDS)
    for step in range(count):
        yield kinds[step % len(kinds)](_Dice(now, people, step)).order


class _Dice:
    """The chances of one order."""

    def __init__(self, now: datetime, people: Sequence[Person], step: int) -> None:
        self._random = random.Random(f"midori/order/{step}")
        self._now = now
        self._step = step
        self._people = people
        self.age = self._random.randint(35, 170)  # days, for orders that are over and done

    def story(
        self,
        days: int,
        *,
        pay: Sequence[Pay] = _EVERYDAY,
        goods: Callable[[Product], bool] = lambda product: product.product_class != "digital",
        pieces: int = 0,
        among: Callable[[Person], bool] = lambda person: True,
    ) -> Story:
        chance = self._random
        person = chance.choice([each for each in self._people if among(each)])
        fitting = [product for product in products() if goods(product) and not product.device_kind]
        chosen = chance.sample(fitting, min(len(fitting), pieces or chance.choice((1, 1, 2, 3))))
        items: list[Item] = [
            (chance.choice(product.variants).sku, chance.choice((1, 1, 1, 2))) for product in chosen
        ]
        return Story(
            self._now,
            f"249-{chance.randrange(1_000_000, 9_999_999)}-{self._step:07d}",
            person,
            items,
            days=days,
            hour=chance.randint(7, 22),
            pay=chance.choice(pay),
            coupon=chance.choice((0, 0, 0, 300, 500)),
        )

    def between(self, low: int, high: int) -> int:
        return self._random.randint(low, high)


def _long_delivered(dice: _Dice) -> Story:
    return dice.story(dice.age).shipped(days=dice.age - 1).delivered(days=dice.age - 3)


def _lately_delivered(dice: _Dice) -> Story:
    days = dice.between(6, 28)
    return dice.story(days).shipped(days=days - 1).delivered(days=days - 3)


def _awaiting_payment(dice: _Dice) -> Story:
    return dice.story(dice.between(0, 2), pay=("convenience_open", "bank_open"))


def _processing(dice: _Dice) -> Story:
    return dice.story(
        dice.between(0, 2), pay=("card", "hold", "pay_later", "cash_on_delivery", "gift_card_and_card")
    )


def _on_time(dice: _Dice) -> Story:
    return dice.story(3).shipped(days=2).moved("in_transit", days=1)


def _out_today(dice: _Dice) -> Story:
    return dice.story(4).shipped(days=2).moved("in_transit", days=1).moved("out_for_delivery", days=0, hour=7)


def _late(dice: _Dice) -> Story:
    days = dice.between(6, 12)
    return dice.story(days).shipped(days=days - 2).moved("in_transit", days=days - 3)


def _lost(dice: _Dice) -> Story:
    days = dice.between(14, 22)
    return (
        dice.story(days)
        .shipped(days=days - 1)
        .moved("in_transit", days=days - 2)
        .moved("lost", days=days - 9)
    )


def _lost_and_sent_again(dice: _Dice) -> Story:
    story = dice.story(30).shipped(days=29).moved("lost", days=20).sent_again(days=18)
    return story.shipped(days=17).delivered(days=15)


def _lost_and_refunded(dice: _Dice) -> Story:
    story = dice.story(32, pay=_PAID).shipped(days=31).moved("lost", days=22)
    return story.refunded_as_missing(days=20).refunds_done(days=14)


def _part_shipped(dice: _Dice) -> Story:
    return dice.story(4, pieces=3).shipped(days=3, lines=["L1"]).moved("in_transit", days=1)


def _delivery_failed(dice: _Dice) -> Story:
    return (
        dice.story(5)
        .shipped(days=4)
        .moved("out_for_delivery", days=2)
        .moved("delivery_failed", days=2, hour=18)
    )


def _sent_back(dice: _Dice) -> Story:
    return (
        dice.story(21).shipped(days=20).moved("delivery_failed", days=18).moved("returned_to_sender", days=9)
    )


def _said_delivered(dice: _Dice) -> Story:
    return dice.story(5).shipped(days=4).delivered(days=1)


def _cancelled_and_refunded(dice: _Dice) -> Story:
    days = dice.between(9, 60)
    return dice.story(days, pay=_PAID).cancelled(days=days - 1).refunds_done(days=max(0, days - 6))


def _cancelled_before_charge(dice: _Dice) -> Story:
    days = dice.between(1, 60)
    return dice.story(days, pay=("hold", "convenience_open")).cancelled(days=days - 1)


def _cancelled_waiting(dice: _Dice) -> Story:
    return dice.story(2, pay=_PAID).cancelled(days=1)


def _one_line_cancelled(dice: _Dice) -> Story:
    return (
        dice.story(8, pay=_PAID, pieces=2)
        .cancelled(days=8, lines=["L2"], hour=23)
        .shipped(days=6)
        .delivered(days=4)
    )


def _returnable(product: Product) -> bool:
    return product.returnable and product.product_class in (
        "apparel",
        "electronics",
        "furniture",
        "books",
        "general",
    )


def _return_label(dice: _Dice) -> Story:
    return (
        dice.story(10, goods=_returnable, pay=_PAID)
        .shipped(days=9)
        .delivered(days=7)
        .returned("L1", days=2, fee=550)
    )


def _return_on_its_way(dice: _Dice) -> Story:
    story = dice.story(14, goods=_returnable, pay=_PAID).shipped(days=13).delivered(days=11)
    return story.returned("L1", days=6, reason="not_as_imagined", fee=550).return_moved(
        "in_transit", days=3, tracking="448812345678"
    )


def _return_received(dice: _Dice) -> Story:
    story = dice.story(15, goods=_returnable, pay=_PAID).shipped(days=14).delivered(days=12)
    story.returned("L1", days=8, reason="defective", condition="defective")
    return story.return_moved("in_transit", days=5).return_moved("received", days=1)


def _return_refunded(dice: _Dice) -> Story:
    story = dice.story(40, goods=_returnable, pay=_PAID).shipped(days=39).delivered(days=37)
    story.returned("L1", days=33, reason="does_not_fit", condition="opened_unused", fee=550)
    story.return_moved("in_transit", days=31).return_moved("received", days=28)
    return story.return_moved("refunded", days=26).refunds_done(days=21)


def _return_refused(dice: _Dice) -> Story:
    story = dice.story(35, goods=_returnable, pay=_PAID).shipped(days=34).delivered(days=32)
    story.returned("L1", days=28, condition="used", fee=550).return_moved("in_transit", days=26)
    return story.return_moved("received", days=23).return_moved("refused", days=22)


def _refund_sent(dice: _Dice) -> Story:
    story = dice.story(18, goods=_returnable, pay=_PAID).shipped(days=17).delivered(days=15)
    story.returned("L1", days=11, reason="wrong_item").return_moved("in_transit", days=9)
    return story.return_moved("received", days=4).return_moved("refunded", days=1)


def _exchanged(dice: _Dice) -> Story:
    def several(product: Product) -> bool:
        return product.product_class == "apparel" and product.returnable

    story = dice.story(30, goods=several, pieces=1).shipped(days=29).delivered(days=27)
    line = story.order.lines[0]
    product = next(each for each in products() if each.id == line.product_id)
    other = next(one.sku for one in product.variants if one.sku != line.sku)
    story.exchanged("L1", other, days=24).return_moved("in_transit", days=22)
    return story.shipped(days=21).delivered(days=19).return_moved("received", days=18)


def _charged_twice(dice: _Dice) -> Story:
    return dice.story(9, pay=("card",)).charged_twice(days=9).shipped(days=7).delivered(days=5)


def _charged_twice_and_refunded(dice: _Dice) -> Story:
    story = dice.story(50, pay=("card",)).charged_twice(days=50).shipped(days=49).delivered(days=47)
    return story.duplicate_refunded(days=44).refunds_done(days=39)


def _digital(dice: _Dice) -> Story:
    return dice.story(
        dice.between(1, 90),
        pay=("card", "gift_card"),
        goods=lambda product: product.product_class == "digital",
    ).sent_by_mail()


def _marketplace(dice: _Dice) -> Story:
    days = dice.between(7, 25)
    story = dice.story(days, goods=lambda product: product.seller_id != "shop")
    return story.shipped(days=days - 2).delivered(days=days - 4)


def _bulk(dice: _Dice) -> Story:
    def business(person: Person) -> bool:
        return "business" in person.given.segments

    days = dice.between(1, 20)
    story = dice.story(days, pay=("bank_transfer",), among=business, pieces=3)
    return story if days < 4 else story.shipped(days=days - 1).delivered(days=days - 3)


def _cash(dice: _Dice) -> Story:
    return (
        dice.story(dice.age, pay=("cash_on_delivery",))
        .shipped(days=dice.age - 1)
        .delivered(days=dice.age - 2)
    )


_KINDS: tuple[Make, ...] = (
    _long_delivered, _lately_delivered, _awaiting_payment, _processing, _on_time, _out_today, _late, _lost,
    _long_delivered, _lately_delivered, _lost_and_sent_again, _lost_and_refunded, _part_shipped, _delivery_failed,
    _sent_back, _said_delivered, _cancelled_and_refunded, _cancelled_before_charge, _cancelled_waiting,
    _long_delivered, _lately_delivered, _one_line_cancelled, _return_label, _return_on_its_way, _return_received,
    _return_refunded, _return_refused, _refund_sent, _exchanged, _charged_twice, _charged_twice_and_refunded,
    _digital, _marketplace, _bulk, _cash, _processing, _on_time,
)  # fmt: skip
