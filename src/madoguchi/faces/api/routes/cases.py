"""Cases: read with everything that belongs to them, and the work on them; tasks of the desks, a customer's timeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from madoguchi.counter.cases import followers, listing, memos, queries, tasks, timeline
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.order_course import laid_between
from madoguchi.counter.problems import NotFound
from madoguchi.counter.team import queries as team
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.case_schemas import (
    CaseDetailsIn,
    CaseFileOut,
    CaseOrderIn,
    CasePage,
    CaseStateIn,
    EscalateIn,
    FollowUpIn,
    LinkIn,
    MemoIn,
    MergeIn,
    SplitIn,
    TaskDeedIn,
    TaskIn,
    TaskPage,
    TimelineOut,
)
from madoguchi.faces.api.inbox_schemas import FollowIn
from madoguchi.faces.case_orders import orders_of_case, orders_of_customer
from madoguchi.faces.case_timeline import timeline_out
from madoguchi.faces.case_views import case_file_out, lines_out, own_cases, task_out
from madoguchi.faces.desk import case_verbs
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import AnyCaller, Principal, StaffCaller, need, note_view

router = APIRouter(tags=["cases"])
_CURSOR = Query(max_length=200)
_LINES = Query(ge=1, le=200)


@router.get("/cases", summary="Own cases; for staff by desk, owner, state, wish, order, due time")
async def list_cases(
    request: Request,
    caller: AnyCaller,
    state: Annotated[list[str] | None, Query(max_length=12)] = None,
    wish: Annotated[str, Query(max_length=40)] = "",
    owner: Annotated[str, Query(max_length=60)] = "",
    queue: Annotated[str, Query(max_length=40)] = "",
    category: Annotated[str, Query(max_length=80)] = "",
    order: Annotated[str, Query(max_length=60)] = "",
    customer_id: Annotated[str, Query(max_length=60)] = "",
    due: Annotated[str, Query(pattern="^(follow_up|overdue)?$")] = "",
    number: Annotated[str, Query(max_length=40)] = "",
    followed: bool = False,
    limit: Annotated[int, Query(ge=1, le=300)] = 100,
) -> CasePage:
    """`owner=me` and `owner=none` are understood; what is due first stands first. `followed`: by the caller."""
    need(caller, "contacts.read")
    actor = caller.actor
    wanted = listing.Filters(
        states=tuple(state or ()),
        wish=wish,
        owner_id=actor.id if owner == "me" else owner,
        queue=queue,
        category=category,
        order_number=order,
        customer_id=customer_id,
        due=due,
        number=number,
        followed_by=actor.id if followed else "",
    )

    def read(tx: Transaction) -> CasePage:
        own = actor.kind == "customer"
        found = own_cases(tx, actor, limit) if own else listing.cases(tx, wanted, limit=limit)
        return CasePage(cases=lines_out(tx, actor, found, actor.language))

    return await house_of(request).database.aread(read)


@router.get("/cases/{case_number}", summary="One case, by the number that people quote")
async def one_case(request: Request, caller: AnyCaller, case_number: str) -> CaseFileOut:
    need(caller, "contacts.read")
    house = house_of(request)
    shown = await house.database.aread(_file, house, caller, case_number)
    await note_view(house, caller, "case", shown.id)
    return shown


@router.get("/cases/{case_number}/timeline", summary="Everything that happened in it, newest first")
async def timeline_of_case(
    request: Request,
    caller: AnyCaller,
    case_number: str,
    before: Annotated[str, _CURSOR] = "",
    limit: Annotated[int, _LINES] = 100,
) -> TimelineOut:
    need(caller, "contacts.read")
    house = house_of(request)
    internal = caller.actor.kind != "customer"
    orders = await run_in_threadpool(orders_of_case, house, caller.actor, case_number)

    def read(tx: Transaction) -> tuple[TimelineOut, str]:
        case = queries.visible(tx, caller.actor, case_number)
        ours = timeline.of_case(tx, case, before=before, limit=limit + 1, internal=internal)
        found = laid_between(ours, orders, before, limit + 1)
        return timeline_out(tx, found, case, limit, caller.actor.language), case.id

    shown, case_id = await house.database.aread(read)
    await note_view(house, caller, "case", case_id)
    return shown


@router.get(
    "/customers/{customer_id}/timeline", summary="Everything that happened with a customer, newest first"
)
async def timeline_of_customer(
    request: Request,
    caller: AnyCaller,
    customer_id: str,
    before: Annotated[str, _CURSOR] = "",
    limit: Annotated[int, _LINES] = 100,
) -> TimelineOut:
    """For staff: a customer has the history of their contacts instead."""
    need(caller, "contacts.read")
    house = house_of(request)
    if caller.actor.kind == "customer":
        raise NotFound("customer_not_found")
    orders = await run_in_threadpool(orders_of_customer, house, customer_id)

    def read(tx: Transaction) -> TimelineOut:
        ours = timeline.of_customer(tx, customer_id, before=before, limit=limit + 1)
        found = laid_between(ours, orders, before, limit + 1)
        return timeline_out(tx, found, None, limit, caller.actor.language)

    shown = await house.database.aread(read)
    await note_view(house, caller, "customer", customer_id)
    return shown


@router.post("/cases/{case_number}/follow", summary="Be told of what happens in a case, or not any more")
async def follow(request: Request, caller: StaffCaller, case_number: str, wish: FollowIn) -> CaseFileOut:
    """To follow again is to have read what is new."""
    need(caller, "contacts.read")
    house = house_of(request)

    def write(tx: Transaction) -> str:
        case = queries.visible(tx, caller.actor, case_number)
        (followers.follow if wish.follow else followers.unfollow)(tx, case.id, caller.actor)
        return case.label

    label = await house.database.awrite(write)
    shown = await house.database.aread(_file, house, caller, label)
    await note_view(house, caller, "case", shown.id)
    return shown


@router.post("/cases/{case_number}/memos", status_code=201, summary="Write down what happened when")
async def add_memo(request: Request, caller: AnyCaller, case_number: str, wish: MemoIn) -> CaseFileOut:
    if caller.actor.kind != "customer":
        need(caller, "contacts.work")
    house = house_of(request)

    def write(tx: Transaction) -> None:
        case = queries.visible(tx, caller.actor, case_number)
        memos.add(tx, case.id, wish.happened_at, wish.text, caller.actor)

    await house.database.awrite(write)
    return await house.database.aread(_file, house, caller, case_number)


@router.post("/cases/{case_number}/state", summary="Whose turn it is, or that it is solved")
async def change_state(
    request: Request, caller: StaffCaller, case_number: str, wish: CaseStateIn
) -> CaseFileOut:
    return await _work(
        request, caller, case_verbs.change_state, case_number, wish, house_of(request).settings
    )


@router.patch("/cases/{case_number}", summary="Wish, kind, desk and owner")
async def set_details(
    request: Request, caller: StaffCaller, case_number: str, wish: CaseDetailsIn
) -> CaseFileOut:
    return await _work(request, caller, case_verbs.set_details, case_number, wish)


@router.post("/cases/{case_number}/orders", summary="The case is about this order too")
async def add_order(
    request: Request, caller: StaffCaller, case_number: str, wish: CaseOrderIn
) -> CaseFileOut:
    need(caller, "contacts.work")
    order = await run_in_threadpool(house_of(request).shop.order, wish.order_number)
    whose = order.customer_ref if order else ""
    return await _work(request, caller, case_verbs.add_order, case_number, wish, whose)


@router.delete("/cases/{case_number}/orders/{number}", summary="The case is not about this order")
async def remove_order(request: Request, caller: StaffCaller, case_number: str, number: str) -> CaseFileOut:
    return await _work(request, caller, case_verbs.remove_order, case_number, number)


@router.post("/cases/{case_number}/follow-up", summary="Look at it again at a date")
async def follow_up(request: Request, caller: StaffCaller, case_number: str, wish: FollowUpIn) -> CaseFileOut:
    return await _work(request, caller, case_verbs.follow_up, case_number, wish)


@router.post("/cases/{case_number}/escalate", summary="A more senior desk or person looks at it")
async def escalate(request: Request, caller: StaffCaller, case_number: str, wish: EscalateIn) -> CaseFileOut:
    return await _work(request, caller, case_verbs.escalate, case_number, wish, house_of(request).settings)


@router.post("/cases/{case_number}/merge", summary="It goes on in another case of the same customer")
async def merge(request: Request, caller: StaffCaller, case_number: str, wish: MergeIn) -> CaseFileOut:
    return await _work(request, caller, case_verbs.merge, case_number, wish)


@router.post("/cases/{case_number}/unmerge", summary="Take the merge of this case back")
async def unmerge(request: Request, caller: StaffCaller, case_number: str) -> CaseFileOut:
    return await _work(request, caller, case_verbs.unmerge, case_number)


@router.post(
    "/cases/{case_number}/split", summary="Some contacts become a case of their own, which is returned"
)
async def split(request: Request, caller: StaffCaller, case_number: str, wish: SplitIn) -> CaseFileOut:
    return await _work(request, caller, case_verbs.split, case_number, wish)


@router.post("/cases/{case_number}/links", summary="It has to do with another case of the same customer")
async def link(request: Request, caller: StaffCaller, case_number: str, wish: LinkIn) -> CaseFileOut:
    return await _work(request, caller, case_verbs.link, case_number, wish)


@router.delete("/cases/{case_number}/links/{other_number}", summary="They have nothing to do with each other")
async def unlink(request: Request, caller: StaffCaller, case_number: str, other_number: str) -> CaseFileOut:
    return await _work(request, caller, case_verbs.unlink, case_number, other_number)


@router.post("/cases/{case_number}/tasks", summary="Ask another desk for something; or all of a template")
async def add_task(request: Request, caller: StaffCaller, case_number: str, wish: TaskIn) -> CaseFileOut:
    return await _work(request, caller, case_verbs.add_task, case_number, wish)


@router.post(
    "/cases/{case_number}/tasks/{task_id}", summary="Start, finish, drop, open again or pass on a task"
)
async def move_task(
    request: Request, caller: StaffCaller, case_number: str, task_id: str, wish: TaskDeedIn
) -> CaseFileOut:
    return await _work(request, caller, case_verbs.move_task, case_number, task_id, wish)


@router.get("/tasks", summary="What one's desks have to do, first what is due first")
async def tasks_of_desks(request: Request, caller: StaffCaller) -> TaskPage:
    need(caller, "contacts.read")

    def read(tx: Transaction) -> TaskPage:
        me = team.get(tx, caller.actor.id)
        desks = None if "*" in me.queues or not me.queues else list(me.queues)
        found = tasks.of_desks(tx, me.id, desks)
        return TaskPage(tasks=[task_out(tx, task, case, caller.actor.language) for task, case in found])

    return await house_of(request).database.aread(read)


async def _work(
    request: Request, caller: Principal, verb: Callable[..., Case], case_number: str, *args: Any
) -> CaseFileOut:
    need(caller, "contacts.work")
    house = house_of(request)
    changed = await house.database.awrite(verb, caller.actor, case_number, *args)
    shown = await house.database.aread(_file, house, caller, changed.label)
    await note_view(house, caller, "case", shown.id)
    return shown


def _file(tx: Transaction, house: House, caller: Principal, case_number: str) -> CaseFileOut:
    case = queries.visible(tx, caller.actor, case_number)
    zone = ZoneInfo(house.settings.shop.timezone)
    return case_file_out(tx, caller.actor, case, caller.actor.language, zone)
