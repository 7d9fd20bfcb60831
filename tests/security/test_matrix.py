"""S-09: every route × every caller × own, other's and missing objects, as `matrix.toml` says; a new route needs a row."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import BaseRoute
from starlette.websockets import WebSocketDisconnect

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.team import service as team
from madoguchi.engine import sessions
from madoguchi.faces import sign_in
from tests.faces.api.people import Caller, Counter
from tests.security.conftest import Possession

MATRIX = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text("utf-8"))
ROUTES: dict[str, dict[str, Any]] = MATRIX["routes"]
POLICIES: dict[str, dict[str, str]] = MATRIX["policy"]
API = "/api/v1"
MISSING = {
    "report_id": "phi_00000000000000000000000000",
    "mail_id": "mail_00000000000000000000000000",
    "reply_id": "rep_00000000000000000000000000",
    "contact_id": "con_00000000000000000000000000",
    "callback_id": "cbk_00000000000000000000000000",
    "attachment_id": "att_00000000000000000000000000",
    "proposal_id": "prop_00000000000000000000000000",
    "number": "503-9999999-9999999",
    "customer_id": "cus_00000000000000000000000000",
    "webhook_id": "whk_00000000000000000000000000",
    "thread_id": "thr_00000000000000000000000000",
    "request_id": "prv_00000000000000000000000000",
    "notice_id": "ntc_00000000000000000000000000",
    "hold_id": "hold_00000000000000000000000000",
    "document_id": "doc_00000000000000000000000000",
    "case_number": "C-999999999",
    "participant_id": "par_00000000000000000000000000",
    "task_id": "tsk_00000000000000000000000000",
    "view_id": "view_00000000000000000000000000",
    "bulk_id": "bulk_00000000000000000000000000",
    "family": "no-such-family",
}

CALLERS: dict[str, Callable[[Counter], Caller]] = {
    "nobody": lambda counter: counter.stranger(),
    "visitor": lambda counter: counter.visitor(),
    "guest": lambda counter: _guest(counter),
    "owner": lambda counter: counter.customer(cast.MISAKI),
    "other": lambda counter: counter.customer(cast.JOHN),
    "agent": lambda counter: counter.agent("ito"),
    "supervisor": lambda counter: counter.agent("mori"),
    "operator": lambda counter: counter.agent("ops"),
    "seller": lambda counter: counter.agent("kogei"),
    "rival": lambda counter: counter.agent("yama"),
    "read": lambda counter: counter.key("read"),
    "contacts": lambda counter: counter.key("contacts"),
    "actions": lambda counter: counter.key("actions"),
    "webhooks": lambda counter: counter.key("webhooks"),
    "admin": lambda counter: counter.key("admin"),
    "reports": lambda counter: counter.key("reports"),
}
DEAD: dict[str, Callable[[Counter], Caller]] = {
    "revoked key": lambda counter: _revoked(counter),
    "ended session": lambda counter: _ended(counter),
    "disabled agent": lambda counter: counter.agent("left"),
}


def routes_of(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """Verb, path and route of everything below these, included routers opened."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            context: Any = getattr(route, "include_context", None)
            yield from routes_of(inner.routes, prefix + context.prefix)
            continue
        path = getattr(route, "path", None)
        if path is None:
            continue
        for verb in sorted((getattr(route, "methods", None) or {"SOCKET"}) - {"HEAD"}):
            yield verb, prefix + path, route


def test_every_route_of_the_api_has_a_row_and_every_row_a_route(counter: Counter) -> None:
    found = {
        f"{verb} {path.removeprefix(API)}"
        for verb, path, _ in routes_of(counter.app.routes)
        if path.startswith(API)
    }
    assert found == set(ROUTES)
    assert {row["policy"] for row in ROUTES.values()} == set(POLICIES)


def test_every_policy_names_only_known_callers_and_outcomes() -> None:
    outcomes = {"allowed", "hidden", "forbidden", "sign in", "more proof"}
    for name, policy in POLICIES.items():
        assert set(policy) - {"about", "others"} <= set(CALLERS), name
        assert {policy[key] for key in policy if key != "about"} <= outcomes, name


@pytest.mark.req("HIS-010", "PRIV-002")
@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("route", ROUTES)
def test_each_caller_meets_what_the_matrix_says(
    counter: Counter, misakis: Possession, route: str, who: str
) -> None:
    expected = _expected(route, who)
    met, text = _try(counter, CALLERS[who](counter), route, misakis.ids)
    assert met == expected, text
    if who in ("nobody", "visitor", "guest", "other", "rival"):
        _assert_silent(route, text, misakis)


@pytest.mark.parametrize(
    ("route", "who"),
    [
        (route, who)
        for route, row in ROUTES.items()
        for who in CALLERS
        if "{" in route and POLICIES[row["policy"]].get(who) in ("allowed", "more proof")
    ],
)
def test_what_does_not_exist_is_hidden_from_those_who_would_be_allowed(
    counter: Counter, misakis: Possession, route: str, who: str
) -> None:
    met, text = _try(counter, CALLERS[who](counter), route, {**misakis.ids, **MISSING})
    assert met == "hidden", text


@pytest.mark.req("HIS-010")
@pytest.mark.parametrize("who", ["visitor", "guest", "owner", "other"])
@pytest.mark.parametrize(
    "route",
    [
        route
        for route in ROUTES
        if any(name in route for name in ("contact_id", "attachment_id", "case_number"))
    ],
)
def test_what_a_visitor_opened_is_nobody_elses(
    counter: Counter, strangers: Possession, route: str, who: str
) -> None:
    caller = CALLERS[who](counter)
    met, text = _try(counter, caller, route, strangers.ids)
    assert met in ("hidden", "forbidden"), text
    _assert_silent(route, text, strangers)
    if _expected(route, "owner") == "allowed":
        assert _try(counter, strangers.owner, route, strangers.ids)[0] == "allowed"


@pytest.mark.parametrize("who", DEAD)
@pytest.mark.parametrize("route", ROUTES)
def test_whoever_was_shut_out_is_nobody(counter: Counter, misakis: Possession, route: str, who: str) -> None:
    met, text = _try(counter, DEAD[who](counter), route, misakis.ids)
    assert met == _expected(route, "nobody"), text
    _assert_silent(route, text, misakis)


def _expected(route: str, who: str) -> str:
    policy = POLICIES[ROUTES[route]["policy"]]
    return policy.get(who, policy["others"])


def _try(counter: Counter, caller: Caller, route: str, ids: dict[str, str]) -> tuple[str, str]:
    """What the caller meets, and everything that was said to them."""
    verb, path = route.split(" ")
    row = ROUTES[route]
    if verb == "SOCKET":
        return _listen(caller, ids["contact_id"])
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    given: dict[str, Any] = {"params": row.get("query")}
    if row.get("file"):
        given["files"] = {"file": ("x.txt", b"", "text/plain")}
    elif verb in ("POST", "PUT", "PATCH"):
        body = json.dumps(row.get("body", {}))
        for name, value in ids.items():
            body = body.replace(f"{{{name}}}", value)
        given["json"] = json.loads(body)
    answer = caller.send(verb, path, **given)
    return _outcome(answer.status_code, _code(answer), row.get("says")), answer.text


def _code(answer: Any) -> str:
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return str(answer.json()["code"]) if is_problem else ""


def _outcome(status: int, code: str, says: str | None) -> str:
    assert status < 500, code
    if says is not None and code == says:  # a refusal by the deed itself
        return "allowed"
    if status == 401:
        return "more proof" if code == "sign_in_needed" else "sign in"
    deed = {"owned_by_colleague", "not_owner", "approval_needs_supervisor"}
    if status == 403 and code not in deed:
        return "forbidden"
    return "hidden" if status == 404 else "allowed"


def _listen(caller: Caller, contact_id: str) -> tuple[str, str]:
    heard = ""
    with caller.live() as line:
        line.send_json({"type": "hello", "token": caller.token, "contacts": {contact_id: 0}})
        try:
            for _ in range(2):
                frame = line.receive_json()
                heard += json.dumps(frame, ensure_ascii=False)
                if frame["type"] == "problem":
                    return _outcome(frame["problem"]["status"], frame["problem"]["code"], None), heard
                if frame["type"] == "entries":
                    return "allowed", heard
        except WebSocketDisconnect:
            return "sign in", heard
    raise AssertionError(heard)


def _assert_silent(route: str, text: str, possession: Possession) -> None:
    if route == "GET /demo/customers":  # the demonstration's cast, for everybody to choose from
        return
    said = [mark for mark in possession.marks if mark in text]
    assert said == []


def _guest(counter: Counter) -> Caller:
    """Somebody who has proved one order of another customer."""

    guest = counter.visitor()
    before = counter.house.database.read(sessions.find, guest.token)
    assert before is not None
    guest.token = counter.house.database.write(
        sign_in._prove_order, counter.house.settings, before, cast.JOHN_LATE
    )
    return guest


def _revoked(counter: Counter) -> Caller:
    program = counter.key("read", "contacts", "actions", "webhooks", "admin", "reports")
    counter.house.database.write(team.revoke_key, program.id)
    return program


def _ended(counter: Counter) -> Caller:
    caller = counter.customer(cast.MISAKI)
    found = counter.house.database.read(sessions.find, caller.token)
    assert found is not None
    counter.house.database.write(sessions.end, found.token_hash)
    return caller
