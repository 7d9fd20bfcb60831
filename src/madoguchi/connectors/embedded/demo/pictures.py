"""Pictures of the demo's goods: small flat drawings of our own, one per product, at most 1.5 KB each.

`python -m madoguchi.connectors.embedded.demo.pictures` writes them to `static/demo`; a test keeps them in step.
"""

from __future__ import annotations

from pathlib import Path

from madoguchi.connectors.embedded.demo.goods import products

FOLDER = Path(__file__).parents[3] / "static" / "demo"

# Shapes on a field of 64 × 64: M is the main colour, D its dark, L its light shade.
_SHAPES = {
    "shirt": '<path fill="M" d="M22 14l-12 7 4 11 6-3v23h24V29l6 3 4-11-12-7c-2 6-18 6-20 0z"/><path stroke="D" stroke-width="2" d="M32 20v32"/>',
    "tee": '<path fill="M" d="M22 14l-13 8 5 11 6-3v22h24V30l6 3 5-11-13-8c-2 6-18 6-20 0z"/>',
    "jacket": '<path fill="M" d="M24 12l-12 7-2 29h9V30v23h26V30v18h9l-2-29-12-7-8 6z"/><path stroke="D" stroke-width="3" d="M32 18v35"/><path fill="D" d="M24 12l8 6 8-6v-2H24z"/>',
    "trousers": '<path fill="M" d="M20 11h24l4 43H36l-4-29-4 29H16z"/><path fill="D" d="M20 11h24l.6 6H19.4z"/>',
    "shoe": '<path fill="M" d="M9 26c6 3 11-1 13-5l13 14c6 5 17 3 20 10v4H9z"/><path fill="D" d="M9 47h46v5H9z"/><path stroke="L" stroke-width="2" d="M27 34l5-4m-1 8l5-4"/>',
    "socks": '<path fill="M" d="M18 11h13v25L17 49c-7 5-13-3-8-9l9-9z"/><path fill="D" d="M37 11h13v25L36 49c-7 5-13-3-8-9l9-9z"/><path fill="L" d="M18 11h13v6H18zm19 0h13v6H37z"/>',
    "headphones": '<path fill="none" stroke="M" stroke-width="5" d="M13 38V32a19 19 0 0138 0v6"/><rect fill="D" x="9" y="36" width="11" height="17" rx="5"/><rect fill="D" x="44" y="36" width="11" height="17" rx="5"/>',
    "earbuds": '<path fill="M" d="M14 14a9 9 0 0112 12v22h-7V28a9 9 0 01-5-14zm36 0a9 9 0 00-12 12v22h7V28a9 9 0 005-14z"/><path fill="D" d="M19 42h7v8h-7zm19 0h7v8h-7z"/>',
    "kettle": '<path fill="M" d="M20 20h22l5 33H15z"/><path fill="none" stroke="D" stroke-width="4" d="M43 24h8v20h-6"/><path fill="D" d="M24 14h14v6H24zm-4 9l-9-3 7 12z"/>',
    "cooker": '<rect fill="M" x="10" y="20" width="44" height="32" rx="10"/><path fill="D" d="M10 30h44v4H10z"/><rect fill="L" x="24" y="39" width="16" height="8" rx="2"/><path fill="D" d="M26 14h12v6H26z"/>',
    "charger": '<rect fill="M" x="14" y="22" width="28" height="30" rx="5"/><path fill="D" d="M20 12h4v10h-4zm12 0h4v10h-4z"/><path fill="none" stroke="D" stroke-width="3" d="M42 44h10V22"/><path fill="L" d="M29 28l-6 10h5l-2 9 8-12h-6z"/>',
    "humidifier": '<path fill="M" d="M20 32h24l4 22H16z"/><path fill="none" stroke="D" stroke-width="3" d="M26 26c-5-6 5-8 0-15m12 15c-5-6 5-8 0-15"/><circle fill="L" cx="32" cy="44" r="4"/>',
    "vacuum": '<path stroke="D" stroke-width="4" d="M44 10L26 46"/><path fill="M" d="M36 8h14l-4 18H34z"/><path fill="M" d="M12 46h26l4 8H8z"/>',
    "speaker": '<rect fill="M" x="17" y="9" width="30" height="46" rx="8"/><circle fill="D" cx="32" cy="38" r="10"/><circle fill="L" cx="32" cy="38" r="4"/><circle fill="D" cx="32" cy="19" r="5"/>',
    "leaf": '<rect fill="M" x="16" y="14" width="32" height="40" rx="3"/><path fill="D" d="M16 14h32v8H16z"/><path fill="L" d="M23 45c0-14 8-17 18-17 0 13-7 18-15 17l-4 4-1-1z"/>',
    "sack": '<path fill="M" d="M20 12h24l-3 7c9 8 10 22 6 35H17c-4-13-3-27 6-35z"/><path fill="D" d="M22 17h20v4H22z"/><path fill="L" d="M32 29l8 8-8 8-8-8z"/>',
    "jar": '<rect fill="M" x="15" y="20" width="34" height="34" rx="7"/><rect fill="D" x="18" y="11" width="28" height="9" rx="2"/><rect fill="L" x="21" y="30" width="22" height="14" rx="2"/>',
    "sweets": '<rect fill="D" x="8" y="38" width="48" height="14" rx="3"/><circle fill="M" cx="19" cy="31" r="8"/><circle fill="L" cx="34" cy="31" r="8"/><path fill="M" d="M42 38l7-14 7 14z"/>',
    "disc": '<rect fill="M" x="12" y="10" width="34" height="44" rx="3"/><circle fill="L" cx="40" cy="40" r="14"/><circle fill="D" cx="40" cy="40" r="4"/>',
    "bottle": '<path fill="M" d="M22 26h20c4 3 5 6 5 10v18H17V36c0-4 1-7 5-10z"/><path fill="D" d="M26 12h12v14H26z"/><rect fill="L" x="22" y="37" width="20" height="10"/>',
    "printer": '<path fill="L" d="M20 10h24v14H20z"/><rect fill="M" x="10" y="24" width="44" height="20" rx="4"/><path fill="L" d="M18 38h28v16H18z"/><path stroke="D" stroke-width="2" d="M23 44h18m-18 5h12"/>',
    "paper": '<path fill="L" d="M20 8h30v40H20z"/><path fill="M" d="M14 14h30v42H14z"/><path stroke="L" stroke-width="2" d="M20 24h18m-18 7h18m-18 7h12"/>',
    "brush": '<path stroke="M" stroke-width="8" stroke-linecap="round" d="M20 52L38 24"/><path fill="D" d="M36 25l8-13 8 5-8 13z"/><path stroke="L" stroke-width="3" d="M25 44l4-6"/>',
    "card": '<rect fill="M" x="8" y="17" width="48" height="31" rx="4"/><path fill="D" d="M8 24h48v6H8z"/><path fill="L" d="M14 37h14v5H14z"/>',
    "play": '<rect fill="M" x="8" y="13" width="48" height="32" rx="4"/><path fill="L" d="M27 21l13 8-13 8z"/><path fill="D" d="M20 50h24v4H20z"/>',
    "book": '<path fill="M" d="M13 12h15c3 0 4 2 4 4v38c0-3-2-4-4-4H13z"/><path fill="D" d="M51 12H36c-3 0-4 2-4 4v38c0-3 2-4 4-4h15z"/><path stroke="L" stroke-width="2" d="M18 21h9m-9 7h9m10-7h9m-9 7h9"/>',
    "books": '<path fill="M" d="M10 14h11v40H10z"/><path fill="D" d="M23 20h9v34h-9z"/><path fill="L" d="M34 12h8v42h-8z"/><path fill="M" d="M45 17l8-2 7 37-8 2z"/>',
    "lamp": '<path stroke="D" stroke-width="4" fill="none" d="M24 52V30l14-12"/><path fill="M" d="M30 18l12-9 14 20-18 2z"/><path fill="D" d="M13 50h22v5H13z"/>',
    "chair": '<rect fill="M" x="20" y="8" width="24" height="24" rx="6"/><rect fill="D" x="16" y="34" width="32" height="7" rx="3"/><path fill="none" stroke="D" stroke-width="4" d="M32 40v9m-13 6l13-7 13 7"/>',
    "shelf": '<path fill="M" d="M12 8h40v48H12z"/><path fill="L" d="M17 13h30v11H17zm0 15h30v11H17zm0 15h30v9H17z"/><path fill="D" d="M20 15h5v9h-5zm7 2h5v7h-5zm9 14h6v8h-6z"/>',
    "table": '<ellipse fill="M" cx="32" cy="22" rx="24" ry="8"/><path stroke="D" stroke-width="4" d="M18 27l-4 28m32-28l4 28M32 30v24"/>',
    "mug": '<path fill="M" d="M13 18h30v28c0 5-4 8-8 8H21c-4 0-8-3-8-8z"/><path fill="none" stroke="D" stroke-width="5" d="M43 25c12-2 12 18 0 17"/><path fill="D" d="M13 18h30v4H13z"/>',
    "chopsticks": '<path stroke="M" stroke-width="4" stroke-linecap="round" d="M14 10l24 44"/><path stroke="D" stroke-width="4" stroke-linecap="round" d="M26 10l20 44"/><path fill="L" d="M8 44h20l-3 8H11z"/>',
    "teapot": '<ellipse fill="M" cx="31" cy="38" rx="18" ry="15"/><path fill="none" stroke="D" stroke-width="4" d="M17 27c2-20 26-20 28 0"/><path fill="M" d="M46 36l12-11-6 18z"/><circle fill="D" cx="31" cy="22" r="4"/>',
    "backpack": '<rect fill="M" x="15" y="16" width="34" height="38" rx="10"/><path fill="none" stroke="D" stroke-width="4" d="M24 17c0-10 16-10 16 0"/><rect fill="D" x="21" y="35" width="22" height="13" rx="3"/><path stroke="L" stroke-width="2" d="M22 27h20"/>',
    "tent": '<path fill="M" d="M32 12l26 40H6z"/><path fill="D" d="M32 24l10 28H22z"/><path stroke="D" stroke-width="3" d="M4 52h56"/>',
    "umbrella": '<path fill="M" d="M6 34a26 22 0 0152 0c-4-4-9-4-13 0-4-4-9-4-13 0-4-4-9-4-13 0-4-4-9-4-13 0z"/><path fill="none" stroke="D" stroke-width="4" d="M32 30v19c0 7 9 7 9 0"/>',
    "towels": '<rect fill="M" x="10" y="38" width="44" height="14" rx="6"/><rect fill="L" x="12" y="25" width="40" height="13" rx="6"/><rect fill="D" x="14" y="13" width="36" height="12" rx="6"/>',
    "pan": '<circle fill="D" cx="25" cy="36" r="19"/><circle fill="M" cx="25" cy="36" r="14"/><path stroke="D" stroke-width="6" stroke-linecap="round" d="M40 24l15-13"/>',
    "tote": '<path fill="M" d="M12 24h40l-4 31H16z"/><path fill="none" stroke="D" stroke-width="4" d="M23 28V18c0-10 18-10 18 0v10"/><circle fill="L" cx="32" cy="41" r="6"/>',
}
# Product → shape and hue (degrees of the colour circle).
_DRAWN = {
    "linen-shirt": ("shirt", 205), "cotton-tee": ("tee", 150), "rain-jacket": ("jacket", 165), "wool-knit": ("tee", 345),
    "denim": ("trousers", 220), "running-shoes": ("shoe", 130), "socks": ("socks", 260), "underwear": ("tee", 30),
    "headphones": ("headphones", 215), "earbuds": ("earbuds", 190), "kettle": ("kettle", 10), "rice-cooker": ("cooker", 200),
    "charger": ("charger", 95), "humidifier": ("humidifier", 195), "vacuum": ("vacuum", 0), "speaker": ("speaker", 140),
    "tea-set": ("leaf", 110), "rice": ("sack", 45), "honey": ("jar", 40), "coffee": ("sack", 22), "sweets": ("sweets", 335),
    "photo-software": ("disc", 280), "tax-software": ("disc", 210), "detergent": ("bottle", 200), "ink": ("printer", 235),
    "paper": ("paper", 180), "shampoo": ("bottle", 125), "toothbrush": ("brush", 170), "face-cream": ("jar", 325),
    "gift-code": ("card", 155), "cook-course": ("play", 15), "novel": ("book", 225), "cookbook": ("book", 20),
    "picture-book": ("book", 100), "used-set": ("books", 30), "desk-lamp": ("lamp", 48), "chair": ("chair", 210),
    "bookshelf": ("shelf", 28), "side-table": ("table", 32), "mug": ("mug", 205), "chopsticks": ("chopsticks", 355),
    "teapot": ("teapot", 5), "backpack": ("backpack", 145), "bottle": ("bottle", 160), "tent": ("tent", 85),
    "umbrella": ("umbrella", 230), "towels": ("towels", 175), "pan": ("pan", 220), "tote": ("tote", 42), "stick-4k2": ("charger", 150), "reader-b7": ("paper", 150),
}  # fmt: skip


def picture(product_id: str) -> str:
    """The drawing of a product as SVG. Raises KeyError for one that is not drawn."""
    shape, hue = _DRAWN[product_id]
    colours = {'"M"': f'"hsl({hue} 45% 46%)"', '"D"': f'"hsl({hue} 50% 28%)"', '"L"': f'"hsl({hue} 60% 84%)"'}
    body = _SHAPES[shape]
    for letter, colour in colours.items():
        body = body.replace(letter, colour)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="128" height="128">'
        f'<rect width="64" height="64" rx="10" fill="hsl({hue} 40% 95%)"/>{body}</svg>\n'
    )


def write_pictures(folder: Path = FOLDER) -> int:
    """Write every picture; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for product in products():
        (folder / f"{product.id}.svg").write_text(picture(product.id), "utf-8")
    return len(products())


if __name__ == "__main__":
    print(f"{write_pictures()} pictures written to {FOLDER}")
