"""Emergencies: protective advice first, then the security desk at once, with as few questions as can be (HND-011)."""

from __future__ import annotations

from madoguchi.assistant.flows import flow
from madoguchi.assistant.steps.accounts import account_page
from madoguchi.assistant.steps.deeds import carry_out, confirm, hold_back, propose, withdraw
from madoguchi.assistant.steps.orders import NOT_HERE, choose_order, waits_in_house
from madoguchi.assistant.steps.protecting import offer_lock, telephone, to_security
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.orders.actions import CancelOrder
from madoguchi.counter.orders.policy.draft import RUNGS


@flow("account_security.account_takeover", queue="security", at_once=True)
async def account_takeover(talk: Talk) -> Outcome:
    """Password, two steps, report: in this order (ACC-002); one tap locks it; then security."""
    talk.say("security.takeover")
    account_page(talk)
    telephone(talk)
    await offer_lock(talk)
    return to_security(talk)


@flow("account_security.card_fraud", queue="security")
async def card_fraud(talk: Talk) -> Outcome:
    """The card company first, then our telephone and the security desk (BOT-050)."""
    talk.say("security.card_company")
    telephone(talk)
    talk.say("security.no_card_number")
    return to_security(talk)


@flow("account_security.unrecognized_order", queue="security", at_once=True)
async def unrecognized_order(talk: Talk) -> Outcome:
    """In the own history: cancelled if wished, else held, while it is not sent. Not there: no trust in the mail. Always security.

    ORD-014, ACC-021.
    """
    talk.say("security.unrecognized")
    rules = talk.scene.desk.rules
    if talk.scene.contact.rung < RUNGS[rules.identity.show]:
        return to_security(talk)
    named = [number for heard in talk.said for number in heard.understanding.entities.order_numbers]
    mine = {order.number for order in talk.scene.orders()}
    if named and named[0] not in mine:
        talk.say("security.not_your_order", number=named[0])
        return to_security(talk)
    order = await choose_order(talk, waits_in_house)
    if order.number == NOT_HERE or not talk.noted("open", lambda: waits_in_house(order)):
        talk.say("security.sent_already")
        return to_security(talk)
    if talk.scene.contact.rung < Rung.SIGNED_IN:
        return to_security(talk)
    proposal = await propose(talk, order, CancelOrder(reason="unrecognized"))
    if proposal.state == "refused":
        talk.say("security.sent_already")
    elif await confirm(talk, order, proposal, "order"):
        carry_out(talk, order, proposal, "order")
    else:
        withdraw(talk, proposal)
        if hold_back(talk, order):
            talk.say("security.held")
    return to_security(talk)
