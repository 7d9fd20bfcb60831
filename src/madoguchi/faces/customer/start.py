"""The front page: go on with what is open, choose an order, or ask about something else (W1, CH-008, CH-012)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.understanding.answers import has_strong_words
from madoguchi.counter.actors import Rung
from madoguchi.counter.callbacks.rules import is_on
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.problems import Invalid
from madoguchi.engine.database import Transaction
from madoguchi.faces.articles import LONGEST_QUESTION
from madoguchi.faces.customer import form_draft
from madoguchi.faces.customer.contact_ways import CALLBACK, Luggage, desk_now, ways
from madoguchi.faces.customer.earlier import last_contact
from madoguchi.faces.customer.guided import address_of, label_of
from madoguchi.faces.customer.orders import view_of
from madoguchi.faces.customer.preparing import message_of, needs_of, order_known, wishes
from madoguchi.faces.customer.topics import is_served
from madoguchi.faces.customer.tour import wants_tour
from madoguchi.faces.customer.tried import tried_words
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import with_query
from madoguchi.faces.views import contacts_out

router = APIRouter(include_in_schema=False)
SHOWN_ORDERS = 3
TOPICS = (
    "order_delivery.track_order",
    "return_exchange_cancel.return_request",
    "return_exchange_cancel.cancel_order",
    "payment_refund.refund_status",
    "payment_refund.receipt",
    "account_security.account_takeover",
)
# About no order: straight to a conversation.
OTHER_TOPICS = (
    "account_security.account_takeover",
    "account_security.login_failure",
    "payment_refund.unrecognized_charge",
    "payment_refund.payment_options",
    "order_delivery.product_inquiry",
    "support_service.contact_channels_hours",
    "general.site_usage",
)


@router.get("/")
@router.get("/help")
def start(visit: Visiting) -> Response:
    orders = (
        visit.house.orders.orders(visit.actor, limit=SHOWN_ORDERS + 1)
        if visit.actor.rung >= Rung.ORDER
        else []
    )
    return visit.page(
        "customer/start.html",
        open_contacts=open_contacts(visit),
        begun=_begun(visit),
        orders=[view_of(visit, order) for order in orders[:SHOWN_ORDERS]],
        more_orders=len(orders) > SHOWN_ORDERS,
        desk=desk_now(visit),
        ways=ways(visit),
        topics=[
            (address_of(kind), category_label(kind, visit.language))
            for kind in TOPICS
            if is_served(visit, kind)
        ],
        tour=wants_tour(visit),
    )


def _begun(visit: Visit) -> dict[str, str] | None:
    """The form that was begun and closed: the way back to it (CH-042)."""
    draft = form_draft.draft_of(visit)
    if not draft.id or not draft.kind:
        return None
    return {"title": category_label(draft.kind, visit.language)}


@router.get("/help/other")
def other(visit: Visiting) -> Response:
    """Not about an order: a topic, or free words; `text`: what was searched already is not typed again."""
    visit.form.start_with(text=visit.request.query_params.get("text", "")[:LONGEST_QUESTION])
    return _other_page(visit)


@router.get("/person")
def person(visit: Visiting) -> Response:
    """担当者と話す: what is carried along, what to expect, one button (HND-002)."""
    return _person_page(visit)


@router.post("/contacts")
def open_contact(visit: Visiting) -> Response:
    """Open a conversation with everything chosen so far; sending the form twice opens it once."""
    form = visit.form
    luggage = Luggage.of(visit)
    if form.value("way") == "callback" and is_on(visit.settings_now):
        return visit.redirect(luggage.link(CALLBACK))
    want_person = form.value("way") == "person"
    key = form.text("client_key", longest=100)
    text = message_of(visit, form.value("problem"), form.value("order"))
    if form.value("way") == "callback":
        text = "\n".join(filter(None, (visit.t("Please call me back."), text)))
    if form.errors:
        return _person_page(visit, 422) if want_person else _other_page(visit, 422)
    try:
        opened = visit.house.chat.open(
            visit.begin().actor,
            client_key=key if len(key) >= 8 else f"page-{key}-missing",
            language=visit.language,
            text=text,
            order_number=form.text("order", longest=60),
            problem=form.text("problem", longest=80),
            case=form.text("case", longest=20),
            page=form.text("page", longest=200),
            want_person=want_person,
            tried=tried_words(visit, luggage.problem, luggage.guide, luggage.done),
            address=visit.address,
        )
    except Invalid as error:
        form.wrong("text", "The message is too long (limit {limit} characters)", **error.params)
        return _person_page(visit, 422) if want_person else _other_page(visit, 422)
    calm = "yes" if has_strong_words(text) else ""
    return visit.redirect(with_query(f"/contacts/{opened.id}", wait="yes", calm=calm) + "#latest")


def open_contacts(visit: Visit) -> list[Any]:
    """The customer's unfinished contacts, newest first."""
    if visit.principal is None:
        return []
    actor = visit.actor

    mine = [contact for contact in visit.house.chat.history(actor) if contact.state != "ended"]

    def read(tx: Transaction) -> list[Any]:
        return contacts_out(tx, actor, mine, visit.language, timezone=visit.zone)

    return visit.house.database.read(read)


def _other_page(visit: Visit, status: int = 200) -> Response:
    chosen = visit.request.query_params.get("topic", "") or visit.form.value("problem")
    return visit.page(
        "customer/other.html",
        status,
        chosen=chosen,
        needs=needs_of(visit, chosen),
        wishes=wishes(visit),
        last=last_contact(visit),
        chosen_label=label_of(visit, chosen) if chosen else "",
        topics=[
            (kind, category_label(kind, visit.language)) for kind in OTHER_TOPICS if is_served(visit, kind)
        ],
        ways=ways(visit, problem=chosen),
        steps=address_of(chosen) if chosen in categories() else "",
        person_link=visit.person_link(problem=chosen),
    )


def _person_page(visit: Visit, status: int = 200) -> Response:
    luggage = Luggage.of(visit)
    order, problem = luggage.order, luggage.problem
    if luggage.item:
        visit.form.start_with(text=visit.t("It is about this item: {item}", item=luggage.item))
    return visit.page(
        "customer/person.html",
        status,
        order=order,
        strip=view_of(visit, known) if (known := order_known(visit, order)) else None,
        needs=needs_of(visit, problem, order),
        wishes=wishes(visit),
        last=last_contact(visit),
        problem=problem,
        problem_label=label_of(visit, problem) if problem else "",
        open_contacts=open_contacts(visit),
        ways=ways(visit, luggage),
        tried=tried_words(visit, problem, luggage.guide, luggage.done),
        desk=desk_now(visit),
    )
