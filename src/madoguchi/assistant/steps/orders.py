"""Which order, which lines: taken from what is known, asked as cards only where more than one fits (BOT-004, BOT-011)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from madoguchi.assistant.answers import said, says
from madoguchi.assistant.questions import Heard, Option, Question, choice
from madoguchi.assistant.steps.identity import prove_to_see
from madoguchi.assistant.steps.naming import lines_named, orders_by_product, orders_named
from madoguchi.assistant.talk import Ended, Talk
from madoguchi.assistant.wording import day_text, money_text, words
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import LineChoice
from madoguchi.counter.orders.model import Line, Order
from madoguchi.counter.orders.policy.draft import RUNGS
from madoguchi.counter.problems import NotFound
from madoguchi.kit.languages import comma

NOT_HERE = "~other"
ALL = "~all"
_SHOWN = 6

Fits = Callable[[Order], bool]


async def choose_order(talk: Talk, fits: Fits | None = None, *, key: str = "order") -> Order:
    """One of the customer's orders. Those that fit the flow are offered, newest first; a single one is taken and named.

    An order that the customer names is taken even where it does not fit: the flow then says why not. Ends the flow
    where there is no order at all, or none of those shown is meant.
    """
    await prove_to_see(talk)
    recorded = talk.run.answers.get(key)
    mine = talk.scene.orders()
    if not mine and talk.scene.only is not None:
        return await _by_number(talk, key)
    if not mine:
        return await _no_orders(talk)
    fitting = [order for order in mine if fits(order)] if fits else list(mine)
    shown = (fitting or mine)[:_SHOWN]
    if recorded is None and key not in talk.given and key not in talk.run.again:
        taken = (
            _known(talk, mine)
            or _named(talk, fitting, mine)
            or _spoken_of(talk, mine)
            or _only_one(talk, fitting or mine, mine)
        )
        if taken is not None:
            talk.given[key] = taken.number
    question = _question(talk, key, shown, mine)
    before = recorded is not None
    number = await talk.ask(question)
    if number == NOT_HERE:
        talk.say("order.none_of_these")
        raise Ended(await talk.offer_person())
    order = _fresh(talk, number)
    talk.order_number = order.number
    talk.fact("order", order_label(order, talk.language))
    if not before and key not in talk.run.asked and not talk.goes_on:
        talk.say("order.taken", order=order_label(order, talk.language), date=placed_text(order, talk))
    return order


async def choose_lines(
    talk: Talk, order: Order, fits: Callable[[Line], bool], *, key: str = "lines", text: str = "lines.which"
) -> list[LineChoice]:
    """Which pieces of an order: lines as cards, then how many where there is more than one."""
    fitting = [line for line in order.lines if fits(line)] or [line for line in order.lines if line.active]
    if not fitting:
        return []
    if len(fitting) == 1 and key not in talk.run.again and key not in talk.run.answers:
        talk.given.setdefault(key, [fitting[0].id])
    ids = await talk.ask(_line_question(talk, key, fitting, text))
    chosen = []
    for line in fitting:
        if line.id in ids:
            chosen.append(LineChoice(line_id=line.id, quantity=await _how_many(talk, line, key)))
    names = (line.label(talk.language) for line in fitting if line.id in ids)
    talk.fact("items", comma(talk.language).join(names))
    return chosen


async def choose_line(
    talk: Talk,
    order: Order,
    fits: Callable[[Line], bool],
    *,
    key: str = "line",
    text: str = "lines.which_one",
) -> Line | None:
    """One line of an order."""
    fitting = [line for line in order.lines if fits(line)] or [line for line in order.lines if line.active]
    if not fitting:
        return None
    if len(fitting) == 1 and key not in talk.run.again and key not in talk.run.answers:
        talk.given.setdefault(key, fitting[0].id)
    options = [_line_option(talk, line) for line in fitting]

    def read(heard: Heard, direct: bool) -> str | None:
        named = lines_named(fitting, heard)
        if len(named) == 1 and (direct or len(fitting) > 1):
            return named[0].id
        place = _place(heard, len(fitting)) if direct else None
        return fitting[place].id if place is not None else None

    line_id = await talk.ask(
        Question(key, talk.words(text), tuple(options), "lines", talk.words("lines.again"), read=read)
    )
    line = order.line(line_id)
    if line is not None:
        talk.fact("items", line.label(talk.language))
    return line


def order_label(order: Order, language: str) -> str:
    """「ワイヤレスイヤホン（ブラック） ほか1点」"""
    first = next((line for line in order.lines if line.active), order.lines[0])
    rest = len([line for line in order.lines if line.active and line is not first])
    label = first.label(language)
    if not rest:
        return label
    return words(language, "order.and_more", label=label, n=rest)


def placed_text(order: Order, talk: Talk) -> str:
    return day_text(order.placed_at.astimezone(talk.scene.zone).date(), talk.language)


def names_order(talk: Talk, fits: Fits) -> bool:
    """Whether what was said names the product of one of the customer's orders that fit."""
    if talk.scene.contact.rung < RUNGS[talk.scene.desk.rules.identity.show]:
        return False
    fitting = [order for order in talk.scene.orders() if fits(order)]
    return any(orders_by_product(fitting, heard, misspelt=False) for heard in talk.said)


def waits_in_house(order: Order) -> bool:
    """Something of it has not been sent yet."""
    return any(pricing.unshipped(order, line) for line in order.lines) and order.state != "cancelled"


def has_arrived(order: Order) -> bool:
    return any(pricing.delivered(order, line) for line in order.lines) and order.state != "cancelled"


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _question(talk: Talk, key: str, shown: Sequence[Order], mine: Sequence[Order]) -> Question:
    options = [order_option(talk, order) for order in shown]
    options.append(
        Option(
            NOT_HERE,
            talk.words("button.other_order"),
            named_by=said("order.not_listed"),
        )
    )
    scene = talk.scene

    def read(heard: Heard, direct: bool) -> str | None:
        numbers = heard.understanding.entities.order_numbers
        if numbers:
            return next((order.number for order in mine if order.number in numbers), None)
        named = orders_named(shown, heard, scene.zone, scene.today) or orders_named(
            mine, heard, scene.zone, scene.today
        )
        if len(named) == 1:
            return named[0].number
        if not direct:
            return None
        if options[-1].named_by and _says(heard, options[-1]):
            return NOT_HERE
        place = _place(heard, len(shown))
        return shown[place].number if place is not None else None

    def other(answer: str) -> str | None:
        rest = [order.number for order in shown if order.number != answer]
        return rest[0] if len(rest) == 1 else None

    return Question(
        key,
        talk.words("order.which"),
        tuple(options),
        "orders",
        talk.words("order.which_again"),
        read=read,
        other=other,
    )


def order_option(talk: Talk, order: Order) -> Option:
    first = next((line for line in order.lines if line.active), order.lines[0])
    total = money_text(order.total, order.currency, talk.language)
    state = talk.words(f"state.{order.state}")
    return Option(
        order.number,
        order_label(order, talk.language),
        talk.words("order.detail", date=placed_text(order, talk), total=total, state=state),
        first.image,
    )


def _known(talk: Talk, mine: Sequence[Order]) -> Order | None:
    """The order whose number was said, or that the flow goes on with; a number that is not theirs is said so, once."""
    for heard in reversed(talk.said):
        numbers = heard.understanding.entities.order_numbers
        if not numbers:
            continue
        found = next((order for order in mine if order.number in numbers), None)
        if found is None:
            talk.say("order.not_found", number=numbers[0])
        return found
    here = talk.run.params.get("order_number")
    return next((order for order in mine if order.number == here), None)


def _spoken_of(talk: Talk, mine: Sequence[Order]) -> Order | None:
    """The order that the contact is about so far, or whose page the customer came from."""
    return next((order for order in mine if order.number == talk.scene.contact.order_number), None)


def _named(talk: Talk, fitting: Sequence[Order], mine: Sequence[Order]) -> Order | None:
    """The one order that the words point to by product, date or amount; one that fits goes before one that does not."""
    for heard in reversed(talk.said):
        exact = orders_by_product(mine, heard, misspelt=False)
        elsewhere = bool(exact) and not any(order in fitting for order in exact)
        for among in (mine,) if elsewhere else (fitting, mine):
            found = orders_named(among, heard, talk.scene.zone, talk.scene.today)
            if len(found) == 1:
                return found[0]
    return None


def _only_one(talk: Talk, fitting: Sequence[Order], mine: Sequence[Order]) -> Order | None:
    """The single order that fits, unless the words point to several others."""
    if len(fitting) != 1:
        return None
    zone, today = talk.scene.zone, talk.scene.today
    others = [orders_named(mine, heard, zone, today) for heard in talk.said]
    return None if any(found and fitting[0] not in found for found in others) else fitting[0]


def _fresh(talk: Talk, number: str) -> Order:
    try:
        return talk.scene.order(number)
    except NotFound:
        talk.say("order.not_found", number=number)
        raise Ended(talk.hand_over("cannot_solve")) from None


async def _by_number(talk: Talk, key: str) -> Order:
    """The customer wants no answers from their history: no list, they name the order themselves (PRIV-007)."""
    numbers = [n for heard in talk.said for n in heard.understanding.entities.order_numbers]
    if numbers and key not in talk.run.answers:
        talk.say("order.not_found", number=numbers[-1])
    known = Option(NOT_HERE, talk.words("button.other_order"), named_by=said("order.not_listed"))
    ask = Question(
        key,
        talk.words("order.number_please"),
        (known,),
        rephrased=talk.words("order.number_again"),
        read=lambda heard, direct: NOT_HERE if direct and _says(heard, known) else None,
    )
    await talk.ask(ask)
    talk.say("order.none_of_these")
    raise Ended(await talk.offer_person())


async def _no_orders(talk: Talk) -> Order:
    talk.say("order.no_orders")
    raise Ended(await talk.offer_person())


def _line_question(talk: Talk, key: str, fitting: Sequence[Line], text: str) -> Question:
    options = [_line_option(talk, line) for line in fitting]
    everything = Option(
        ALL,
        talk.words("button.all_lines"),
        named_by=said("order.all_lines"),
    )
    if len(fitting) > 1:
        options.append(everything)
    ids = [line.id for line in fitting]

    def read(heard: Heard, direct: bool) -> list[str] | None:
        named = lines_named(fitting, heard)
        if named and (len(named) < len(fitting) or (direct and len(fitting) == 1)):
            return [line.id for line in named]
        if not direct:
            return None
        if _says(heard, everything):
            return ids
        places = [_index(place, len(ids)) for place in heard.understanding.entities.ordinals]
        found = [ids[place] for place in places if place is not None]
        return found or None

    return Question(
        key,
        talk.words(text),
        tuple(options),
        "lines",
        talk.words("lines.again"),
        read=read,
        accept=lambda value: ids if value == ALL else [value],
    )


def _line_option(talk: Talk, line: Line) -> Option:
    detail = talk.words("lines.detail", n=line.active)
    return Option(line.id, line.label(talk.language), detail, line.image)


async def _how_many(talk: Talk, line: Line, key: str) -> int:
    if line.active <= 1:
        return max(1, line.active)
    options = [Option(str(n), talk.words("lines.pieces", n=n)) for n in range(1, min(line.active, 9) + 1)]

    def read(heard: Heard, direct: bool) -> int | None:
        counts = [n for n in heard.understanding.entities.quantities if 1 <= n <= line.active]
        if not direct and counts == [1] and not lines_named([line], heard):
            return None  # 「其中一件」, "only one item": which part of the order, not how many of this
        if heard.understanding.entities.ordinals and not direct:
            return None
        if direct and says("order.all_pieces").search(heard.folded):
            return line.active
        return counts[0] if len(counts) == 1 else None

    question = choice(
        f"{key}_count_{line.id}", talk.words("lines.how_many", item=line.label(talk.language)), options
    )
    counted: int = await talk.ask(
        Question(
            question.key,
            question.text,
            question.options,
            rephrased=talk.words("lines.how_many_again", most=line.active),
            read=read,
            accept=lambda value: int(value) if value.isdigit() else None,
        )
    )
    return counted


def _place(heard: Heard, count: int) -> int | None:
    ordinals = heard.understanding.entities.ordinals
    return _index(ordinals[0], count) if len(ordinals) == 1 else None


def _index(place: int, count: int) -> int | None:
    if 1 <= place <= count:
        return place - 1
    return count + place if -count <= place < 0 else None


def _says(heard: Heard, option: Option) -> bool:
    return re.search(option.named_by, heard.folded) is not None
