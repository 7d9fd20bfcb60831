"""Ways of paying that the customer names: theirs, offered by the policy, not expired, and good for the amount. Pure."""

from __future__ import annotations

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Method, Order, Payment
from madoguchi.counter.orders.policy.draft import Draft, Question


def named_method(draft: Draft, method_id: str, *, charge: int = 0) -> Method | None:
    """The method of the customer's wallet, able to pay `charge`; None after a refusal."""
    question = draft.question
    method = question.wallet.method(method_id) if question.wallet else None
    if method is None:
        draft.refuse("no_such_method")
        return None
    draft.look("settlement.tenders")
    if method.tender not in question.rules.settlement.tenders:
        draft.refuse("method_not_offered", "settlement.tenders", tender=method.tender)
        return None
    if method.expires_on is not None and method.expires_on < question.today:
        draft.refuse("method_expired", label=method.label)
        return None
    if method.balance is not None and method.balance < charge:
        draft.refuse("balance_too_small", label=method.label, amount=charge, limit=method.balance)
        return None
    return method


def settle_difference(draft: Draft, difference: int, still_owed: int, method_id: str) -> None:
    """Give a lower price back, charge a higher one: as the policy says, or by the method that was named."""
    wanted = draft.question.rules.settlement.price_difference
    draft.look("settlement.price_difference")
    if not method_id:
        if wanted == "must_name" and difference:
            draft.refuse("method_needed", "settlement.price_difference")
        elif difference < 0:
            draft.settle(-difference, still_owed)
        elif difference > 0:
            _charge_more(draft, difference)
        return
    if wanted == "policy":
        draft.refuse("method_not_offered", "settlement.price_difference", tender="card")
        return
    method = named_method(draft, method_id, charge=max(0, difference))
    if method is None:
        return
    if difference < 0:
        back = give_back_to_method(draft, method)
        draft.settle(-difference, still_owed, to=back)
    elif difference > 0:
        charge_method(draft, method, difference)


def give_back_to_method(draft: Draft, method: Method) -> Method:
    """Money that goes elsewhere than it came from needs the rung that the policy names."""
    rules = draft.question.rules
    if not any(is_from(payment, method) for payment in draft.question.order.payments if payment.captured):
        draft.needs_fresh("identity.refund_to_other_tender", rules.identity.refund_to_other_tender)
    return method


def charge_method(draft: Draft, method: Method, amount: int) -> None:
    draft.charge += amount
    draft.effect(
        "charge",
        amount=amount,
        payment_id=_payment_of(draft.question, method),
        tender=method.tender,
        label=method.label,
        method_id=method.id,
    )


def is_from(payment: Payment, method: Method) -> bool:
    """Whether a payment was made by this method of the wallet."""
    if payment.method_id:
        return payment.method_id == method.id
    return bool(method.label) and (payment.tender, payment.label) == (method.tender, method.label)


def paid_by(order: Order, method: Method) -> bool:
    """Whether everything that is paid, or to be paid, is by this method."""
    payments = [payment for payment in order.payments if payment.duplicate_of is None]
    return bool(payments) and all(
        is_from(payment, method) or pricing.given_back(order, payment) >= payment.captured > 0
        for payment in payments
    )


def _payment_of(question: Question, method: Method) -> str:
    return next((payment.id for payment in question.order.payments if is_from(payment, method)), "")


def _charge_more(draft: Draft, amount: int) -> None:
    """Take a higher price from a tender that can be charged again; otherwise a person arranges it."""
    question = draft.question
    draft.look("change.rechargeable")
    payment = next(
        (
            payment
            for payment in question.order.payments
            if payment.tender in question.rules.change.rechargeable and payment.duplicate_of is None
        ),
        None,
    )
    draft.charge += amount
    if question.order.state != "awaiting_payment" and payment is not None:
        draft.effect(
            "charge", amount=amount, payment_id=payment.id, tender=payment.tender, label=payment.label
        )
        return
    if question.order.state != "awaiting_payment":
        draft.person_decides("cannot_charge", "change.rechargeable", amount=amount)
    draft.effect("pay_more", amount=amount)
