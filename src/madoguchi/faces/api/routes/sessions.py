"""Sessions: a visitor's, a customer's by the shop's token or a mailed code, a member of staff's."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from madoguchi.counter.problems import SignInNeeded
from madoguchi.faces import sign_in
from madoguchi.faces.api.problems import language_of
from madoguchi.faces.api.schemas import (
    CodeIn,
    DemoSignInIn,
    In,
    MailCodeIn,
    OrderCodeIn,
    SessionOut,
    ShopTokenIn,
    StaffSignInIn,
)
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import (
    CUSTOMER_COOKIE,
    STAFF_COOKIE,
    AnyCaller,
    CustomerCaller,
    CustomerPrincipal,
    Principal,
    check_origin,
    end_session,
    find_principal,
    principal_of,
    set_session_cookie,
)

router = APIRouter(prefix="/sessions", tags=["sessions"])


class VisitorIn(In):
    language: str = Field(default="", max_length=10)


@router.post("/visitor", status_code=201, summary="Begin as an unknown visitor")
async def begin(request: Request, wish: VisitorIn) -> SessionOut:
    house = house_of(request)
    language = wish.language if wish.language in house.settings.shop.languages else language_of(request)
    return await _session_of(
        house,
        await run_in_threadpool(
            sign_in.begin_visitor,
            house,
            language,
            _address(request),
            request.headers.get("user-agent", ""),
        ),
    )


@router.post("/shop-token", summary="Sign a customer in by the shop's signed token")
async def by_shop_token(request: Request, wish: ShopTokenIn) -> SessionOut:
    house = house_of(request)
    caller = await principal_of(request, prefer=CUSTOMER_COOKIE)
    before = caller.session if caller is not None and not caller.cookie and not caller.is_staff else None
    token = await run_in_threadpool(sign_in.by_shop_token, house, before, wish.token, language_of(request))
    return await _session_of(house, token)


@router.post("/mail-code", status_code=202, summary="Ask for a sign-in code by mail")
async def ask_mail_code(request: Request, caller: CustomerCaller, wish: MailCodeIn) -> dict[str, Any]:
    await run_in_threadpool(
        sign_in.ask_mail_code, house_of(request), caller.session, wish.email, caller.actor.language
    )
    return {}


@router.post("/mail-code/verify", summary="Sign in with the mailed code")
async def verify_mail_code(
    request: Request, response: Response, caller: CustomerCaller, wish: CodeIn
) -> SessionOut:
    return await _verify(request, response, caller, "sign_in", wish.code)


@router.post("/order-code", status_code=202, summary="Ask for a code to the mail address on an order")
async def ask_order_code(request: Request, caller: CustomerCaller, wish: OrderCodeIn) -> dict[str, Any]:
    await run_in_threadpool(
        sign_in.ask_order_code,
        house_of(request),
        caller.session,
        wish.order_number,
        wish.email,
        caller.actor.language,
    )
    return {}


@router.post("/order-code/verify", summary="Prove an order with the mailed code")
async def verify_order_code(
    request: Request, response: Response, caller: CustomerCaller, wish: CodeIn
) -> SessionOut:
    return await _verify(request, response, caller, "order", wish.code)


@router.post("/demo", summary="Sign in as a customer of the demonstration shop")
async def demo(
    request: Request, response: Response, caller: CustomerCaller, wish: DemoSignInIn
) -> SessionOut:
    house = house_of(request)
    token = await run_in_threadpool(sign_in.demo_sign_in, house, caller.session, wish.customer_id)
    return await _renewed(house, response, caller, token)


@router.post("/staff", summary="Sign a member of staff in")
async def staff(request: Request, response: Response, wish: StaffSignInIn) -> SessionOut:
    check_origin(request)
    house = house_of(request)
    token = await run_in_threadpool(
        sign_in.sign_in_staff, house, wish.login, wish.password, wish.totp, _address(request)
    )
    set_session_cookie(response, house, STAFF_COOKIE, token)
    found = await house.database.aread(find_principal, house, token, cookie=True)
    assert found is not None
    return session_out(found)


@router.get("/current", summary="Who am I?")
async def current(caller: AnyCaller) -> SessionOut:
    return session_out(caller)


@router.delete("/current", status_code=204, summary="Sign out")
async def leave(request: Request, response: Response, caller: AnyCaller) -> None:
    if caller.session is not None:
        await house_of(request).database.awrite(end_session, caller.session)
    if caller.cookie:
        response.delete_cookie(STAFF_COOKIE if caller.actor.kind in ("agent", "seller") else CUSTOMER_COOKIE)


def session_out(principal: Principal, token: str | None = None) -> SessionOut:
    actor = principal.actor
    session = principal.session
    return SessionOut(
        token=token,
        kind="key" if session is None else "staff" if session.kind == "staff" else "customer",
        id=actor.customer_id or actor.id,
        name=actor.name,
        masked_email=str(session.data.get("masked_email", "")) if session else "",
        language=actor.language,
        rung=int(actor.rung),
        order_numbers=sorted(actor.order_numbers),
        roles=sorted(actor.roles),
        expires_at=session.expires_at if session else None,
        csrf=principal.csrf,
    )


async def _verify(
    request: Request,
    response: Response,
    caller: CustomerPrincipal,
    purpose: Literal["sign_in", "order"],
    code: str,
) -> SessionOut:
    house = house_of(request)
    token = await run_in_threadpool(sign_in.verify_code, house, caller.session, purpose, code)
    return await _renewed(house, response, caller, token)


async def _renewed(house: House, response: Response, caller: Principal, token: str) -> SessionOut:
    """The risen session: a browser's cookie is replaced unseen by scripts, a widget gets its new bearer token."""
    if not caller.cookie:
        return await _session_of(house, token)
    set_session_cookie(response, house, CUSTOMER_COOKIE, token)
    found = await house.database.aread(find_principal, house, token, cookie=True)
    assert found is not None
    return session_out(found)


async def _session_of(house: House, token: str) -> SessionOut:
    found = await house.database.aread(find_principal, house, token, cookie=False)
    if found is None:
        raise SignInNeeded("session_needed")
    return session_out(found, token)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
