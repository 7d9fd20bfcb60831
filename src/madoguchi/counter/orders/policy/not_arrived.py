"""What did not arrive, and what was charged twice (ORD-004, ORD-005, ORD-011, PAY-003). Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import RefundDuplicate, RefundMissing, ReshipMissing
from madoguchi.counter.orders.model import Line, Order, Parcel, Payment
from madoguchi.counter.orders.policy.draft import Draft, Question

_OTHER_WAY = {"reship": "refund_missing", "refund_missing": "reship"}


def reship(draft: Draft, action: ReshipMissing) -> None:
    """The same pieces again, when the parcel counts as lost and they are in stock."""
    pieces = _missing_pieces(draft, action.parcel_id)
    if draft.refused:
        return
    needed: dict[str, int] = {}
    for _, line, count in pieces:
        needed[line.id] = needed.get(line.id, 0) + count
    order = draft.question.order
    for wanted in order.lines:
        if wanted.id in needed:
            _check_stock(draft, wanted, needed[wanted.id])
    if draft.refused:
        return
    for parcel in _parcels_of(pieces):
        sent = [{"line_id": line.id, "quantity": count} for of, line, count in pieces if of.id == parcel.id]
        draft.effect("send_again", parcel_id=parcel.id, lines=sent)
    draft.worth = sum(
        pricing.pieces_value(order, line, needed[line.id]) for line in order.lines if line.id in needed
    )


def refund_missing(draft: Draft, action: RefundMissing) -> None:
    """The money for pieces that count as lost; the postage too when nothing of the order arrived."""
    pieces = _missing_pieces(draft, action.parcel_id)
    if draft.refused:
        return
    order, rules = draft.question.order, draft.question.rules
    needed: dict[str, int] = {}
    for _, line, count in pieces:
        needed[line.id] = needed.get(line.id, 0) + count
    worth = sum(
        pricing.pieces_value(order, line, needed[line.id]) for line in order.lines if line.id in needed
    )
    for parcel in _parcels_of(pieces):
        lost = [{"line_id": line.id, "quantity": count} for of, line, count in pieces if of.id == parcel.id]
        draft.effect("give_up_parcel", parcel_id=parcel.id, lines=lost)
    all_lost = all(pricing.kept(order, line) <= needed.get(line.id, 0) for line in order.lines)
    draft.look("refund.shipping_fee_when_shop_fault")
    if all_lost and order.shipping_fee and rules.refund.shipping_fee_when_shop_fault:
        worth += order.shipping_fee
        draft.effect("shipping_fee_back", amount=order.shipping_fee)
    draft.worth = worth
    draft.settle(worth, pricing.kept_value(order) + order.shipping_fee - worth)


# ── which parcels ─────────────────────────────────────────────────────────────────────────────────


def overdue_from(question: Question, parcel: Parcel) -> tuple[int, str] | None:
    """Days since the promised date and that date (ISO); None when nothing was promised."""
    until = parcel.promised_to or question.order.promised_to
    if until is None:
        return None
    return (question.today - until).days, until.isoformat()


def _missing_pieces(draft: Draft, parcel_id: str) -> list[tuple[Parcel, Line, int]]:
    """Pieces of the parcels asked for, as far as they are still the customer's; refuses with the first reason."""
    order = draft.question.order
    if order.state == "cancelled":
        draft.refuse("already_cancelled")
        return []
    if parcel_id and not any(parcel.id == parcel_id for parcel in order.parcels):
        draft.refuse("no_such_parcel", parcel_id=parcel_id)
        return []
    sent = [parcel for parcel in order.parcels if parcel.state in pricing.LEFT_THE_HOUSE]
    if not sent:
        _refuse_not_sent(draft)
        return []
    if parcel_id:
        chosen = [parcel for parcel in order.parcels if parcel.id == parcel_id]
    else:
        chosen = _worst_first(draft.question, sent)
    for parcel in chosen:
        _check_parcel(draft, parcel)
    if draft.refused:
        return []
    return _pieces(draft, chosen)


def _worst_first(question: Question, sent: list[Parcel]) -> list[Parcel]:
    """Every overdue or lost parcel; where there is none, the one that explains why not."""
    open_parcels = [parcel for parcel in sent if not pricing.replaced(question.order, parcel)]
    missing = [parcel for parcel in open_parcels if _counts_as_lost(question, parcel)]
    if missing:
        return missing
    # "It says delivered, but it is not here" is the complaint that needs a person most.
    rank = ("returned_to_sender", "delivery_failed", "delivered")
    by_rank = sorted(
        open_parcels or sent, key=lambda parcel: rank.index(parcel.state) if parcel.state in rank else -1
    )
    return by_rank[:1]


def _counts_as_lost(question: Question, parcel: Parcel) -> bool:
    if parcel.state == "lost":
        return True
    late = overdue_from(question, parcel)
    return (
        parcel.state in pricing.ON_THE_WAY
        and late is not None
        and late[0] >= question.rules.missing.after_days
    )


def _refuse_not_sent(draft: Draft) -> None:
    question = draft.question
    until = question.order.promised_to
    if until is not None and question.today > until:
        draft.refuse("late_not_sent", instead=("cancel",), person=True, date=until.isoformat())
    elif until is not None:
        draft.refuse("not_sent_yet", instead=("cancel",), date=until.isoformat())
    else:
        draft.refuse("not_sent_yet_no_date", instead=("cancel",), person=True)


def _check_parcel(draft: Draft, parcel: Parcel) -> None:
    question = draft.question
    rules, order = question.rules.missing, question.order
    if pricing.replaced(order, parcel):
        draft.refuse("already_sent_again", person=True, parcel_id=parcel.id)
        return
    if parcel.state == "preparing":
        _refuse_not_sent(draft)
        return
    if parcel.state == "delivered":
        draft.answer(
            rules.said_delivered,
            "said_delivered",
            "said_delivered",
            "missing.said_delivered",
            parcel_id=parcel.id,
        )
    elif parcel.state in ("delivery_failed", "returned_to_sender"):
        draft.answer(
            rules.undeliverable,
            "undeliverable",
            "undeliverable",
            "missing.undeliverable",
            parcel_id=parcel.id,
        )
    elif parcel.state == "lost":
        draft.note("parcel_lost", parcel_id=parcel.id)
    else:
        _check_overdue(draft, parcel)
    if not draft.refused:
        _check_seller(draft, parcel)


def _check_overdue(draft: Draft, parcel: Parcel) -> None:
    question = draft.question
    draft.look("missing.after_days")
    late = overdue_from(question, parcel)
    if late is None:
        draft.person_decides("no_date_promised", "missing.after_days", parcel_id=parcel.id)
        return
    days, until = late
    after = question.rules.missing.after_days
    if days >= after:
        draft.note("overdue", "missing.after_days", days=days, date=until, parcel_id=parcel.id)
    elif days > 0:
        possible = (question.today + timedelta(days=after - days)).isoformat()
        params: dict[str, Any] = {"days": days, "date": until, "possible": possible, "parcel_id": parcel.id}
        draft.refuse("late_please_wait", "missing.after_days", person=True, **params)
    else:
        draft.refuse("on_time", "missing.after_days", date=until, parcel_id=parcel.id)


def _check_seller(draft: Draft, parcel: Parcel) -> None:
    question = draft.question
    for piece in parcel.lines:
        line = question.order.line(piece.line_id)
        if line is None or question.sold_by_shop(line):
            continue
        name = question.marketplace_seller(line)
        draft.answer(
            question.rules.missing.marketplace, "ask_seller", "ask_seller", "missing.marketplace", seller=name
        )


def _pieces(draft: Draft, parcels: list[Parcel]) -> list[tuple[Parcel, Line, int]]:
    order = draft.question.order
    left = {line.id: pricing.kept(order, line) for line in order.lines}
    pieces = []
    for parcel in parcels:
        for piece in parcel.lines:
            line = order.line(piece.line_id)
            if line is None or _refunded_as_missing(order, line):
                continue
            count = min(piece.quantity, left[line.id])
            left[line.id] -= count
            if count:
                pieces.append((parcel, line, count))
    if not pieces:
        draft.refuse("already_settled", person=True)
    return pieces


def _refunded_as_missing(order: Order, line: Line) -> bool:
    """For shops that note a refund, but not that the pieces are gone."""
    return line.active == line.quantity and any(
        refund.reason == "refund_missing" and line.id in refund.line_ids and refund.state != "failed"
        for refund in order.refunds
    )


def _parcels_of(pieces: list[tuple[Parcel, Line, int]]) -> list[Parcel]:
    return list({parcel.id: parcel for parcel, _, _ in pieces}.values())


def _check_stock(draft: Draft, line: Line, count: int) -> None:
    variant = pricing.variant_of(draft.question.products, line.product_id, line.sku)
    left = variant.stock if variant else 0
    if left < count:
        draft.refuse(
            "out_of_stock",
            instead=(_OTHER_WAY["reship"],),
            person=True,
            line_id=line.id,
            name=line.variant_name or line.name,
            left=left,
        )


# ── charged twice ─────────────────────────────────────────────────────────────────────────────────


def refund_duplicate(draft: Draft, action: RefundDuplicate) -> None:
    """Two captures of one amount within some days, and more taken than the order costs; a hold is explained."""
    question = draft.question
    order, rules = question.order, question.rules.duplicate
    payment = next((payment for payment in order.payments if payment.id == action.payment_id), None)
    if payment is None:
        draft.refuse("no_such_payment", payment_id=action.payment_id)
        return
    draft.look("duplicate.within_days")
    if payment.captured == 0 and payment.authorised == 0:
        draft.refuse("not_charged_yet", label=payment.label)
        return
    if payment.captured == 0:
        draft.refuse("only_held", amount=payment.authorised, label=payment.label, person=True)
        return
    left = payment.captured - pricing.given_back(order, payment)
    if left <= 0:
        draft.refuse("already_refunded", amount=payment.captured)
        return
    second = next((other for other in order.payments if other.duplicate_of == payment.id), None)
    if second is not None and pricing.given_back(order, second) < second.captured:
        draft.refuse("first_of_two", payment_id=second.id, label=second.label)
        return
    if twin_of(question, payment) is None:
        draft.refuse("no_second_charge", "duplicate.within_days", person=True, days=rules.within_days)
        return
    draft.look("duplicate.decided_by")
    if rules.decided_by == "person":
        draft.person_decides("duplicate_person", "duplicate.decided_by", amount=payment.captured)
    if draft.refused:
        return
    draft.note("charged_twice", "duplicate.within_days", amount=payment.captured)
    draft.worth = left
    draft.give_back_to(pricing.Part(payment.id, payment.tender, payment.label, left))


def twin_of(question: Question, payment: Payment) -> Payment | None:
    """The charge that `payment` repeats; None when the order's price explains both."""
    order = question.order
    span = timedelta(days=question.rules.duplicate.within_days)
    for other in order.payments:
        same = (
            other.id != payment.id and other.captured == payment.captured and other.tender == payment.tender
        )
        if not same or abs(payment.at - other.at) > span or other.duplicate_of == payment.id:
            continue
        if payment.duplicate_of == other.id or _overpaid_by(order, payment):
            return other
    return None


def duplicates(question: Question) -> list[Payment]:
    """Payments that may be given back as charged twice: of two the later one."""
    found: list[Payment] = []
    for payment in question.order.payments:
        twin = twin_of(question, payment) if payment.captured else None
        if twin is None or pricing.given_back(question.order, payment) >= payment.captured:
            continue
        flagged = payment.duplicate_of is not None
        later = (payment.at, payment.id) > (twin.at, twin.id) and twin.duplicate_of != payment.id
        if flagged or later:
            found.append(payment)
    return found


def _overpaid_by(order: Order, payment: Payment) -> bool:
    """Whether the order is paid in full without this charge."""
    rest = order.captured - order.refunded - pricing.promised(order) - payment.captured
    return rest >= pricing.kept_value(order) + order.shipping_fee
