"""The people and orders of the demo shop that stories, tests and documents may rely on.

Their customer numbers and order numbers never change; dates are relative to the day on which the demo is loaded.
Everybody's mail address ends in example.jp or example.com, and no telephone number is in use.

| customer | who | what is the matter |
|---|---|---|
| C1001 | 佐藤 美咲, member | late parcel; order not shipped (5,980 yen, card); shirt that can come back; headphones |
| C1002 | John Miller, English, foreign resident | the same four kinds |
| C1003 | 田中商事, business | 50 packs of paper and ink, not shipped, bank transfer; a delivered bulk order |
| C1004 | 鈴木 トメ, senior | kettle delivered and defective wish; food that cannot come back |
| C1005 | 高橋 翔 | an order that he does not recognise: other address, gift codes |
| C1006 | 伊藤 さくら | charged twice for one order |
| C1007 | 渡辺 大輔 | refund of a received return, 21 days old and not arrived |
| C1008 | 山本 結衣 | the carrier says delivered, nothing is there |
| C1009 | 中村 亮 | convenience store: one order waits for payment, one is paid and not shipped, one was cancelled |
| C1010 | 小林 恵 | paid with points, gift card and card; a refund split over them |
| C1011 | 加藤 直樹 | marketplace goods |
| C1012 | 吉田 陽子 | parcel lost by the carrier |
| C1013 | 井上 真央 | one of two parcels has arrived, the other is on its way; a part-shipped order |
| C1014 | 木村 悠 | could not be delivered, went back to the sender |
| C1015 | 松本 蓮, student | exchange done; another return received and not yet refunded |
| C1016 | 李 娜, Chinese | parcel on its way, on time |
| C1017 | 김 민지 (Kim Minji), Korean | delivered order |
| C1018 | Emily Clark, English | cancelled order with a refund on its way |
| C1019 | 大野 由美, 田中商事 | buys for the company |
| C1020 | 平野 学, 田中商事 | may look at the company's purchases, no more |
"""

from __future__ import annotations


def number(customer_ref: str, n: int) -> str:
    """The n-th order of a member of the cast: `number("C1001", 1)` is 503-0001001-0000001."""
    return f"503-{int(customer_ref[1:]):07d}-{n:07d}"


MISAKI, MISAKI_EMAIL = "C1001", "misaki.sato@example.jp"
MISAKI_LATE = number(MISAKI, 1)  # promised four days ago, still in transit
MISAKI_UNSHIPPED = number(MISAKI, 2)  # processing, 5,980 yen charged to a card
MISAKI_SHIRT = number(MISAKI, 3)  # delivered, apparel with other sizes in stock
MISAKI_HEADPHONES = number(MISAKI, 4)  # delivered, electronics
MISAKI_ON_TIME = number(MISAKI, 5)  # in transit, promised for tomorrow

JOHN, JOHN_EMAIL = "C1002", "john.miller@example.com"
JOHN_LATE = number(JOHN, 1)
JOHN_UNSHIPPED = number(JOHN, 2)
JOHN_SHIRT = number(JOHN, 3)
JOHN_HEADPHONES = number(JOHN, 4)

BUSINESS = "C1003"
BUSINESS_BULK = number(BUSINESS, 1)
BUSINESS_DELIVERED = number(BUSINESS, 2)
BUSINESS_NUMBER = "T1700110009999"  # a number that checks; it belongs to nobody
BUSINESS_BUYER = "C1019"
BUSINESS_VIEWER = "C1020"

SENIOR = "C1004"
SENIOR_KETTLE = number(SENIOR, 1)
SENIOR_FOOD = number(SENIOR, 2)

VICTIM = "C1005"
VICTIM_UNRECOGNISED = number(VICTIM, 1)
VICTIM_OWN = number(VICTIM, 2)

CHARGED_TWICE = "C1006"
CHARGED_TWICE_ORDER = number(CHARGED_TWICE, 1)

WAITING_FOR_REFUND = "C1007"
OVERDUE_REFUND = number(WAITING_FOR_REFUND, 1)

NOT_THERE = "C1008"
DELIVERED_BUT_MISSING = number(NOT_THERE, 1)

CONVENIENCE = "C1009"
CONVENIENCE_UNPAID = number(CONVENIENCE, 1)
CONVENIENCE_PAID = number(CONVENIENCE, 2)
CONVENIENCE_REFUND = number(CONVENIENCE, 3)

SPLIT_TENDER = "C1010"
SPLIT_TENDER_ORDER = number(SPLIT_TENDER, 1)
SPLIT_TENDER_REFUNDED = number(SPLIT_TENDER, 2)

MARKETPLACE = "C1011"
MARKETPLACE_DELIVERED = number(MARKETPLACE, 1)
MARKETPLACE_LATE = number(MARKETPLACE, 2)

LOST = "C1012"
LOST_PARCEL = number(LOST, 1)

TWO_PARCELS = "C1013"
TWO_PARCELS_ORDER = number(TWO_PARCELS, 1)
PART_SHIPPED = number(TWO_PARCELS, 2)

UNDELIVERABLE = "C1014"
RETURNED_TO_SENDER = number(UNDELIVERABLE, 1)

EXCHANGED = "C1015"
EXCHANGE_DONE = number(EXCHANGED, 1)
RETURN_RECEIVED = number(EXCHANGED, 2)

CHINESE, KOREAN = "C1016", "C1017"
CHINESE_ON_TIME = number(CHINESE, 1)
KOREAN_DELIVERED = number(KOREAN, 1)

ENGLISH_CANCELLED_BY = "C1018"
CANCELLED_REFUND_SENT = number(ENGLISH_CANCELLED_BY, 1)
