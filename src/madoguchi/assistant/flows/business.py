"""Companies: quotations, invoices, bulk orders, tax, purchases (BIZ-002, BIZ-004, BIZ-006, BIZ-008)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.company import choose_company, choose_goods, goods_label, how_many
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.orders import choose_order
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import day_text, money_text
from madoguchi.counter.business.model import Document
from madoguchi.counter.business.policy import needs_consultant, total
from madoguchi.counter.business.workflow import Wanted

QUEUE = "business"
_ROWS = 10


@flow("business.quote")
async def quote(talk: Talk) -> Outcome:
    """Goods and quantities, the price that so many have, then the PDF; above the limit a consultant (BIZ-002, BIZ-006)."""
    organisation, _ = await choose_company(talk, "documents")
    wanted: list[Wanted] = []
    listed: list[str] = []
    for row in range(_ROWS):
        goods = await choose_goods(talk, f"goods_{row}", early=not row)
        if goods is None:
            return talk.hand_over("quote", queue=QUEUE)
        label = goods_label(talk, *goods)
        count = await how_many(talk, f"count_{row}", label, early=not row)
        wanted.append(Wanted(goods[0].id, goods[1].sku, count))
        listed.append(f"{label} × {count}")
        talk.fact("items", ", ".join(listed))
        named = (said("quote.more"), said("quote.that_is_all"))
        if row + 1 == _ROWS or not await talk.yes_no(
            f"more_{row}", "quote.more", "more_goods", "that_is_all", named=named
        ):
            break
    currency = talk.scene.settings.shop.currency
    items = talk.scene.business.price(wanted, talk.language)
    for item in items:
        price = money_text(item.unit_price, currency, talk.language)
        talk.say("quote.row", item=item.label, n=item.quantity, price=price)
    amount = money_text(total(items), currency, talk.language)
    talk.fact("amount", amount)
    if talk.noted("large", lambda: needs_consultant(total(items), currency, talk.scene.business.rules)):
        talk.say("quote.by_person", amount=amount)
        return talk.hand_over("quote", queue=QUEUE, priority=2)
    days = talk.scene.business.rules.business.quote_days
    places: dict[str, Any] = {"amount": amount, "company": organisation.name, "days": days}
    if not await talk.yes_no("issue", "quote.issue", "issue", "not_now", **places):
        talk.say("nothing.left_as_is")
        return Outcome("nothing", "declined")
    key = f"quote/{talk.scene.contact.id}/{talk.run.id}"
    made = talk.scene.business.quote(talk.scene.actor, wanted, currency, key)
    until = made.valid_until.astimezone(talk.scene.zone).date() if made.valid_until else talk.scene.today
    talk.say("quote.here", number=made.number, until=day_text(until, talk.language))
    _show(talk, made)
    return Outcome("action", "issue_quote", ask_solved=True)


@flow("business.invoice")
async def invoice(talk: Talk) -> Outcome:
    """The invoice of an order in the company's name, with tax by rate; another form is for the desk (BIZ-002, BIZ-008)."""
    if is_told(talk, "invoice.special"):
        talk.say("invoice.other_form")
        return talk.hand_over("invoice_form", queue=QUEUE)
    await choose_company(talk, "documents")
    order = await choose_order(talk, lambda order: order.state != "cancelled")
    if talk.noted("empty", lambda: order.state == "cancelled"):
        talk.say("invoice.nothing")
        return await ways_out(talk, [], "nothing_to_bill", "what_next")
    made = talk.scene.business.invoice(talk.scene.actor, order.number)
    talk.say("invoice.here", number=made.number, company=str(made.body["addressee"]))
    _show(talk, made)
    return Outcome("action", "issue_invoice", ask_solved=True)


@flow("business.bulk_order")
async def bulk_order(talk: Talk) -> Outcome:
    """What, how many and by when, with stock and price for the consultant, who always takes it (BIZ-006)."""
    await choose_company(talk)
    goods = await choose_goods(talk, "goods")
    if goods is not None:
        product, variant = goods
        label = goods_label(talk, product, variant)
        count = await how_many(talk, "count", label)
        talk.fact("items", f"{label} × {count}")
        talk.fact("in_stock", str(variant.stock))
        price = money_text(variant.price_for(count), talk.scene.settings.shop.currency, talk.language)
        talk.fact("unit_price", price)
    by_when = await talk.verbatim("by_when", "bulk.by_when")
    talk.fact("wanted_by", "" if by_when == "skip" else by_when)
    talk.say("bulk.consultant")
    return talk.hand_over("bulk_order", queue=QUEUE, priority=2)


@flow("business.tax")
async def tax(talk: Talk) -> Outcome:
    """Documents and the shop's registration number; no advice on tax, that is for a person (BIZ-008)."""
    number = talk.scene.settings.shop.invoice_number
    if number:
        talk.say("tax.our_number", number=number)
    talk.say("tax.by_rate")
    tell_article(talk, "business.tax")
    talk.say("tax.no_advice")
    if is_told(talk, "tax.advice", or_asked=True):
        return talk.hand_over("tax", queue=QUEUE)
    documents = Option("topic business.invoice", talk.words("tax.invoice"))
    return await ways_out(talk, [documents], "tax", "what_next")


@flow("business.purchase_management")
async def purchase_management(talk: Talk) -> Outcome:
    """Everybody's purchases of a period as a table (BIZ-004)."""
    organisation, _ = await choose_company(talk, "history")
    options = [
        Option("month", talk.words("purchases.month"), named_by=said("purchases.month")),
        Option("last_month", talk.words("purchases.last_month"), named_by=said("purchases.last_month")),
        Option("year", talk.words("purchases.year"), named_by=said("purchases.year")),
        Option("last_year", talk.words("purchases.last_year"), named_by=said("purchases.last_year")),
    ]
    chosen = await talk.choose("period", "purchases.which", options)
    first, last = period(chosen, talk.scene.today)
    found = talk.scene.business.purchases(talk.scene.actor, first, last)
    places = {"first": day_text(first, talk.language), "last": day_text(last, talk.language)}
    talk.say(
        "purchases.here" if found else "purchases.none", n=len(found), company=organisation.name, **places
    )
    url = f"/api/v1/business/purchases.csv?first={first.isoformat()}&last={last.isoformat()}"
    talk.show({"kind": "link", "title": talk.words("purchases.link"), "url": url})
    return Outcome("action", "show_console", ask_solved=True)


def period(name: str, today: date) -> tuple[date, date]:
    """The first and last day of a month or year as people name it."""
    month = today.replace(day=1)
    year = today.replace(month=1, day=1)
    day = timedelta(days=1)
    return {
        "month": (month, today),
        "last_month": ((month - day).replace(day=1), month - day),
        "year": (year, today),
        "last_year": ((year - day).replace(month=1, day=1), year - day),
    }[name]


def _show(talk: Talk, made: Document) -> None:
    title = talk.words(f"{made.kind}.link", number=made.number)
    talk.show({"kind": "link", "title": title, "url": f"/api/v1/business/documents/{made.id}"})
    talk.has_tried("linked", page=title)
