"""Before something is ordered: how, what, by which payment, and when it would come (ORD-001, ORD-016, PAY-018)."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.assistant.answers import said as named
from madoguchi.assistant.answers import says
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.naming import lines_named
from madoguchi.assistant.steps.orders import choose_order
from madoguchi.assistant.steps.parcels import is_on_the_way, tell_parcels
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import money_text, span_text
from madoguchi.counter.actors import Rung
from madoguchi.counter.orders.model import Line, Order, Product
from madoguchi.counter.orders.policy.draft import RUNGS
from madoguchi.counter.orders.wording import order_view, tender_label
from madoguchi.kit.languages import comma
from madoguchi.kit.prefectures import named_in, of_region

_OFFERED = ("東京", "大阪", "北海道", "沖縄")


@flow("order_delivery.place_order")
async def place_order(talk: Talk) -> Outcome:
    """The steps; a locked account goes to a person, a payment that fails to its own flow."""
    customer = talk.scene.customer
    if customer is not None and customer.locked_at is not None:
        talk.say("ordering.locked")
        return talk.hand_over("account_blocked", queue="security", priority=3)
    if not tell_article(talk, talk.kind):
        talk.say("ordering.steps")
    shop = talk.scene.settings.shop
    if shop.url:
        talk.show({"kind": "link", "title": shop.name_in(talk.language), "url": shop.url})
    failed = Option("topic payment_refund.payment_failure", talk.words("instead.payment_failure"))
    ways = Option("topic payment_refund.payment_options", talk.words("instead.payment_options"))
    return await ways_out(talk, [failed, ways], "ordering", "what_next")


@flow("order_delivery.product_inquiry")
async def product_inquiry(talk: Talk) -> Outcome:
    """What the product's record says, then the articles; danger goes to a person at once, who is offered for the unknown."""
    said = " ".join(heard.folded for heard in talk.said)
    if is_told(talk, "product.harm"):
        talk.say("product.stop_using")
        return talk.hand_over("safety", queue="orders", priority=2)
    question = await talk.own_words("question", "product.question", ("skip",)) if not said.strip() else said
    if question != "skip":
        talk.fact("question", question)
    found = _product_meant(talk)
    if found is not None:
        _tell_product(talk, *found)
    told = tell_article(talk, talk.kind)
    if found is None and not told:
        talk.say("product.unknown")
        return await ways_out(talk, [], "product", "what_next")
    seller = Option("topic marketplace.contact_seller", talk.words("instead.contact_seller"))
    outside = found is not None and found[0].seller_id != "shop"
    return await ways_out(talk, [seller] if outside else [], "product", "what_next")


@flow("order_delivery.delivery_estimate")
async def delivery_estimate(talk: Talk) -> Outcome:
    """For an order: its promise. Before ordering: destination and number of pieces, then the usual span (ORD-016)."""
    mine = (
        talk.scene.orders() if talk.scene.contact.rung >= RUNGS[talk.scene.desk.rules.identity.show] else []
    )
    under_way = [order for order in mine if is_on_the_way(order)]
    said = " ".join(heard.folded for heard in talk.said)
    if under_way and not says("estimate.before").search(said):
        about = talk.noted("meant", lambda: "order" if said.strip() else "") or await _about(talk)
        if about == "order":
            order = await choose_order(talk, is_on_the_way)
            tell_parcels(talk, order, order_view(order, talk.language, talk.scene.now, talk.scene.desk.rules))
            talk.has_tried("tracked")
            return talk.answered("track_order")
    return await _before(talk)


@flow("payment_refund.payment_options")
async def payment_options(talk: Talk) -> Outcome:
    """The enabled ways of paying with their limits, from the policy (PAY-018)."""
    if talk.noted("of_an_order", lambda: _changes_an_order(talk)):
        return Outcome("other_flow", "payment_refund.payment_method_update")
    rules, currency = talk.scene.desk.rules.payment, talk.scene.settings.shop.currency
    names = [tender_label(tender, talk.language) for tender in rules.offered]
    talk.say("options.list", ways=comma(talk.language).join(names))
    for tender, most in rules.most.items():
        if currency in most and tender in rules.offered:
            amount = money_text(most[currency], currency, talk.language)
            talk.say("options.most", way=tender_label(tender, talk.language), amount=amount)
    tell_article(talk, talk.kind)
    talk.has_tried("payment_options")
    return talk.answered()


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _changes_an_order(talk: Talk) -> bool:
    """Another way to pay for what is ordered already, not which ways there are."""
    return any(
        says("change.pay_otherwise").search(heard.folded) or heard.understanding.entities.order_numbers
        for heard in talk.said
        if not heard.key
    )


async def _about(talk: Talk) -> str:
    return await talk.choose(
        "about",
        "estimate.about",
        [
            Option(
                "order",
                talk.words("button.placed_order"),
                named_by=named("estimate.order"),
            ),
            Option("before", talk.words("button.before_order"), named_by=named("estimate.before")),
        ],
    )


async def _before(talk: Talk) -> Outcome:
    rules = talk.scene.desk.rules.delivery
    region = await _destination(talk)
    pieces = await _pieces(talk)
    talk.fact("destination", region)
    talk.fact("quantity", str(pieces))
    if pieces >= rules.bulk_from or region == "abroad":
        talk.say("estimate.by_person")
        return talk.hand_over("no_estimate", queue="business" if pieces >= rules.bulk_from else "orders")
    more = rules.regions.get(region, 0)
    first = talk.scene.today + timedelta(days=rules.low + more)
    last = talk.scene.today + timedelta(days=rules.high + more)
    talk.say("estimate.span", region=_shown(talk, region), span=span_text(first, last, talk.language))
    talk.say("estimate.on_page")
    return talk.answered()


async def _destination(talk: Talk) -> str:
    """The prefecture: named, else the account's own, else asked. `abroad` outside Japan."""
    customer = talk.scene.customer
    home = customer.addresses[0] if customer and customer.addresses else {}
    if home.get("region") and "destination" not in talk.run.answers:
        known = _region(str(home["region"]).lower())
        if known and not any(_region(heard.folded) for heard in talk.said):
            talk.given.setdefault("destination", known)

    def read(heard: Heard, direct: bool) -> str | None:
        return _region(heard.folded) or ("abroad" if says("estimate.abroad").search(heard.folded) else None)

    options = [Option(region, _shown(talk, region)) for region in _OFFERED]
    region: str = await talk.ask(
        Question(
            "destination",
            talk.words("estimate.where"),
            tuple(options),
            rephrased=talk.words("estimate.where_again"),
            read=read,
            accept=_region,
        )
    )
    return region


def _region(text: str) -> str | None:
    """The prefecture's Japanese short name in the words of any language."""
    found = named_in(text.lower())
    return found.key if found else None


def _shown(talk: Talk, region: str) -> str:
    """The prefecture as the reader knows it."""
    found = of_region(region)
    return found.short(talk.language) if found else region


async def _pieces(talk: Talk) -> int:
    named = [n for heard in talk.said for n in heard.understanding.entities.quantities]
    if not named and "pieces" not in talk.run.answers and "pieces" not in talk.run.asked:
        talk.given.setdefault("pieces", 1)
    count: int = await talk.ask(
        Question(
            "pieces",
            talk.words("estimate.pieces"),
            read=lambda heard, direct: next(iter(heard.understanding.entities.quantities), None),
        )
    )
    return count


def _product_meant(talk: Talk) -> tuple[Line, Order, Product | None] | None:
    """The one line of the customer's own orders that the words name."""
    if talk.scene.contact.rung < Rung.SIGNED_IN:
        return None
    orders = {line.id + order.number: (line, order) for order in talk.scene.orders() for line in order.lines}
    for heard in reversed(talk.said):
        named = lines_named([line for line, _ in orders.values()], heard)
        products = {line.product_id for line in named}
        if len(products) == 1:
            line, order = next(pair for pair in orders.values() if pair[0].product_id in products)
            return line, order, talk.scene.desk.products(talk.scene.actor, order.number).get(line.product_id)
    return None


def _tell_product(talk: Talk, line: Line, order: Order, product: Product | None) -> None:
    talk.fact("items", line.label(talk.language))
    if product is None:
        return
    for variant in product.variants:
        name = variant.name.get(talk.language) or variant.name.get("en") or product.label(talk.language)
        price = money_text(variant.price, order.currency, talk.language)
        talk.say("product.in_stock" if variant.stock else "product.sold_out", name=name, price=price)
    if product.url:
        talk.show({"kind": "link", "title": product.label(talk.language), "url": product.url})
    talk.has_tried("product_shown")
