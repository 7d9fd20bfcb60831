"""What みどり商店 and its marketplace sellers sell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from madoguchi.counter.orders.model import Product, ProductClass, QuantityPrice, Seller, Variant

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

Kinds = tuple[tuple[str, str, int], ...]  # Japanese, English, price (0: the good's own)
_SIZES: Kinds = (("S", "S", 0), ("M", "M", 0), ("L", "L", 0), ("XL", "XL", 0))
_ONE: Kinds = (("", "", 0),)
_COLOURS = {
    "black": ("ブラック", "Black"),
    "white": ("ホワイト", "White"),
    "green": ("グリーン", "Green"),
    "navy": ("ネイビー", "Navy"),
    "beige": ("ベージュ", "Beige"),
    "red": ("レッド", "Red"),
    "grey": ("グレー", "Grey"),
}


@dataclass(frozen=True)
class _Good:
    id: str
    ja: str
    en: str
    kind: ProductClass
    price: int
    colours: tuple[str, ...] = ()
    sizes: Kinds = _ONE
    seller: str = "shop"
    members_only: bool = False
    returnable: bool = True
    sold_out: tuple[str, ...] = ()


def _shoes(*sizes: str) -> Kinds:
    return tuple((f"{size}cm", f"{size} cm", 0) for size in sizes)


def _kinds(*kinds: str) -> Kinds:
    """`日本語|English` or `日本語|English|price` each."""
    parts = [kind.split("|") for kind in kinds]
    return tuple((part[0], part[1], int(part[2]) if len(part) > 2 else 0) for part in parts)


_GOODS = (
    _Good(
        "linen-shirt",
        "リネンシャツ",
        "Linen shirt",
        "apparel",
        4980,
        ("white", "navy", "beige"),
        _SIZES,
        sold_out=("linen-shirt-beige-xl",),
    ),
    _Good(
        "cotton-tee",
        "オーガニックコットンTシャツ",
        "Organic cotton T-shirt",
        "apparel",
        2980,
        ("white", "black", "green"),
        _SIZES,
    ),
    _Good(
        "rain-jacket",
        "軽量レインジャケット",
        "Light rain jacket",
        "apparel",
        8900,
        ("green", "navy"),
        _SIZES[:3],
    ),
    _Good(
        "wool-knit",
        "メリノウールニット",
        "Merino wool jumper",
        "apparel",
        7900,
        ("grey", "navy", "red"),
        _SIZES[:3],
    ),
    _Good("denim", "ストレートデニム", "Straight jeans", "apparel", 6900, ("navy", "black"), _SIZES),
    _Good(
        "running-shoes",
        "ランニングシューズ",
        "Running shoes",
        "apparel",
        9800,
        ("black", "green"),
        _shoes("23.5", "24.5", "25.5", "26.5"),
    ),
    _Good("socks", "くつ下3足組", "Socks, 3 pairs", "apparel", 1480, ("grey", "navy")),
    _Good(
        "underwear",
        "コットンインナー2枚組",
        "Cotton underwear, 2 pieces",
        "apparel",
        1980,
        ("white", "black"),
        _SIZES[:3],
        returnable=False,
    ),
    _Good(
        "headphones", "ワイヤレスヘッドホン", "Wireless headphones", "electronics", 9480, ("black", "white")
    ),
    _Good(
        "earbuds",
        "ノイズキャンセルイヤホン",
        "Noise-cancelling earbuds",
        "electronics",
        12800,
        ("black", "white", "green"),
    ),
    _Good("kettle", "電気ケトル 0.8L", "Electric kettle, 0.8 l", "electronics", 5480, ("white", "black")),
    _Good("rice-cooker", "炊飯器 5.5合", "Rice cooker, 1 l", "electronics", 19800, ("white",)),
    _Good("charger", "USB充電器 65W", "USB charger, 65 W", "electronics", 3980, ("white", "black")),
    _Good(
        "humidifier", "加湿器", "Humidifier", "electronics", 8980, ("white", "beige"), seller="seller-denki"
    ),
    _Good(
        "vacuum",
        "コードレス掃除機",
        "Cordless vacuum cleaner",
        "electronics",
        24800,
        ("red", "white"),
        seller="seller-denki",
    ),
    _Good(
        "speaker",
        "防水スピーカー",
        "Waterproof speaker",
        "electronics",
        6980,
        ("green", "black"),
        seller="seller-denki",
    ),
    _Good(
        "tea-set",
        "静岡煎茶 詰め合わせ",
        "Shizuoka green tea selection",
        "food",
        2160,
        (),
        _kinds("3袋|3 bags", "6袋|6 bags|3980"),
    ),
    _Good(
        "rice",
        "新潟県産 こしひかり",
        "Koshihikari rice from Niigata",
        "food",
        3280,
        (),
        _kinds("5kg|5 kg", "10kg|10 kg|6280"),
    ),
    _Good(
        "honey", "国産はちみつ", "Japanese honey", "food", 1980, (), _kinds("250g|250 g", "500g|500 g|3680")
    ),
    _Good(
        "coffee",
        "深煎りコーヒー豆",
        "Dark roast coffee beans",
        "food",
        1580,
        (),
        _kinds("200g 豆|200 g, beans", "200g 粉|200 g, ground"),
    ),
    _Good("sweets", "和菓子 季節の詰め合わせ", "Seasonal Japanese sweets", "food", 3240),
    _Good(
        "photo-software",
        "写真編集ソフト",
        "Photo editing software",
        "software",
        8800,
        (),
        _kinds("Windows版|for Windows", "Mac版|for Mac"),
    ),
    _Good(
        "tax-software",
        "かんたん確定申告",
        "Easy tax return",
        "software",
        4980,
        (),
        _kinds(
            "パッケージ版|boxed",
        ),
    ),
    _Good(
        "detergent",
        "洗濯洗剤 つめかえ",
        "Laundry detergent refill",
        "consumable",
        980,
        (),
        _kinds("1個|1 pack", "3個|3 packs|2780"),
    ),
    _Good(
        "ink",
        "プリンターインク",
        "Printer ink",
        "consumable",
        2480,
        (),
        _kinds("ブラック|black", "カラー|colour|4280"),
    ),
    _Good(
        "paper",
        "コピー用紙 A4",
        "Copy paper, A4",
        "consumable",
        2780,
        (),
        _kinds(
            "2500枚|2,500 sheets",
        ),
    ),
    _Good(
        "shampoo",
        "ボタニカルシャンプー",
        "Botanical shampoo",
        "hygiene",
        1680,
        (),
        _kinds("本体|bottle", "つめかえ|refill|1280"),
    ),
    _Good("toothbrush", "電動歯ブラシ", "Electric toothbrush", "hygiene", 6480, ("white", "green")),
    _Good("face-cream", "保湿クリーム", "Moisturising cream", "hygiene", 2980),
    _Good(
        "gift-code",
        "みどりギフトコード",
        "Midori gift code",
        "digital",
        5000,
        (),
        _kinds(
            "5,000円分|5,000 yen",
        ),
    ),
    _Good("cook-course", "オンライン料理講座", "Online cooking course", "digital", 3800),
    _Good("novel", "小説『灯台の手紙』", "Novel: Letters from the Lighthouse", "books", 1760),
    _Good("cookbook", "毎日の和食レシピ", "Everyday Japanese Cooking", "books", 1980),
    _Good(
        "picture-book",
        "絵本『もりのゆうびんや』",
        "Picture book: The Forest Postman",
        "books",
        1540,
        seller="seller-mori",
    ),
    _Good("used-set", "文庫本セット 10冊", "Ten used paperbacks", "books", 2200, seller="seller-mori"),
    _Good("desk-lamp", "デスクライト", "Desk lamp", "furniture", 5980, ("white", "black")),
    _Good("chair", "ワークチェア", "Work chair", "furniture", 15800, ("black", "grey")),
    _Good("bookshelf", "木製本棚", "Wooden bookshelf", "furniture", 12800, ("beige",)),
    _Good("side-table", "サイドテーブル", "Side table", "furniture", 6980, ("beige", "black")),
    _Good(
        "mug",
        "美濃焼マグカップ",
        "Mino ware mug",
        "general",
        1980,
        ("white", "navy", "green"),
        seller="seller-kogei",
    ),
    _Good(
        "chopsticks",
        "若狭塗 夫婦箸",
        "Wakasa lacquer chopsticks, a pair",
        "general",
        3300,
        ("red", "black"),
        seller="seller-kogei",
    ),
    _Good(
        "teapot",
        "南部鉄器 急須",
        "Nambu ironware teapot",
        "general",
        8800,
        ("black", "red"),
        seller="seller-kogei",
    ),
    _Good(
        "backpack",
        "デイパック 22L",
        "Daypack, 22 l",
        "general",
        7480,
        ("green", "navy", "black"),
        seller="seller-yama",
    ),
    _Good(
        "bottle",
        "保温ボトル 500ml",
        "Insulated bottle, 500 ml",
        "general",
        2980,
        ("green", "white"),
        seller="seller-yama",
    ),
    _Good("tent", "2人用テント", "Two-person tent", "general", 21800, ("green",), seller="seller-yama"),
    _Good("umbrella", "折りたたみ傘", "Folding umbrella", "general", 2480, ("navy", "red", "black")),
    _Good("towels", "今治タオル 5枚セット", "Imabari towels, set of 5", "general", 4400, ("white", "green")),
    _Good("pan", "鉄フライパン 26cm", "Iron frying pan, 26 cm", "general", 4980),
    _Good(
        "tote", "会員限定トートバッグ", "Members' tote bag", "general", 3200, ("beige",), members_only=True
    ),
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
        name={"ja": good.ja, "en": good.en},
        product_class=good.kind,
        seller_id=good.seller,
        image=f"/static/demo/{good.id}.svg",
        url=f"https://shop.example.jp/products/{good.id}",
        members_only=good.members_only,
        returnable=good.returnable,
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
        for step, (ja, en, price) in enumerate(good.sizes):
            colour_ja, colour_en = _COLOURS.get(colour, ("", ""))
            suffix = en.lower().split(" ")[0].replace(".", "") if good.kind == "apparel" else str(step + 1)
            sku = "-".join(part for part in (good.id, colour, suffix if en else "") if part)
            label = {
                "ja": " / ".join(part for part in (colour_ja, ja) if part),
                "en": " / ".join(part for part in (colour_en, en) if part),
            }
            # Any figure will do, as long as it is the same at every start.
            stock = 0 if sku in good.sold_out else 6 + (len(sku) * 7 + step * 5) % 40
            found.append(
                Variant(
                    sku=sku,
                    name=label if label["ja"] else {},
                    price=price or good.price,
                    stock=stock,
                    quantity_prices=_for_many(good.id, price or good.price),
                )
            )
    return found
