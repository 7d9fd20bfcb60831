"""What みどり商店 and its marketplace sellers sell."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from madoguchi.counter.orders.model import Product, ProductClass, QuantityPrice, Seller, Variant
from madoguchi.kit.languages import NAMES

SELLERS = (
    Seller(id="shop", name="みどり商店", is_shop=True),
    Seller(
        id="seller-kogei",
        name="北山工芸",
        return_days=14,
        customer_pays_return=True,
        email="kogei@example.jp",
    ),
    Seller(
        id="seller-denki",
        name="あさひ電機ダイレクト",
        return_days=7,
        customer_pays_return=True,
        email="denki@example.jp",
    ),
    Seller(
        id="seller-yama",
        name="山の手アウトドア",
        return_days=30,
        customer_pays_return=False,
        email="yama@example.jp",
    ),
    Seller(
        id="seller-mori", name="もりの古本屋", email="mori@example.jp"
    ),  # has said nothing: the shop's own terms hold (SEL-008)
)

Names = dict[str, str]  # by language
Kinds = tuple[tuple[str, int], ...]  # its key in goods.toml, price (0: the good's own)
_NAMES: dict[str, dict[str, Names]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_SIZES: Kinds = (("S", 0), ("M", 0), ("L", 0), ("XL", 0))
_ONE: Kinds = (("", 0),)


@dataclass(frozen=True)
class _Good:
    id: str
    kind: ProductClass
    price: int
    colours: tuple[str, ...] = ()
    kinds: Kinds = _ONE
    seller: str = "shop"
    members_only: bool = False
    returnable: bool = True
    model: str = ""
    device: str = ""  # the tree that helps with it
    sold_out: tuple[str, ...] = ()


def _kinds(*kinds: str | tuple[str, int]) -> Kinds:
    """Each by its key, with a price where it has its own."""
    return tuple((kind, 0) if isinstance(kind, str) else kind for kind in kinds)


_GOODS = (
    _Good(
        "linen-shirt", "apparel", 4980, ("white", "navy", "beige"), _SIZES, sold_out=("linen-shirt-beige-xl",)
    ),
    _Good("cotton-tee", "apparel", 2980, ("white", "black", "green"), _SIZES),
    _Good("rain-jacket", "apparel", 8900, ("green", "navy"), _SIZES[:3]),
    _Good("wool-knit", "apparel", 7900, ("grey", "navy", "red"), _SIZES[:3]),
    _Good("denim", "apparel", 6900, ("navy", "black"), _SIZES),
    _Good(
        "running-shoes", "apparel", 9800, ("black", "green"), _kinds("23.5cm", "24.5cm", "25.5cm", "26.5cm")
    ),
    _Good("socks", "apparel", 1480, ("grey", "navy")),
    _Good("underwear", "apparel", 1980, ("white", "black"), _SIZES[:3], returnable=False),
    _Good("headphones", "electronics", 9480, ("black", "white")),
    _Good("earbuds", "electronics", 12800, ("black", "white", "green")),
    _Good("kettle", "electronics", 5480, ("white", "black")),
    _Good("rice-cooker", "electronics", 19800, ("white",)),
    _Good("charger", "electronics", 3980, ("white", "black")),
    _Good("humidifier", "electronics", 8980, ("white", "beige"), seller="seller-denki"),
    _Good("vacuum", "electronics", 24800, ("red", "white"), seller="seller-denki"),
    _Good("speaker", "electronics", 6980, ("green", "black"), seller="seller-denki"),
    _Good("tea-set", "food", 2160, kinds=_kinds("3-bags", ("6-bags", 3980))),
    _Good("rice", "food", 3280, kinds=_kinds("5kg", ("10kg", 6280))),
    _Good("honey", "food", 1980, kinds=_kinds("250g", ("500g", 3680))),
    _Good("coffee", "food", 1580, kinds=_kinds("beans", "ground")),
    _Good("sweets", "food", 3240),
    _Good("photo-software", "software", 8800, kinds=_kinds("windows", "mac")),
    _Good("tax-software", "software", 4980, kinds=_kinds("boxed")),
    _Good("detergent", "consumable", 980, kinds=_kinds("1-pack", ("3-packs", 2780))),
    _Good("ink", "consumable", 2480, kinds=_kinds("black-ink", ("colour-ink", 4280))),
    _Good("paper", "consumable", 2780, kinds=_kinds("2500-sheets")),
    _Good("shampoo", "hygiene", 1680, kinds=_kinds("pump", ("refill", 1280))),
    _Good("toothbrush", "hygiene", 6480, ("white", "green")),
    _Good("face-cream", "hygiene", 2980),
    _Good("gift-code", "digital", 5000, kinds=_kinds("5000-yen")),
    _Good("cook-course", "digital", 3800),
    _Good("novel", "books", 1760),
    _Good("cookbook", "books", 1980),
    _Good("picture-book", "books", 1540, seller="seller-mori"),
    _Good("used-set", "books", 2200, seller="seller-mori"),
    _Good("desk-lamp", "furniture", 5980, ("white", "black")),
    _Good("chair", "furniture", 15800, ("black", "grey")),
    _Good("bookshelf", "furniture", 12800, ("beige",)),
    _Good("side-table", "furniture", 6980, ("beige", "black")),
    _Good("mug", "general", 1980, ("white", "navy", "green"), seller="seller-kogei"),
    _Good("chopsticks", "general", 3300, ("red", "black"), seller="seller-kogei"),
    _Good("teapot", "general", 8800, ("black", "red"), seller="seller-kogei"),
    _Good("backpack", "general", 7480, ("green", "navy", "black"), seller="seller-yama"),
    _Good("bottle", "general", 2980, ("green", "white"), seller="seller-yama"),
    _Good("tent", "general", 21800, ("green",), seller="seller-yama"),
    _Good("umbrella", "general", 2480, ("navy", "red", "black")),
    _Good("towels", "general", 4400, ("white", "green")),
    _Good("pan", "general", 4980),
    _Good("tote", "general", 3200, ("beige",), members_only=True),
    _Good("stick-4k2", "electronics", 5980, ("black",), model="MS-4K2", device="streaming_stick"),
    _Good("reader-b7", "electronics", 14800, ("black",), model="MR-B7", device="ereader"),
)


@cache
def products() -> tuple[Product, ...]:
    """All goods with their variants, the same at every call."""
    return tuple(_product(good) for good in _GOODS)


@cache
def product(product_id: str) -> Product:
    """One product by its id. Raises KeyError."""
    return {each.id: each for each in products()}[product_id]


def variant(sku: str) -> tuple[Product, Variant]:
    """A variant by its article number, with its product. Raises KeyError."""
    for each in products():
        for one in each.variants:
            if one.sku == sku:
                return each, one
    raise KeyError(sku)


def _product(good: _Good) -> Product:
    return Product(
        id=good.id,
        name=_NAMES["goods"][good.id],
        product_class=good.kind,
        seller_id=good.seller,
        image=f"/static/demo/{good.id}.svg",
        url=f"https://shop.example.jp/products/{good.id}",
        members_only=good.members_only,
        returnable=good.returnable,
        model=good.model,
        device_kind=good.device,
        variants=list(_variants(good)),
    )


_OFFICE = ("paper", "ink", "chair", "desk-lamp")  # what companies buy many of


def _for_many(good_id: str, price: int) -> list[QuantityPrice]:
    """Ten and more: 5 % off, fifty and more: 10 % off."""
    if good_id not in _OFFICE:
        return []
    return [
        QuantityPrice(quantity=10, price=price * 95 // 100),
        QuantityPrice(quantity=50, price=price * 9 // 10),
    ]


def _variants(good: _Good) -> list[Variant]:
    found = []
    for colour in good.colours or ("",):
        for step, (kind, price) in enumerate(good.kinds):
            parts = [
                *([_NAMES["colours"][colour]] if colour else []),
                *([_NAMES["kinds"][kind]] if kind else []),
            ]
            size = kind.lower().removesuffix("cm").replace(".", "")
            suffix = size if good.kind == "apparel" else str(step + 1)
            sku = "-".join(part for part in (good.id, colour, suffix if kind else "") if part)
            # Any figure will do, as long as it is the same at every start.
            stock = 0 if sku in good.sold_out else 6 + (len(sku) * 7 + step * 5) % 40
            found.append(
                Variant(
                    sku=sku,
                    name={each: " / ".join(part[each] for part in parts) for each in NAMES} if parts else {},
                    price=price or good.price,
                    stock=stock,
                    quantity_prices=_for_many(good.id, price or good.price),
                )
            )
    return found


def named(what: str, key: str) -> Names:
    """What goods.toml calls something that is no good: a holding, a stage of a parcel, a depot."""
    return _NAMES[what][key]


def depots() -> list[str]:
    return list(_NAMES["depots"])
