"""The web application over a house: faces, middleware, and the workers where this process has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from madoguchi import __version__
from madoguchi.building import workers_of
from madoguchi.faces.api.routes import (
    accounts,
    articles,
    business,
    callbacks,
    cases,
    companies,
    customer_notes,
    desk,
    drafts,
    figures,
    inbox,
    leading,
    live,
    mails,
    orders,
    participants,
    privacy,
    replies,
    reports,
    saved_replies,
    search,
    security,
    sessions,
    shop,
    webhooks,
)
from madoguchi.faces.api.routes import contacts as contact_routes
from madoguchi.faces.api.routes import (
    sellers as seller_routes,
)
from madoguchi.faces.chat_beat import hearing, keep_beating, keep_repeating
from madoguchi.faces.console import router as console_pages
from madoguchi.faces.customer import errors as page_errors
from madoguchi.faces.customer import router as customer_pages
from madoguchi.faces.demo import router as demo_pages
from madoguchi.faces.desk import router as desk_pages
from madoguchi.faces.house import House
from madoguchi.faces.one_edition import OneEdition
from madoguchi.faces.security import Guard
from madoguchi.faces.seller import router as seller_pages
from madoguchi.mailroom import MailRoom

STATIC = Path(__file__).parent / "static"


def create_app(house: House, *, work: bool = True) -> FastAPI:
    """The web application. `work`: run the assistant, couriers and rounds in this process too."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        house.database.listen()
        mailroom = MailRoom(house)
        workers = workers_of(house, mailroom)
        said = [
            asyncio.create_task(keep_beating(house.database)),
            asyncio.create_task(keep_repeating(house.presence)),
        ]
        if work:
            workers.start()
            mailroom.open()
        with hearing(house.database.stream, house.presence):
            yield
        for each in said:
            each.cancel()
        if work:
            mailroom.close()
            await workers.stop()
        house.colleague.close()
        house.database.close()

    settings = house.settings
    app = FastAPI(
        title="Madoguchi",
        version=__version__,
        summary="The customer-service system of an online shop",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # the redirect would be built from the Host header (S-20)
        lifespan=lifespan,
    )
    app.state.house = house
    page_errors.install(app)
    for module in (
        sessions,
        shop,
        articles,
        accounts,
        orders,
        seller_routes,
        business,
        companies,
        callbacks,
        contact_routes,
        customer_notes,
        cases,
        desk,
        inbox,
        drafts,
        figures,
        reports,
        leading,
        search,
        mails,
        participants,
        replies,
        saved_replies,
        security,
        privacy,
        webhooks,
        live,
    ):
        app.include_router(module.router, prefix="/api/v1")
    _mount_pages(app)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.server.widget_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["authorization", "content-type", "accept-language"],
        max_age=600,
    )
    app.add_middleware(OneEdition, book=house.book)
    app.add_middleware(
        Guard,
        deadline_s=settings.server.request_timeout_s,
        max_upload=settings.limits.attachment_mb * 1_048_576 + 65_536,
        address=settings.base_url,
    )
    return app


class Static(StaticFiles):
    """Our own files, usable from the shop's pages: the widget is loaded from there."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def _mount_pages(app: FastAPI) -> None:
    @app.get("/widget.js", include_in_schema=False)
    async def widget() -> Response:
        headers = {
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "no-cache",
        }
        return FileResponse(STATIC / "widget.js", media_type="text/javascript", headers=headers)

    for router in (customer_pages, desk_pages, seller_pages, console_pages, demo_pages):
        app.include_router(router, include_in_schema=False)
