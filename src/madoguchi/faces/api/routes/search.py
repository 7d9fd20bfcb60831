"""Looking for what was said: staff in everything they may read, customers in their own conversations."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from madoguchi.counter.search.rows import Filters
from madoguchi.faces import search_views
from madoguchi.faces.house import house_of
from madoguchi.faces.principal import AnyCaller, need, note_view
from madoguchi.faces.search_views import SearchOut

router = APIRouter(tags=["contacts"])
Short = Annotated[str, Query(max_length=80)]


@router.get("/search", summary="Find contacts by what was said, by numbers, names and files")
async def search(
    request: Request,
    caller: AnyCaller,
    q: Annotated[
        str, Query(max_length=200, description='Words, all of them; "…" or 「…」 for a phrase.')
    ] = "",
    channel: Short = "",
    state: Annotated[str, Query(pattern="^(open|resolved|ended|)$")] = "",
    queue: Short = "",
    category: Annotated[str, Query(max_length=80, description="A category, or a kind within one.")] = "",
    language: Annotated[str, Query(max_length=10)] = "",
    since: Annotated[date | None, Query(description="First day, in the shop's time zone.")] = None,
    until: Annotated[date | None, Query(description="Last day.")] = None,
    customer: Annotated[str, Query(max_length=60, description="For staff: only this customer's.")] = "",
    files: Annotated[bool, Query(description="Only entries with files.")] = False,
    before: Annotated[int | None, Query(ge=0, lt=1 << 62, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> SearchOut:
    """The newest first, by contact. Words that are on a contact's card (names, numbers) and words that were said in it
    may be mixed: 「佐藤 返品」."""
    need(caller, "contacts.read")
    house = house_of(request)
    begin, end = search_views.days(house.settings, since, until)
    filters = Filters(
        channel=channel,
        state=state,
        queue=queue,
        category=category,
        language=language,
        since=begin,
        until=end,
        customer_id=customer,
        files=files,
        before=before,
    )
    found = await house.database.aread(
        search_views.search, caller.actor, q, house.settings, caller.actor.language, filters, limit
    )
    await note_view(house, caller, "search", customer or "contacts")
    return found
