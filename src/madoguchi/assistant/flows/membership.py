"""Membership and subscriptions: joining, what it brings, leaving, fees explained from the history, contracts (PRM)."""

from __future__ import annotations

from datetime import date

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option, Question, read_option
from madoguchi.assistant.steps.accounts import account_page, show_account_page
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.identity import prove
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import day_text, money_text
from madoguchi.counter.actors import Rung
from madoguchi.counter.customers.holdings import (
    WRONG,
    Membership,
    Subscription,
    charge_on,
    in_language,
    read_charge,
)

_NEWEST = "newest"


@flow("membership_digital_device.membership_signup")
async def membership_signup(talk: Talk) -> Outcome:
    """Already a member: said so; else how and where (PRM-002)."""
    held = talk.scene.holdings()
    if held is not None and held.membership.is_active(talk.scene.today):
        _tell_membership(talk, held.membership)
        return talk.answered()
    tell_article(talk, talk.kind)
    return await _at_account_page(talk)


@flow("membership_digital_device.membership_benefits")
async def membership_benefits(talk: Talk) -> Outcome:
    """The customer's own state first, then what it brings (PRM-002, BOT-008)."""
    held = talk.scene.holdings()
    if held is not None:
        _tell_membership(talk, held.membership)
    tell_article(talk, talk.kind)
    return talk.answered()


@flow("membership_digital_device.membership_cancel")
async def membership_cancel(talk: Talk) -> Outcome:
    """Not done in a chat: until when it runs, then the account page, or a person for money back (C-10, BOT-051)."""
    held = talk.scene.holdings()
    if held is not None:
        _tell_membership(talk, held.membership)
    tell_article(talk, talk.kind)
    talk.say("membership.not_here")
    shop = talk.scene.settings.shop
    if shop.phone:
        talk.say("security.phone", phone=shop.phone, hours=talk.scene.phone_hours())
    account_page(talk)
    refund = Option("refund", talk.words("button.fee_refund"), named_by=said("membership.refund"))
    page = Option(
        "page",
        talk.words("button.at_page"),
        named_by=said("membership.page"),
    )
    if await talk.choose("next", "membership.next", [page, refund]) == "refund":
        talk.fact("wish", talk.words("wish.refund"))
        return talk.hand_over("policy", queue="payments", priority=3)
    return Outcome("other_channel", "account_page", ask_solved=True)


@flow("membership_digital_device.membership_fee_dispute", queue="payments")
async def membership_fee_dispute(talk: Talk) -> Outcome:
    """The charge, the state on that day, and what follows; wrong or disputed charges go to payments (PRM-003)."""
    await prove(talk, Rung.SIGNED_IN)
    held = talk.scene.holdings()
    if held is None:
        tell_article(talk, talk.kind)
        return talk.hand_over("fee", queue="payments")
    day = await _ask_day(talk, held.membership)
    membership = held.membership
    charge = charge_on(membership, day)
    if charge is None:
        talk.say("fee.none")
        return talk.hand_over("fee", queue="payments")
    amount = money_text(charge.amount, membership.currency, talk.language)
    reading = talk.noted("reading", lambda: read_charge(membership, charge))
    talk.fact("charge", f"{day_text(charge.at, talk.language)} {amount}")
    talk.fact("membership", _state(talk, membership))
    talk.fact("history", talk.words(f"fee.is_{reading}"))
    talk.say("fee.charged", date=day_text(charge.at, talk.language), amount=amount)
    talk.say(
        f"fee.{reading}",
        cancelled=_day(talk, membership.cancelled_on),
        since=_day(talk, membership.since),
        trial=_day(talk, membership.trial_until),
    )
    talk.has_tried("fee_explained")
    if reading in WRONG:
        return talk.hand_over("fee_wrong", queue="payments", priority=3)
    recalled = [
        Option(
            "yes",
            talk.words("button.recalled"),
            named_by=said("membership.recalled"),
        ),
        Option(
            "no",
            talk.words("button.not_recalled"),
            named_by=said("membership.not_recalled"),
        ),
        Option("stop", talk.words("button.stop_membership"), named_by=said("membership.stop")),
    ]
    answer = await talk.choose("recalled", "fee.recalled", recalled)
    talk.fact("recalled", talk.words(f"button.{'recalled' if answer != 'no' else 'not_recalled'}"))
    if answer == "stop":
        return Outcome("other_flow", "membership_digital_device.membership_cancel")
    if answer == "no":
        return talk.hand_over("fee", queue="payments", priority=3)
    return talk.answered()


@flow("membership_digital_device.subscription")
async def subscription(talk: Talk) -> Outcome:
    """The contracts with their next charge; changed and stopped on the account page; money back by a person (PRM-009)."""
    await prove(talk, Rung.SIGNED_IN)
    held = talk.scene.holdings()
    if held is None:
        return show_account_page(talk)
    contracts = [each for each in held.subscriptions if each.state != "ended"]
    if not contracts:
        talk.say("subscription.none")
    for each in contracts:
        talk.tell(_line(talk, each))
    if contracts:
        talk.fact("contracts", "; ".join(_line(talk, each) for each in contracts))
    talk.say("subscription.where")
    account_page(talk)
    refund = Option("refund", talk.words("button.fee_refund"), named_by=said("membership.refund"))
    page = Option("page", talk.words("button.at_page"), named_by=said("membership.page"))
    if await talk.choose("next", "membership.next", [page, refund]) == "refund":
        talk.fact("wish", talk.words("wish.refund"))
        return talk.hand_over("policy", queue="payments", priority=3)
    return Outcome("action", "show_subscription", ask_solved=True)


async def _ask_day(talk: Talk, membership: Membership) -> date | None:
    """The day of the charge: as said, or picked; a single charge needs no question."""
    if len(membership.charges) < 2:
        return None
    newest = sorted(membership.charges, key=lambda charge: charge.at, reverse=True)[:4]
    options = [
        Option(
            charge.at.isoformat(),
            f"{day_text(charge.at, talk.language)} "
            f"{money_text(charge.amount, membership.currency, talk.language)}",
        )
        for charge in newest
    ]

    def read(heard: Heard, direct: bool) -> str | None:
        days = heard.understanding.entities.dates
        return days[0].isoformat() if days else read_option(options, heard, direct)

    answer: str = await talk.ask(
        Question(
            "charge", talk.words("fee.which"), tuple(options), rephrased=talk.words("fee.which"), read=read
        )
    )
    return date.fromisoformat(answer)


async def _at_account_page(talk: Talk) -> Outcome:
    if not account_page(talk):
        return await ways_out(talk, [], "membership", "what_next")
    return Outcome("other_channel", "account_page")


def _tell_membership(talk: Talk, membership: Membership) -> None:
    talk.tell(_state(talk, membership))
    talk.fact("membership", _state(talk, membership))


def _state(talk: Talk, membership: Membership) -> str:
    plan = in_language(membership.plan, talk.language)
    if not membership.is_active(talk.scene.today):
        key = "ended" if membership.since else "never"
        return talk.words(f"membership.{key}", plan=plan, date=_day(talk, membership.ends_on))
    if membership.cancelled_on is not None:
        return talk.words("membership.ending", plan=plan, date=_day(talk, membership.ends_on))
    if membership.renews is None:
        return talk.words("membership.active", plan=plan)
    fee = money_text(membership.fee, membership.currency, talk.language)
    return talk.words("membership.renews", plan=plan, date=_day(talk, membership.renews), fee=fee)


def _line(talk: Talk, each: Subscription) -> str:
    fee = money_text(each.fee, each.currency, talk.language)
    key = "paused" if each.state == "paused" else "line" if each.next_charge else "line_open"
    return talk.words(
        f"subscription.{key}",
        name=in_language(each.name, talk.language),
        fee=fee,
        date=_day(talk, each.next_charge),
    )


def _day(talk: Talk, day: date | None) -> str:
    return day_text(day, talk.language) if day else "–"
