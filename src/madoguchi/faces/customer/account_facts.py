"""What of an account matters for a problem, as rows of facts: sign-ins, membership, what one holds, enquiries (ADV-016)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.cases.wording import category_label, state_label
from madoguchi.counter.customers.holdings import Holdings, in_language
from madoguchi.faces.customer.recipes import AccountFact
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.rendering import Clockwork

SIGN_INS = 3
CASES = 3


@dataclass(frozen=True)
class Fact:
    """One row."""

    label: str
    value: str


def facts_of(visit: Visit, wanted: Iterable[AccountFact]) -> list[Fact]:
    """In the order in which they were asked for; nothing for somebody who has not signed in."""
    if not visit.signed_in:
        return []
    return [fact for name in wanted for fact in _READERS[name](visit)]


def _sign_ins(visit: Visit) -> list[Fact]:
    when = _clock(visit)
    found = visit.house.accounts.sign_ins(visit.actor, limit=SIGN_INS) or []
    return [
        Fact(
            visit.t("Sign-in"),
            " ・ ".join(filter(None, (when.moment(each.at), each.device, each.place))),
        )
        for each in found
    ]


def _membership(visit: Visit) -> list[Fact]:
    held = visit.house.accounts.holdings(visit.actor)
    if held is None:
        return []
    membership, when = held.membership, _clock(visit)
    if not membership.is_active(visit.clock().astimezone(visit.zone).date()):
        return [Fact(visit.t("Membership"), visit.t("Not a member"))]
    plan = in_language(membership.plan, visit.language) or visit.t("Member")
    ends = membership.ends_on or membership.renews
    label = visit.t("Ends on") if membership.ends_on else visit.t("Renews on")
    return [Fact(visit.t("Membership"), plan), *([Fact(label, when.day(ends))] if ends else [])]


def _holdings(visit: Visit) -> list[Fact]:
    held: Holdings | None = visit.house.accounts.holdings(visit.actor)
    if held is None:
        return []
    language, when = visit.language, _clock(visit)
    found = [
        Fact(
            visit.t("Subscription"),
            " ・ ".join(
                filter(
                    None,
                    (
                        in_language(each.name, language),
                        visit.t("next charge on {date}", date=when.day(each.next_charge))
                        if each.next_charge and each.state == "active"
                        else "",
                    ),
                )
            ),
        )
        for each in held.subscriptions
        if each.state != "ended"
    ]
    found += [
        Fact(visit.t("Device"), " ・ ".join(filter(None, (in_language(each.name, language), each.model))))
        for each in held.devices
    ]
    return found + [
        Fact(
            visit.t("Service"),
            in_language(each.name, language)
            + (
                f" ・ {visit.t('There is trouble with it now; we are working on it.')}"
                if each.state == "outage"
                else ""
            ),
        )
        for each in held.services
        if each.state != "ended"
    ]


def _cases(visit: Visit) -> list[Fact]:
    known = visit.actor.customer_id
    if known is None:
        return []
    found = visit.house.database.read(cases.of_customer, known, limit=20)
    return [
        Fact(
            each.label,
            " ・ ".join(
                filter(
                    None,
                    (category_label(each.category, visit.language), state_label(each.state, visit.language)),
                )
            ),
        )
        for each in found
        if is_live(each.state)
    ][:CASES]


def _clock(visit: Visit) -> Clockwork:
    return Clockwork(visit.language, visit.settings.shop.timezone, visit.clock())


_READERS: dict[AccountFact, Callable[[Visit], list[Fact]]] = {
    "sign_ins": _sign_ins,
    "membership": _membership,
    "holdings": _holdings,
    "cases": _cases,
}
