"""The inbox beside its live line: saved views, filters, labels, settings of the desk, deeds on many contacts at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import followers, queries
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.inbox import desk_settings, finding, labels, news_mails, steps, views
from madoguchi.counter.inbox.model import View
from madoguchi.counter.problems import Problem
from madoguchi.counter.team import mail_wishes
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.team.policy import may
from madoguchi.engine.database import Transaction
from madoguchi.faces.api.inbox_schemas import (
    BulkIn,
    BulkOut,
    DeskSettings,
    FiltersOut,
    FindIn,
    FollowIn,
    FoundOut,
    LabelIn,
    MailWish,
    RowOut,
    SectionIn,
    ViewIn,
    ViewOut,
)
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.api.schemas import ContactOut
from madoguchi.faces.desk import bulk
from madoguchi.faces.desk.filters import filters_of
from madoguchi.faces.house import House, house_of
from madoguchi.faces.principal import Principal, StaffCaller, need
from madoguchi.faces.views import contacts_out
from madoguchi.kit.ids import new_id

router = APIRouter(tags=["desk"])


@router.get("/desk/views", summary="Saved views of the inbox, own and shared, with counts")
async def list_views(request: Request, caller: StaffCaller) -> list[ViewOut]:
    need(caller, "contacts.read")

    def read(tx: Transaction) -> list[ViewOut]:
        return [_view_out(tx, caller.actor, view) for view in views.visible(tx, caller.actor)]

    return await house_of(request).database.aread(read)


@router.post("/desk/views", status_code=201, summary="Save a view, for oneself or for the team")
async def save_view(request: Request, caller: StaffCaller, wish: ViewIn) -> ViewOut:
    need(caller, "contacts.read")

    def write(tx: Transaction) -> ViewOut:
        criteria = wish.criteria.criteria()
        saved = views.save(tx, caller.actor, wish.name, criteria, wish.sort, shared=wish.shared)
        return _view_out(tx, caller.actor, saved)

    return await house_of(request).database.awrite(write)


@router.put("/desk/views/{view_id}", summary="Change a saved view")
async def change_view(request: Request, caller: StaffCaller, view_id: str, wish: ViewIn) -> ViewOut:
    need(caller, "contacts.read")

    def write(tx: Transaction) -> ViewOut:
        criteria = wish.criteria.criteria()
        changed = views.change(tx, caller.actor, view_id, wish.name, criteria, wish.sort, shared=wish.shared)
        return _view_out(tx, caller.actor, changed)

    return await house_of(request).database.awrite(write)


@router.delete("/desk/views/{view_id}", status_code=204, summary="Remove a saved view")
async def remove_view(request: Request, caller: StaffCaller, view_id: str) -> None:
    need(caller, "contacts.read")
    await house_of(request).database.awrite(views.remove, caller.actor, view_id)


@router.get("/desk/filters", summary="What a view can be made of")
async def filters(request: Request, caller: StaffCaller) -> FiltersOut:
    need(caller, "contacts.read")
    house = house_of(request)
    return await house.database.aread(filters_of, caller.actor, house.settings)


@router.post("/desk/find", summary="Contacts by criteria, in order")
async def find(request: Request, caller: StaffCaller, wish: FindIn) -> FoundOut:
    need(caller, "contacts.read")
    house = house_of(request)

    def read(tx: Transaction) -> FoundOut:
        criteria = wish.criteria.criteria()
        found = finding.found(tx, caller.actor.id, criteria, wish.sort, limit=wish.limit)
        whole = len(found) < wish.limit
        count = len(found) if whole else finding.count(tx, caller.actor.id, criteria)
        return FoundOut(contacts=_contacts(tx, house, caller.actor, found), count=count)

    return await house.database.aread(read)


@router.get("/desk/settings", summary="Keys and switches of one's own desk")
async def read_settings(request: Request, caller: StaffCaller) -> DeskSettings:
    need(caller, "contacts.read")
    found = await house_of(request).database.aread(desk_settings.of_agent, caller.actor.id)
    return DeskSettings(
        keys=dict(found.keys),
        switches=dict(found.switches),
        sections=[SectionIn(name=name, open=shown) for name, shown in found.sections],
    )


@router.put("/desk/settings", summary="Set up one's own desk; it follows to every machine")
async def save_settings(request: Request, caller: StaffCaller, wish: DeskSettings) -> DeskSettings:
    need(caller, "contacts.read")
    sections = [(each.name, each.open) for each in wish.sections]
    setup = desk_settings.Setup(wish.keys, wish.switches, sections)
    await house_of(request).database.awrite(desk_settings.save, caller.actor.id, setup)
    return wish


@router.get("/desk/mail-wish", summary="Mails that one wants while away from the desk")
async def read_mail_wish(request: Request, caller: StaffCaller) -> MailWish:
    need(caller, "contacts.read")
    return _wish_out(await house_of(request).database.aread(mail_wishes.of_agent, caller.actor.id))


@router.put(
    "/desk/mail-wish", summary="Where and on what one wants mails while away; own notes and news only"
)
async def keep_mail_wish(request: Request, caller: StaffCaller, wish: MailWish) -> MailWish:
    need(caller, "contacts.read")

    def write(tx: Transaction) -> MailWish:
        kept = news_mails.choose(
            tx, caller.actor, wish.address, mentions=wish.mentions, followed=wish.followed
        )
        return _wish_out(kept)

    return await house_of(request).database.awrite(write)


@router.post("/contacts/{contact_id}/labels", summary="Put a label on, or take it off")
async def label(request: Request, caller: StaffCaller, contact_id: str, wish: LabelIn) -> ContactOut:
    need(caller, "contacts.work")
    house = house_of(request)

    def write(tx: Transaction) -> None:
        queries.visible(tx, caller.actor, contact_id)
        (labels.put if wish.put else labels.take_off)(tx, contact_id, wish.label, caller.actor)

    await house.database.awrite(write)
    return (await _read_contacts(house, caller, [contact_id]))[0]


@router.post("/contacts/{contact_id}/follow", summary="Be told of what happens in a contact, or not any more")
async def follow(request: Request, caller: StaffCaller, contact_id: str, wish: FollowIn) -> ContactOut:
    need(caller, "contacts.read")
    house = house_of(request)

    def write(tx: Transaction) -> None:
        queries.visible(tx, caller.actor, contact_id)
        (followers.follow if wish.follow else followers.unfollow)(tx, contact_id, caller.actor)

    await house.database.awrite(write)
    return (await _read_contacts(house, caller, [contact_id]))[0]


@router.post("/desk/bulk", summary="One deed on many contacts, each for itself")
async def do_in_bulk(request: Request, caller: StaffCaller, wish: BulkIn) -> BulkOut:
    need(caller, "contacts.work")
    house = house_of(request)
    bulk_id = new_id("bulk")
    await house.database.awrite(steps.forget)

    async def one(row: Any) -> RowOut:
        arguments = (caller.actor, bulk_id, row, wish, house.settings, house.trust.ours)
        return await _attempt(house, caller, row.contact_id, bulk.do, *arguments)

    unique = {row.contact_id: row for row in wish.rows}
    done = await asyncio.gather(*(one(row) for row in unique.values()))
    until = await house.database.aread(_undo_until, house, caller.actor, bulk_id, wish.deed)
    return await _told(house, caller, bulk_id, done, until)


@router.post("/desk/bulk/{bulk_id}/undo", summary="Take a deed on many contacts back, within its time")
async def undo(request: Request, caller: StaffCaller, bulk_id: str) -> BulkOut:
    need(caller, "contacts.work")
    house = house_of(request)
    left = await house.database.aread(steps.of_bulk, bulk_id, caller.actor, bulk.window(house.settings))
    done = await asyncio.gather(
        *(
            _attempt(house, caller, step.contact_id, bulk.undo, caller.actor, step, house.settings)
            for step in left
        )
    )
    return await _told(house, caller, bulk_id, done, None)


async def _attempt(
    house: House, caller: Principal, contact_id: str, verb: Callable[..., None], *arguments: Any
) -> RowOut:
    """One row in a transaction of its own: what is refused leaves the others as they are."""
    try:
        await house.database.awrite(verb, *arguments)
    except Problem as problem:
        body = problem_body(caller.actor.language, problem.status, problem.code, problem.params)
        return RowOut(contact_id=contact_id, done=False, code=body["code"], detail=body["detail"])
    return RowOut(contact_id=contact_id, done=True)


async def _told(house: House, caller: Principal, bulk_id: str, rows: list[RowOut], until: Any) -> BulkOut:
    changed = [row.contact_id for row in rows if row.done]
    return BulkOut(
        bulk_id=bulk_id,
        done=len(changed),
        refused=len(rows) - len(changed),
        undo_until=until,
        undo_s=house.settings.desk.undo_seconds if until else None,
        rows=rows,
        contacts=await _read_contacts(house, caller, changed),
    )


def _undo_until(tx: Transaction, house: House, actor: Actor, bulk_id: str, deed: str) -> Any:
    if deed not in bulk.UNDOABLE:
        return None
    try:
        left = steps.of_bulk(tx, bulk_id, actor, bulk.window(house.settings))
    except Problem:  # nothing was changed
        return None
    return max(step.at for step in left) + bulk.window(house.settings)


async def _read_contacts(house: House, caller: Principal, ids: list[str]) -> list[ContactOut]:
    def read(tx: Transaction) -> list[ContactOut]:
        found = [queries.visible(tx, caller.actor, contact_id) for contact_id in ids]
        return _contacts(tx, house, caller.actor, found)

    return await house.database.aread(read)


def _contacts(tx: Transaction, house: House, actor: Actor, found: list[Contact]) -> list[ContactOut]:
    present = {contact.id: house.presence.present(contact.id, "customer") for contact in found}
    zone = ZoneInfo(house.settings.shop.timezone)
    return contacts_out(tx, actor, found, actor.language, present=present, timezone=zone)


def _wish_out(kept: mail_wishes.MailWish) -> MailWish:
    return MailWish(address=kept.address, mentions=kept.mentions, followed=kept.followed)


def _view_out(tx: Transaction, actor: Actor, view: View) -> ViewOut:
    mine = view.agent_id == actor.id
    return ViewOut.of(
        view,
        mine=mine,
        by="" if mine else team_queries.display_name(tx, view.agent_id),
        count=finding.count(tx, actor.id, view.criteria),
        can_change=may(actor, "views.share") if view.shared else mine,
    )
