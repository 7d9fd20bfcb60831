"""The accessibility statement: what we aim at, what was tested, what is known to be missing."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.customer.visit import Visiting

router = APIRouter(include_in_schema=False)


@router.get("/accessibility")
def accessibility(visit: Visiting) -> Response:
    return visit.page("customer/accessibility.html")
