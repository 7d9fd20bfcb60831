"""View models of companies: as the shop looks after them, as they see themselves, and what the desk offers them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from madoguchi.counter.business.care_desk import Company
from madoguchi.counter.business.model import Appointment, Organisation, Terms
from madoguchi.counter.business.policy import ROLES as ROLE_NAMES
from madoguchi.counter.calendars.loading import load
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.promises import service_classes
from madoguchi.counter.cases.wording import state_label
from madoguchi.counter.routing.queues import BUSINESS, Queue, find
from madoguchi.engine.texts import tr
from madoguchi.faces.house import House
from madoguchi.faces.partner_views import ROLES
from madoguchi.kit.money import Money


def cared_view(company: Company) -> dict[str, Any]:
    """For staff."""
    organisation = company.organisation
    kept = ("id", "name", "registration_number", "country", "notes", "manager_id", "language", "timezone")
    return {
        **{name: getattr(organisation, name) for name in (*kept, "group_id", "shares_cases")},
        "members": [{"customer_id": m.customer_id, "name": m.name, "role": m.role} for m in company.members],
        "terms": [terms_view(each) for each in company.terms],
        "appointments": [appointment_view(each) for each in company.appointments],
        "group": [{"id": each.id, "name": each.name} for each in company.group],
    }


def own_view(company: Company) -> dict[str, Any]:
    """For the company itself: the terms that hold and its appointments; no notes, and no names of the shop's people."""
    return {
        "terms": [
            {
                "kind": each.kind,
                "text": each.text,
                "payment_days": each.payment_days,
                "since": each.decided_at,
            }
            for each in company.terms
        ],
        "appointments": [appointment_view(each) for each in company.appointments],
        "group": [each.name for each in company.group],
    }


def terms_view(terms: Terms) -> dict[str, Any]:
    return asdict(terms)


def appointment_view(appointment: Appointment) -> dict[str, Any]:
    return {"id": appointment.id, "at": appointment.at, "about": appointment.about}


def shared_case_view(company: Organisation, case: Case, language: str) -> dict[str, Any]:
    return {
        "company": company.name,
        "number": case.label,
        "category": case.category,
        "order_number": case.order_number,
        "state": case.state,
        "state_label": state_label(case.state, language),
        "opened_at": case.opened_at,
        "promised_at": case.promised_at,
    }


def support_rows(house: House, language: str) -> list[dict[str, str]]:
    """What the business desk offers, row by row, from the configuration alone (BIZ-009)."""
    desk = house.database.read(find, BUSINESS)
    rules, settings = house.business.rules.business, house.settings
    currency = settings.shop.currency
    limit = Money(minor=rules.quote_limit.get(currency, 0), currency=currency).text(language)
    share = service_classes().get("business")
    rows = [
        (tr(language, "Business desk"), _desk(desk, house, language)),
        (
            tr(language, "Documents"),
            tr(
                language,
                "Quotations up to {limit} at once, valid for {days} days; above that from a consultant. Invoices and receipts as PDF.",
                limit=limit,
                days=rules.quote_days,
            ),
        ),
        (
            tr(language, "Management"),
            tr(
                language,
                "Several people in one account: {roles}. Everybody's purchases as a table.",
                roles=tr(language, ", ").join(tr(language, ROLES[role]) for role in ROLE_NAMES),
            ),
        ),
        (tr(language, "Priority"), _priority(desk, share.share if share else 1.0, language)),
        (
            tr(language, "Consultation"),
            tr(language, "Your own consultant, by appointment of {n} minutes.", n=rules.appointment_minutes),
        ),
    ]
    if settings.shop.country_desks:
        countries = ", ".join(sorted(settings.shop.country_desks))
        rows.append((tr(language, "Desks in other countries"), countries))
    return [{"name": name, "text": text} for name, text in rows]


def _desk(desk: Queue | None, house: House, language: str) -> str:
    name = desk.label(language) if desk else tr(language, "Business desk")
    calendars = house.database.read(load, house.settings)
    hours = calendars.hours_for(BUSINESS, language=language, segments=("business",))
    return tr(language, "{name}: {hours}", name=name, hours=hours.text(language))


def _priority(desk: Queue | None, share: float, language: str) -> str:
    said = []
    if desk is not None:
        said.append(tr(language, "A person within {n} seconds as a target.", n=desk.target_seconds))
    if share < 1:
        said.append(tr(language, "Solved within {percent}% of the usual time.", percent=round(share * 100)))
    return (
        tr(language, "{first} {second}", first=said[0], second=said[1]) if len(said) == 2 else "".join(said)
    )
