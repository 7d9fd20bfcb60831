"""Every page for customers, as one router; they work in any browser, with or without scripts (A11Y-004)."""

from __future__ import annotations

from fastapi import APIRouter

from madoguchi.faces import api_docs
from madoguchi.faces.customer import (
    about,
    articles,
    business,
    connection,
    contact_page,
    contacts,
    device_guides,
    display,
    doing,
    earlier,
    genres,
    guided,
    history,
    orders,
    security,
    signing_in,
    start,
    topics,
    tour,
)

router = APIRouter(include_in_schema=False)
for module in (
    start,
    signing_in,
    orders,
    guided,
    genres,
    contact_page,
    doing,
    contacts,
    earlier,
    history,
    display,
    about,
    device_guides,
    security,
    topics,
    tour,
    connection,
    articles,
    business,
    api_docs,
):
    router.include_router(module.router)
