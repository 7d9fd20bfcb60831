"""How our parts work now: the page to which every banner leads (QUE-011)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.customer.visit import Visiting

router = APIRouter(include_in_schema=False)


@router.get("/help/status")
def status_page(visit: Visiting) -> Response:
    return visit.page("customer/status.html", now=visit.clock())
