"""Buyers, sellers and staff about an order's marketplace goods: messages, answers, the way to the shop, claims."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from madoguchi.counter.problems import TooMany
from madoguchi.faces.api.schemas import In
from madoguchi.faces.files import file_response
from madoguchi.faces.house import house_of
from madoguchi.faces.partner_views import said_view, sellers_view, thread_view
from madoguchi.faces.principal import AnyCaller, CustomerCaller, SellerCaller, StaffCaller, need, note_view
from madoguchi.kit.ids import new_id

router = APIRouter(tags=["sellers"])
A_TEN_MINUTES = 30
_KEY = Field(min_length=1, max_length=100, description="The same key says it once.")


class AskIn(In):
    seller_id: str = Field(min_length=1, max_length=60)
    contact_id: str = Field(min_length=1, max_length=60, description="In whose ledger it stands.")
    text: str = Field(min_length=1, max_length=2000)
    key: str = _KEY


class AnswerIn(In):
    kind: Literal["reply", "accept", "object"] = "reply"
    wish: Literal["", "return", "refund"] = Field("", description="What is accepted.")
    text: str = Field("", max_length=2000)
    key: str = _KEY


class DecisionIn(In):
    granted: int = Field(ge=0, description="Minor units of the order's currency; 0 refuses.")
    text: str = Field(min_length=1, max_length=2000, description="Why, for buyer and seller.")


@router.get("/orders/{number}/seller-threads", summary="What was written to the sellers of an order")
async def threads(request: Request, caller: AnyCaller, number: str) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "orders.read")
    language = caller.actor.language

    def read() -> list[dict[str, Any]]:
        found = house.sellers.threads(caller.actor, number)
        return [
            {
                **thread_view(thread, language),
                "said": [said_view(one, language) for one in house.sellers.said(caller.actor, thread.id)],
            }
            for thread in found
        ]

    shown = {"threads": await run_in_threadpool(read)}
    await note_view(house, caller, "order", number)
    return shown


@router.post(
    "/orders/{number}/seller-messages", status_code=201, summary="Write to a seller, through the shop"
)
async def ask(request: Request, caller: CustomerCaller, number: str, wish: AskIn) -> dict[str, Any]:
    house = house_of(request)
    wait = house.limiter.check("seller_messages", caller.actor.id, A_TEN_MINUTES, 600)
    if wait is not None:
        raise TooMany("too_many_messages", retry_after=wait)
    thread = await run_in_threadpool(
        lambda: house.sellers.ask(
            caller.actor, number, wish.seller_id, wish.text, contact_id=wish.contact_id, key=wish.key
        )
    )
    return thread_view(thread, caller.actor.language)


@router.post("/seller-threads/{thread_id}/escalate", summary="Ask the shop to step in")
async def escalate(request: Request, caller: CustomerCaller, thread_id: str) -> dict[str, Any]:
    house = house_of(request)
    thread = await run_in_threadpool(house.sellers.escalate, caller.actor, thread_id)
    return thread_view(thread, caller.actor.language)


@router.post("/seller-threads/{thread_id}/decision", summary="Decide on a claim under the guarantee")
async def decide(request: Request, caller: StaffCaller, thread_id: str, wish: DecisionIn) -> dict[str, Any]:
    house = house_of(request)
    need(caller, "actions.propose")
    thread = await run_in_threadpool(house.sellers.decide, caller.actor, thread_id, wish.granted, wish.text)
    return thread_view(thread, caller.actor.language)


@router.get("/seller/threads", summary="A seller's own threads, the most urgent first")
async def inbox(request: Request, caller: SellerCaller) -> dict[str, Any]:
    house = house_of(request)
    found = await run_in_threadpool(house.sellers.inbox, caller.actor)
    return {"threads": [thread_view(thread, caller.actor.language) for thread in found]}


@router.get("/seller/threads/{thread_id}", summary="One of them, with what was said")
async def one_thread(request: Request, caller: SellerCaller, thread_id: str) -> dict[str, Any]:
    house = house_of(request)
    view = await run_in_threadpool(house.sellers.sellers_view, caller.actor, thread_id)
    return sellers_view(view, caller.actor.language)


@router.post("/seller/threads/{thread_id}/answers", status_code=201, summary="Reply, accept or object")
async def answer(request: Request, caller: SellerCaller, thread_id: str, wish: AnswerIn) -> dict[str, Any]:
    house = house_of(request)
    thread = await run_in_threadpool(
        lambda: house.sellers.answer(caller.actor, thread_id, wish.kind, wish.text, wish.key, wish.wish)
    )
    return thread_view(thread, caller.actor.language)


@router.post(
    "/seller/threads/{thread_id}/evidence", status_code=201, summary="Show the shop a picture or PDF"
)
async def show(
    request: Request,
    caller: SellerCaller,
    thread_id: str,
    file: Annotated[UploadFile, File()],
    text: Annotated[str, Form(max_length=2000)] = "",
    key: Annotated[str, Form(max_length=100, description="The same key shows it once.")] = "",
) -> dict[str, Any]:
    house = house_of(request)
    wait = house.limiter.check("attachments", caller.actor.id, A_TEN_MINUTES, 600)
    if wait is not None:
        raise TooMany("too_many_attachments", retry_after=wait)
    content = await file.read(house.settings.limits.attachment_mb * 1_048_576 + 1)

    def write() -> dict[str, Any]:
        name = file.filename or "file"
        house.sellers.show(caller.actor, thread_id, name, content, text=text, key=key or new_id("key"))
        return sellers_view(house.sellers.sellers_view(caller.actor, thread_id), caller.actor.language)

    return await run_in_threadpool(write)


@router.get(
    "/seller/threads/{thread_id}/evidence/{evidence_id}",
    summary="The bytes of one's own evidence",
    response_class=Response,
)
async def evidence(request: Request, caller: SellerCaller, thread_id: str, evidence_id: str) -> Response:
    house = house_of(request)
    row, content = await run_in_threadpool(house.sellers.shown, caller.actor, thread_id, evidence_id)
    return file_response(row, content)
