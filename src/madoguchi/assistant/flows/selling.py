"""People who sell on the marketplace: how to list, their listings, stock and payouts; their own desk (SEL-001)."""

from __future__ import annotations

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.told import has_said, is_told
from madoguchi.assistant.talk import Outcome, Talk


@flow("marketplace.seller_listing", queue="seller_support")
async def seller_listing(talk: Talk) -> Outcome:
    """The sellers' help; a person of their desk for the rest."""
    _tell_help(talk)
    return await ways_out(talk, [], "listing", "what_next")


@flow("marketplace.seller_product_management", queue="seller_support")
async def seller_product_management(talk: Talk) -> Outcome:
    """The sellers' help; a listing that was suspended goes to their desk."""
    if is_told(talk, "selling.taken_down"):
        talk.given.setdefault("what", "suspended")
    elif has_said(talk):
        talk.given.setdefault("what", "edit")
    what = await talk.choose(
        "what",
        "selling.what_listing",
        [
            Option(
                "edit",
                talk.words("selling.edit"),
                named_by=said("selling.edit"),
            ),
            Option(
                "suspended",
                talk.words("selling.suspended"),
                named_by=said("selling.stopped"),
            ),
        ],
    )
    if what == "suspended":
        return await _to_desk(talk, "selling.which_listing", "listing_suspended")
    _tell_help(talk)
    return await ways_out(talk, [], "products", "what_next")


@flow("marketplace.seller_inventory_settlement", queue="seller_support")
async def seller_inventory_settlement(talk: Talk) -> Outcome:
    """Stock that does not tally: help first; a payout that is late: their desk at once."""
    what = await talk.choose(
        "what",
        "selling.what_stock",
        [
            Option("stock", talk.words("selling.stock"), named_by=said("selling.stock")),
            Option(
                "payout",
                talk.words("selling.payout"),
                named_by=said("selling.payout"),
            ),
        ],
    )
    if what == "payout":
        return await _to_desk(talk, "selling.which_payout", "payout_late")
    _tell_help(talk)
    return await ways_out(talk, [], "stock", "what_next")


def _tell_help(talk: Talk) -> None:
    """The article about it, and the sellers' own help pages."""
    found = tell_article(talk, talk.kind)
    url = talk.scene.settings.shop.seller_help_url
    if url:
        talk.show({"kind": "link", "title": talk.words("selling.help"), "url": url})
        talk.has_tried("linked", page=talk.words("selling.help"))
    elif not found:
        talk.say("selling.by_person")


async def _to_desk(talk: Talk, text: str, reason: str) -> Outcome:
    talk.fact("detail", await talk.verbatim("detail", text))
    return talk.hand_over(reason, queue="seller_support", priority=3)
