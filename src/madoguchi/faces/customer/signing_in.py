"""Signing in by mailed code, proving one order, signing out; each leads back to the step it was asked for (CH-013)."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.actors import Rung
from madoguchi.counter.customers import access_links, return_links
from madoguchi.counter.customers.codes import Purpose
from madoguchi.counter.problems import Invalid
from madoguchi.engine import sessions
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.principal import CUSTOMER_COOKIE
from madoguchi.faces.rendering import local_path, with_query
from madoguchi.faces.sign_in import ask_mail_code, by_access_link, by_return_link
from madoguchi.faces.sign_in import ask_order_code as send_order_code
from madoguchi.faces.sign_in import verify_code as check_code
from madoguchi.kit.text import normalise

router = APIRouter(include_in_schema=False)
NO_ADDRESS = "This does not look like a mail address. Example: name@example.jp"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@router.get("/sign-in")
def sign_in_page(visit: Visiting) -> Response:
    return _sign_in_page(visit)


@router.post("/sign-in")
def ask_code(visit: Visiting) -> Response:
    email = _address(visit)
    if not visit.form.is_fine:
        return _sign_in_page(visit, 422)
    session = visit.begin().session
    assert session is not None
    try:
        ask_mail_code(visit.house, session, email, visit.language)
    except Invalid:
        visit.form.wrong("email", NO_ADDRESS)
        return _sign_in_page(visit, 422)
    return visit.redirect(with_query("/sign-in/code", next=_next(visit)))


@router.get("/sign-in/code")
def code_page(visit: Visiting) -> Response:
    return _code_page(visit, "sign_in")


@router.post("/sign-in/code")
def verify_code(visit: Visiting) -> Response:
    return _verify(visit, "sign_in", _next(visit))


@router.get(access_links.PATH)
def link_page(visit: Visiting) -> Response:
    """A page with a button: a mail program that looks at the link ahead of its reader uses nothing up."""
    return visit.page("customer/access_link.html", token=visit.request.query_params.get("token", ""))


@router.post(access_links.PATH)
def use_link(visit: Visiting) -> Response:
    session = visit.begin().session
    assert session is not None
    try:
        visit.enter(by_access_link(visit.house, session, visit.form.value("token")))
    except Invalid:
        visit.form.wrong("token", "This link has been used or has expired. Please ask for a new one")
        return visit.page("customer/access_link.html", 422, token="")
    return visit.redirect("/")


@router.get(return_links.PATH)
def return_page(visit: Visiting) -> Response:
    """The way back into a chat, from the mail; a button, so that looking ahead uses nothing up."""
    return visit.page("customer/come_back.html", token=visit.request.query_params.get("token", ""))


@router.post(return_links.PATH)
def come_back(visit: Visiting) -> Response:
    session = visit.begin().session
    assert session is not None
    try:
        token, contact_id = by_return_link(visit.house, session, visit.form.value("token"))
    except Invalid:
        visit.form.wrong("token", "This link has been used or has expired. Please sign in with a code")
        return visit.page("customer/come_back.html", 422, token="")
    visit.enter(token)
    return visit.redirect(f"/contacts/{contact_id}?back=yes#latest")


@router.get("/verify-order")
def order_page(visit: Visiting) -> Response:
    visit.form.start_with(order_number=visit.request.query_params.get("order", ""))
    return visit.page("customer/verify_order.html", next=_next(visit))


@router.post("/verify-order")
def ask_order_code(visit: Visiting) -> Response:
    number = _order_number(visit)
    email = _address(visit)
    if not visit.form.is_fine:
        return visit.page("customer/verify_order.html", 422, next=_next(visit))
    session = visit.begin().session
    assert session is not None
    try:
        send_order_code(visit.house, session, number, email, visit.language)
    except Invalid:
        visit.form.wrong("email", NO_ADDRESS)
        return visit.page("customer/verify_order.html", 422, next=_next(visit))
    return visit.redirect(with_query("/verify-order/code", order=number, next=_next(visit)))


@router.get("/verify-order/code")
def order_code_page(visit: Visiting) -> Response:
    return _code_page(visit, "order")


@router.post("/verify-order/code")
def verify_order_code(visit: Visiting) -> Response:
    number = normalise(visit.form.value("order")).strip()
    return _verify(visit, "order", _next(visit, f"/orders/{quote(number, safe='')}" if number else "/orders"))


@router.post("/sign-out")
def sign_out(visit: Visiting) -> Response:
    if visit.principal is not None and visit.principal.session is not None:
        visit.house.database.write(sessions.end, visit.principal.session.token_hash)
    onward = visit.form.value("next")  # to another account, and back to the same step (ACC-022)
    answer = visit.redirect(with_query("/sign-in", next=local_path(onward)) if onward else "/")
    answer.delete_cookie(CUSTOMER_COOKIE)
    return answer


def _sign_in_page(visit: Visit, status: int = 200) -> Response:
    again = visit.signed_in and visit.request.query_params.get("rung") == str(int(Rung.FRESH))
    return visit.page("customer/sign_in.html", status, next=_next(visit), again=again)


def _code_page(visit: Visit, purpose: Purpose, status: int = 200) -> Response:
    template = "customer/code.html"
    order = visit.request.query_params.get("order", "") or visit.form.value("order")
    return visit.page(
        template,
        status,
        purpose=purpose,
        next=_next(visit),
        order=order,
        minutes=visit.settings.identity.code_minutes,
    )


def _verify(visit: Visit, purpose: Purpose, onward: str) -> Response:
    code = re.sub(r"\D", "", normalise(visit.form.value("code")))
    if not code:
        visit.form.wrong("code", "Enter the 6 digits from the mail")
        return _code_page(visit, purpose, 422)
    session = visit.begin().session
    assert session is not None
    try:
        visit.enter(check_code(visit.house, session, purpose, code))
    except Invalid:
        visit.form.wrong(
            "code", "This code is wrong or has expired. Check the newest mail, or ask for a new code"
        )
        return _code_page(visit, purpose, 422)
    return visit.redirect(onward)


def _address(visit: Visit) -> str:
    email = normalise(visit.form.text("email", needed="Enter your mail address", longest=254)).strip()
    if email and not _ADDRESS.fullmatch(email):
        visit.form.wrong("email", NO_ADDRESS)
    return email


def _order_number(visit: Visit) -> str:
    return normalise(visit.form.text("order_number", needed="Enter the order number", longest=60)).strip()


def _next(visit: Visit, otherwise: str = "/") -> str:
    return local_path(visit.form.value("next") or visit.request.query_params.get("next", ""), otherwise)
