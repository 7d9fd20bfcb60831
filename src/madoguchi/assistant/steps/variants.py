"""Another variant of the same product, or another number of pieces."""

from __future__ import annotations

import re

from madoguchi.assistant.answers import by_language, says
from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.talk import Talk
from madoguchi.counter.orders.model import Line, Order, Variant
from madoguchi.kit.text import fold

_COLOURS = frozenset(by_language()["en"]["colour"])


async def choose_variant(
    talk: Talk, order: Order, line: Line, *, same_too: bool = False, key: str = "variant"
) -> str | None:
    """The sku of a variant in stock; None where there is no other. `same_too`: the same one again, for our faults."""
    product = talk.scene.desk.products(talk.scene.actor, order.number).get(line.product_id)
    variants = (
        [v for v in product.variants if v.stock > 0 and (same_too or v.sku != line.sku)] if product else []
    )
    known = talk.run.answers.get(key)
    if known is None and not variants:
        return None
    if same_too and len(variants) == 1 and known is None:
        talk.given.setdefault(key, variants[0].sku)
    options = [_option(talk, variant, line) for variant in variants]

    def read(heard: Heard, direct: bool) -> str | None:
        named = [v for v in variants if _is_named(v, heard)] or [
            v for v in variants if _is_ours_but(v, line, heard, direct)
        ]
        if len(named) == 1 and (direct or named[0].sku != line.sku):
            return named[0].sku
        if direct and same_too and says("order.same_variant").search(heard.folded):
            return line.sku if any(v.sku == line.sku for v in variants) else None
        places = heard.understanding.entities.ordinals
        if direct and len(places) == 1 and 1 <= places[0] <= len(variants):
            return variants[places[0] - 1].sku
        return None

    chosen: str = await talk.ask(
        Question(
            key,
            talk.words("variants.which"),
            tuple(options),
            "variants",
            talk.words("variants.again"),
            read=read,
        )
    )
    return chosen


async def how_many_instead(talk: Talk, line: Line, *, key: str = "quantity") -> int:
    """The new number of pieces of a line, 1 to 99; the present one is no answer."""
    near = [n for n in range(1, 7) if n != line.active]
    options = tuple(Option(str(n), talk.words("lines.pieces", n=n)) for n in near)

    def read(heard: Heard, direct: bool) -> int | None:
        counts = heard.understanding.entities.quantities
        if not direct and heard.understanding.entities.ordinals:
            return None
        return counts[-1] if counts and 1 <= counts[-1] <= 99 and counts[-1] != line.active else None

    count: int = await talk.ask(
        Question(
            key,
            talk.words("change.how_many", n=line.active),
            options,
            rephrased=talk.words("change.how_many_again"),
            read=read,
            accept=lambda value: int(value) if value.isdigit() else None,
        )
    )
    return count


def _option(talk: Talk, variant: Variant, line: Line) -> Option:
    name = variant.name.get(talk.language) or variant.name.get("en") or variant.sku
    detail = talk.words("variants.same") if variant.sku == line.sku else ""
    return Option(variant.sku, name, detail)


def _is_named(variant: Variant, heard: Heard) -> bool:
    """Every part of the name ("ブラック / M") that tells it from nothing is in the words."""
    return any(
        all(holds(part, heard.folded) for part in _parts(name)) for name in variant.name.values() if name
    )


def _is_ours_but(variant: Variant, line: Line, heard: Heard, direct: bool) -> bool:
    """Like the piece at hand but for what is said: "L" for a white shirt in M is the white one in L.

    Before it was asked for, a colour alone is not enough: the size may follow.
    """
    if not direct and _differ(line.variant_name.get("en", ""), variant.name.get("en", "")) & _COLOURS:
        return False
    for language, name in variant.name.items():
        new = _differ(line.variant_name.get(language, ""), name)
        if len(_parts(name)) > max(len(new), 1) and new and all(holds(part, heard.folded) for part in new):
            return True
    return False


def _differ(ours: str, theirs: str) -> set[str]:
    """The parts of another name that are not those of ours."""
    return set(_parts(theirs)) - set(_parts(ours))


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"\s*/\s*", fold(name)) if part]


def holds(part: str, said: str) -> bool:
    """The words name this part of a variant, a colour in any language."""
    if part in _COLOURS and says(f"colour.{part}").search(said):
        return True
    if part.isascii():
        return re.search(rf"(?<![a-z0-9'’]){re.escape(part)}(?![a-z0-9])", said) is not None
    return part in said
