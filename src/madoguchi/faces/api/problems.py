"""Refusals as RFC 9457 problems, in the caller's language."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from madoguchi.counter.problems import Problem, TooMany
from madoguchi.engine.texts import tr

TITLES: dict[str, str] = {
    "invalid": "The request cannot be used as it is",
    "not_found": "There is no such thing here",
    "not_allowed": "You may not do this",
    "sign_in_needed": "Please sign in first",
    "session_needed": "Please start or renew your session",
    "conflict": "Something has changed in the meantime",
    "too_many": "Too many tries; please wait {retry_after} seconds",
    "too_many_messages": "Too many messages in a short time; please wait {retry_after} seconds",
    "too_many_contacts": "Too many new enquiries in a short time; please wait {retry_after} seconds. Open enquiries go on as before",
    "too_many_attachments": "No more files can be added to this enquiry (limit {count})",
    "too_many_transcripts": "The transcript was sent several times already; please wait {retry_after} seconds",
    "too_many_codes": "Too many codes were asked for; please wait {retry_after} seconds",
    "sign_in_too_often": "Too many failed tries; please wait {retry_after} seconds",
    "contact_not_found": "This enquiry does not exist, or belongs to another account",
    "contact_ended": "This enquiry has ended; please open a new one. Everything said so far is kept",
    "client_key_reused": "The same key was used with other content",
    "owner_changed": "Somebody else has taken this contact over in the meantime",
    "owner_version_missing": "Name the owner version that you saw",
    "not_owner": "Take the contact first, then answer",
    "not_open": "This contact is not open any more",
    "empty_message": "Please write something",
    "message_too_long": "The message is too long (limit {limit} characters)",
    "unknown_attachment": "One of the files does not belong to this enquiry",
    "attachment_empty": "The file is empty",
    "attachment_too_large": "The file is too large (limit {megabytes} MB)",
    "attachment_type": "Only pictures (JPEG, PNG, WebP, GIF) and PDF files can be sent",
    "attachment_broken": "The file cannot be read; it may be damaged",
    "attachment_too_many_pixels": "The picture has too many pixels",
    "transcript_needs_sign_in": "Please sign in, so that we can mail the transcript to the address on file",
    "nothing_rated": "Please choose a rating or write a comment",
    "case_not_found": "There is no case {number} in this account",
    "in_the_past": "Choose a moment in the future",
    "csrf": "The page is too old; please reload it",
    "customers_only": "This is for customers",
    "staff_only": "This is for the shop's staff",
    "scope_missing": "The API key lacks the scope {scope}",
    "demo_only": "This exists in the demonstration only",
    "wrong_code": "The code is wrong or has expired",
    "sign_in_refused": "The name, password or code is wrong",
    "webhook_address": "This address cannot be called; name a public http(s) address",
    "account_locked": "This account is locked; please talk to a person",
    "shop_token_refused": "The shop's sign-in has expired; please sign in at the shop again",
    "internal": "Something went wrong on our side. What you had sent before is kept; please try again",
    "method_not_allowed": "This address does not take that method",
}


def problem_body(language: str, status: int, code: str, params: dict[str, Any]) -> dict[str, Any]:
    """The problem document: `type`, `title`, `status`, `code`, and what the refusal names."""
    general = {
        400: "invalid",
        401: "sign_in_needed",
        403: "not_allowed",
        404: "not_found",
        405: "method_not_allowed",
    }
    general |= {409: "conflict", 422: "invalid", 429: "too_many"}
    known = code if code in TITLES else general.get(status, "invalid")
    try:
        title = tr(language, TITLES[known], **params)
    except (KeyError, IndexError):
        title = tr(language, TITLES[known])
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": params.get("detail") or title,
        "code": code,
    }
    if "field" in params:
        body["errors"] = [{"field": params["field"], "detail": title}]
    for name in ("retry_after", "rung", "reasons", "proposal_id"):
        if name in params:
            body[name] = params[name]
    return body


def problem_response(request: Request, status: int, code: str, params: dict[str, Any]) -> Response:
    body = problem_body(language_of(request), status, code, params)
    headers = {"Retry-After": str(params["retry_after"])} if "retry_after" in params else None
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def language_of(request: Request) -> str:
    """The caller's language: what an earlier step found out, `?lang=`, else Accept-Language, else the shop's first."""
    offered: list[str] = list(request.app.state.house.settings.shop.languages)
    wished = [request.query_params.get("lang", ""), getattr(request.state, "language", "")]
    wished += [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    for wish in wished:
        for language in offered:
            if wish and (wish.lower() == language.lower() or wish.lower().split("-")[0] == language.lower()):
                return language
    return offered[0]


def install(app: FastAPI) -> None:
    """Turn refusals, validation errors and surprises below `/api` into problem documents."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return problem_response(request, error.status, error.code, error.params)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        body = problem_body(language_of(request), 422, "invalid", {})
        body["errors"] = [
            {"field": ".".join(str(part) for part in problem["loc"][1:]), "detail": problem["msg"]}
            for problem in error.errors()
        ]
        return JSONResponse(body, 422, media_type="application/problem+json")

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        return problem_response(request, error.status_code, _CODES.get(error.status_code, "invalid"), {})


_CODES = {
    401: "sign_in_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    429: TooMany.code,
}
