"""Every page for customers, as one router; they work in any browser, with or without scripts (A11Y-004)."""

from __future__ import annotations

from fastapi import APIRouter

from madoguchi.faces import api_docs
from madoguchi.faces.customer import (
    about,
    article_search,
    articles,
    business,
    cases,
    connection,
    contact_page,
    contacts,
    device_guides,
    display,
    doing,
    earlier,
    form_pages,
    form_script,
    form_sending,
    genres,
    guided,
    history,
    messages,
    orders,
    privacy,
    saving,
    security,
    signing_in,
    start,
    surveys,
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
    cases,
    earlier,
    form_pages,
    form_script,
    form_sending,
    history,
    saving,
    display,
    about,
    device_guides,
    security,
    messages,
    privacy,
    topics,
    tour,
    connection,
    articles,
    article_search,
    business,
    surveys,
    api_docs,
):
    router.include_router(module.router)
