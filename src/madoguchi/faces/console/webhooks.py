"""Webhooks: which programs of the shop listen to which facts; add one, take it away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from madoguchi.counter.problems import Invalid
from madoguchi.faces.console.doors import door
from madoguchi.faces.customer.visit import Visit
from madoguchi.faces.hooks import listeners
from madoguchi.faces.hooks.deliver import secret_of

router = APIRouter(prefix="/console/webhooks")
HOME = "/console/webhooks"
Keeping = Annotated[Visit, Depends(door("webhooks.manage", HOME))]


@router.get("")
def webhooks_page(visit: Keeping) -> Response:
    return _page(visit)


@router.post("")
def add(visit: Keeping) -> Response:
    """The secret is on this answer; nothing ticked: every public fact."""
    form, house = visit.form, visit.house
    url = form.text("url", needed="Please enter an address", longest=500)
    kinds = [kind for kind in form.values("kind") if kind in listeners.KINDS]
    if not form.errors:
        try:
            listeners.check(url, kinds, house.settings.server.webhook_hosts)
        except Invalid:
            form.wrong(
                "url", "This address cannot be used: it must be https or http and lead to the open Internet"
            )
    if form.errors:
        return _page(visit, 422)
    webhook_id = house.database.write(listeners.add, visit.actor, url, kinds)
    form.clear()
    return _page(visit, 201, fresh=url, secret=secret_of(house.keys, webhook_id))


@router.post("/{webhook_id}/remove")
def remove(visit: Keeping, webhook_id: str) -> Response:
    visit.house.database.write(listeners.remove, visit.actor, webhook_id)
    return visit.redirect(HOME)


def _page(visit: Visit, status: int = 200, *, fresh: str = "", secret: str = "") -> Response:
    found = visit.house.database.read(listeners.listeners)
    return visit.page(
        "console/webhooks.html",
        status,
        listeners=found,
        kinds=sorted(listeners.KINDS),
        fresh=fresh,
        secret=secret,
    )
