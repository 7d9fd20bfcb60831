"""How to reach us: the table of all ways from data, the recommended one with its reason, what to have at hand (CH-002)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.ways.channels import channels
from madoguchi.counter.cases.ways.desks import type_of, user_desks
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.customers import queries as customers
from madoguchi.faces.customer import form_draft
from madoguchi.faces.customer.contact_ways import (
    CONTACT,
    FORM,
    Luggage,
    choices_now,
    mail_link,
    ways,
)
from madoguchi.faces.customer.orders import view_of
from madoguchi.faces.customer.preparing import order_known
from madoguchi.faces.customer.topics import is_served
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.kit.languages import comma

router = APIRouter(include_in_schema=False)


@router.get(CONTACT)
def contact(visit: Visiting) -> Response:
    return _page(visit)


@router.post(CONTACT)
def go_on(visit: Visiting) -> Response:
    """To the form or to a mail with the words that were typed; nothing is typed twice (CH-003)."""
    luggage = Luggage.of(visit)
    text = visit.form.text("text", longest=visit.settings.limits.message_chars)
    if visit.form.value("way") == "form" and not visit.form.errors and form_draft.take_words(visit, text):
        return visit.redirect(luggage.link(FORM))
    return _page(visit, drafted=visit.form.value("way") == "mail", copied=visit.form.value("way") == "form")


def _page(visit: Visit, *, drafted: bool = False, copied: bool = False) -> Response:
    luggage = Luggage.of(visit)
    calls = visit.request.query_params.get("calls", "") != "no"
    found = ways(visit, luggage)
    found["choices"] = choices_now(visit, luggage.problem, calls=calls)
    known = order_known(visit, luggage.order) if luggage.order else None
    text = visit.form.value("text")
    return visit.page(
        "customer/contact_us.html",
        422 if visit.form.errors else 200,
        ways=found,
        strip=view_of(visit, known) if known else None,
        problem_label=category_label(luggage.problem, visit.language),
        kinds=[
            (each.id, each.label(visit.language))
            for each in categories().values()
            if is_served(visit, each.group)
        ],
        calls=calls,
        draft=mail_link(visit, luggage, text) if drafted else "",
        copied=copied,
        closed=[
            each
            for each in found["choices"].all
            if each.offered and each.state in ("off", "closed", "nobody", "crowded")
        ],
        person_link=luggage.link("/person"),
        desks=_desks(visit),
    )


def _desks(visit: Visit) -> list[dict[str, Any]]:
    """Who is served by which desk, on which ways; the reader's own is marked."""
    language = visit.language
    known = visit.actor.customer_id if visit.signed_in else None
    customer = visit.house.database.read(customers.find, known) if known else None
    own = type_of(customer.segments if customer else (), language, visit.settings.shop.languages[0])
    return [
        {
            "id": each.id,
            "who": each.text("who", language),
            "desk": each.text("desk", language),
            "ways": comma(language).join(channels()[way].text("name", language) for way in each.ways),
            "helps": each.text("helps", language),
            "own": each.id == own,
        }
        for each in user_desks(visit.settings_now)
    ]
