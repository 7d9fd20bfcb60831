"""The customer's organisation and what they may do in it; goods of the catalogue by name, and how many (BIZ)."""

from __future__ import annotations

import re
from dataclasses import replace

from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.goods import kind_score
from madoguchi.assistant.steps.identity import prove
from madoguchi.assistant.steps.naming import name_score
from madoguchi.assistant.steps.variants import holds
from madoguchi.assistant.talk import Ended, Talk
from madoguchi.assistant.wording import money_text
from madoguchi.counter.actors import Rung
from madoguchi.counter.business.model import Member, Organisation
from madoguchi.counter.business.policy import Deed, may
from madoguchi.counter.business.workflow import MOST_PIECES
from madoguchi.counter.orders.model import Product, Variant
from madoguchi.kit.text import fold

ACCOUNT = "business.business_account"
_SHOWN = 6
_COUNT = re.compile(r"([1-9]\d{0,4})\s*[^\d\s]{0,6}")  # 「100脚」, "30 reams"


async def choose_company(talk: Talk, deed: Deed = "see") -> tuple[Organisation, Member]:
    """The organisation; ends the flow for somebody who has none, or whose role does not allow the deed."""
    await prove(talk, Rung.SIGNED_IN)
    found = talk.scene.business.membership(talk.scene.contact.customer_id)
    if found is None:
        talk.say("company.none")
        tell_article(talk, ACCOUNT)
        raise Ended(await ways_out(talk, [], "no_company", "what_next"))
    organisation, me = found
    talk.fact("company_name", organisation.name)
    talk.fact("company_number", organisation.registration_number)
    if not may(me.role, deed):
        talk.say("company.role_missing", role=talk.words(f"role.{me.role}"))
        raise Ended(await ways_out(talk, [], "role_missing", "what_next"))
    return organisation, me


async def choose_goods(talk: Talk, key: str, *, early: bool = True) -> tuple[Product, Variant] | None:
    """Something of the catalogue by its name; None where it is not found by a second try."""
    catalogue = talk.scene.business.catalogue()
    sku = await talk.ask(replace(_which_goods(talk, key, catalogue), early=early))
    found = [(product, variant) for product in catalogue for variant in product.variants]
    return next((pair for pair in found if pair[1].sku == sku), None)


async def how_many(talk: Talk, key: str, label: str, *, early: bool = True) -> int:
    """A number of pieces, from the words."""

    of_the_name = {int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", label)}

    def read(heard: Heard, direct: bool) -> int | None:
        counts = [n for n in heard.understanding.entities.quantities if 1 <= n <= MOST_PIECES]
        if not direct:
            counts = [n for n in counts if n not in of_the_name]  # "2,500 sheets" is the name of the paper
        if len(counts) == 1:
            return counts[0]
        alone = _COUNT.fullmatch(heard.folded.strip(" 。.")) if direct else None
        return int(alone[1]) if alone else None

    question = Question(
        key,
        talk.words("company.how_many", item=label),
        rephrased=talk.words("company.how_many_again"),
        read=read,
    )
    count: int = await talk.ask(replace(question, early=early))
    return count


def goods_label(talk: Talk, product: Product, variant: Variant) -> str:
    kind = variant.name.get(talk.language) or variant.name.get("en") or ""
    return f"{product.label(talk.language)} {kind}".strip()


def _otherwise_called(product: Product, heard: Heard) -> int:
    by_word = heard.shop_words.score(product.name.values(), heard.folded)
    return by_word or kind_score(product.name, heard.folded)


def _is_said(variant: Variant, said: str) -> bool:
    return any(name and holds(fold(name), said) for name in variant.name.values())


def _which_goods(talk: Talk, key: str, catalogue: list[Product]) -> Question:
    """What the customer has bought before is offered; anything else is named."""
    pairs = {variant.sku: (product, variant) for product in catalogue for variant in product.variants}
    bought = dict.fromkeys(line.sku for order in talk.scene.orders() for line in order.lines)
    currency = talk.scene.settings.shop.currency
    options = [
        Option(
            sku,
            goods_label(talk, *pairs[sku]),
            money_text(pairs[sku][1].price, currency, talk.language),
            pairs[sku][0].image,
        )
        for sku in list(bought)
        if sku in pairs
    ][:_SHOWN]
    options.append(Option("person", talk.words("button.person")))

    def read(heard: Heard, direct: bool) -> str | None:
        said = heard.folded
        by_name = {product.id: name_score(product.name.values(), said) for product, _ in pairs.values()}
        scored = [
            (
                by_name[product.id] or (0 if any(by_name.values()) else _otherwise_called(product, heard)),
                name_score(variant.name.values(), said) or int(_is_said(variant, said)),
                variant.sku,
            )
            for product, variant in pairs.values()
        ]
        best = max(scored, default=(0, 0, ""))
        alike = [sku for named, varied, sku in scored if (named, varied) == best[:2]]
        return alike[0] if best[0] and len(alike) == 1 else None

    return Question(
        key,
        talk.words("company.which_goods"),
        tuple(options),
        "buttons",
        talk.words("company.which_goods_again"),
        read=read,
    )
