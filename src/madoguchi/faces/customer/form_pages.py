"""The web form page by page: what it is about, the order, the words; back keeps everything (CH-041, CH-042, CASE-018, ADV-016)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.assistant.understanding.answers import has_strong_words
from madoguchi.channels.form import composing
from madoguchi.channels.form.door import serves
from madoguchi.channels.form.model import Draft
from madoguchi.channels.form.needs import COMPLAINTS, SHOWN_BEST, wants_order
from madoguchi.counter.actors import Rung
from madoguchi.counter.cases.categories import categories
from madoguchi.counter.cases.ways.channels import channels, serving, switched_on
from madoguchi.counter.cases.wording import category_label, group_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.contacts.attachments import MEDIA_TYPES
from madoguchi.counter.problems import Invalid, NotFound, Problem, TooMany
from madoguchi.faces.api.problems import problem_body
from madoguchi.faces.customer import form_draft
from madoguchi.faces.customer.form_draft import STEPS, carried, draft_of, keep
from madoguchi.faces.customer.orders import view_of
from madoguchi.faces.customer.preparing import check_number, example_number, wishes
from madoguchi.faces.customer.topics import is_served
from madoguchi.faces.customer.visit import Visit, Visiting
from madoguchi.faces.rendering import with_query

router = APIRouter(include_in_schema=False)
SHOWN_ORDERS = 10
NONE, TYPED = "none", "typed"
_SEPARATE = "general"


@router.get("/help/form")
def form(visit: Visiting) -> Response:
    """To the first step that is open, with what the address brings along: /help/form?topic=…&order=…"""
    draft = draft_of(visit)
    if draft.kind and not serves(visit.settings_now, draft.kind):
        return _elsewhere(visit, draft, draft.kind)
    step = form_draft.first_open(draft)
    return visit.redirect(with_query(f"/help/form/{step}", **carried(visit)))


@router.get("/help/form/about")
def about(visit: Visiting) -> Response:
    return show(visit, "about", draft_of(visit))


@router.post("/help/form/about")
def about_chosen(visit: Visiting) -> Response:
    draft = draft_of(visit)
    group = visit.form.one_of("group", _groups(visit), needed="Please choose what it is about")
    if visit.form.errors:
        return show(visit, "about", draft, 422)
    same = draft.kind.partition(".")[0] == group
    keep(visit, draft.model_copy(update={"group": group, "kind": draft.kind if same else ""}))
    return visit.redirect("/help/form/kind")


@router.get("/help/form/kind")
def kind(visit: Visiting) -> Response:
    draft = draft_of(visit)
    return show(visit, "kind", draft) if draft.group else visit.redirect("/help/form/about")


@router.post("/help/form/kind")
def kind_chosen(visit: Visiting) -> Response:
    draft = draft_of(visit)
    chosen = visit.form.one_of(
        "kind", dict(_kinds(visit, draft.group)), needed="Please choose what fits best"
    )
    if visit.form.errors:
        return show(visit, "kind", draft, 422)
    if not serves(visit.settings_now, chosen):
        return _elsewhere(visit, draft, chosen)
    values = draft.values if chosen == draft.kind else {}
    keep(visit, draft.model_copy(update={"kind": chosen, "values": values}))
    return visit.redirect("/help/form/order" if wants_order(chosen) else "/help/form/write")


@router.get("/help/form/order")
def order(visit: Visiting) -> Response:
    draft = draft_of(visit)
    return show(visit, "order", draft) if draft.kind else visit.redirect("/help/form/about")


@router.post("/help/form/order")
def order_chosen(visit: Visiting) -> Response:
    """One of theirs, one by its number, or that there is none (CASE-018)."""
    draft, entered = draft_of(visit), visit.form
    typed = entered.text("order_number", longest=60)
    offered = {view["number"] for view in _orders(visit)}
    choice = entered.value("order_choice") or (TYPED if typed else "")
    if choice not in {*offered, NONE, TYPED}:
        entered.wrong("order_choice", "Please choose the order, or say that there is none")
    number = choice if choice in offered else ""
    if choice == TYPED:
        if not typed:
            entered.wrong(
                "order_number",
                "Please write the order number. It looks like {example}",
                example=example_number(visit),
            )
        else:
            number = check_number(visit, "order_number", typed)
    if entered.errors:
        return show(visit, "order", draft, 422)
    values = draft.values if number == draft.order else _of_another(draft)
    keep(visit, draft.model_copy(update={"order": number, "no_order": choice == NONE, "values": values}))
    return visit.redirect("/help/form/write")


@router.get("/help/form/write")
def write(visit: Visiting) -> Response:
    draft = draft_of(visit)
    step = form_draft.first_open(draft)
    if STEPS.index(step) < STEPS.index("write"):
        return visit.redirect(with_query(f"/help/form/{step}", **carried(visit)))
    return show(visit, "write", draft)


@router.post("/help/form/write")
def write_kept(visit: Visiting) -> Response:
    """Everything typed is kept first, then looked at: what is wrong costs nobody a word."""
    draft = keep(visit, form_draft.written(visit, draft_of(visit)))
    go = visit.form.value("go")
    store_files(visit, draft)
    if go.startswith("remove:"):
        visit.house.forms.detach(visit.actor, draft, go.removeprefix("remove:"))
    if go == "add" or go.startswith("remove:"):
        visit.form.errors.pop("problem", None)
    if visit.form.errors:
        return show(visit, "write", draft, 422)
    if go == "add" or go.startswith("remove:"):
        return visit.redirect("/help/form/write#files")
    if go == "chat":
        return open_chat(visit, draft)
    keep(visit, form_draft.read_from_words(visit, draft))
    return visit.redirect("/help/form/review")


@router.post("/help/form/from-chat")
def from_chat(visit: Visiting) -> Response:
    """From a conversation or a page that begins one: what it is about, the order and what was typed come along (CH-003)."""
    draft = draft_of(visit)
    changes: dict[str, Any] = {}
    text = visit.form.text("text", longest=visit.settings.limits.message_chars)
    kind, number = visit.form.value("problem"), visit.form.value("order")
    known = _contact(visit, visit.form.value("contact"))
    kind, number = kind or known.get("kind", ""), number or known.get("order", "")
    if kind in categories():
        changes |= {"kind": kind, "group": kind.partition(".")[0]}
    if number:
        changes |= {"order": number[:60], "no_order": False}
    if text:
        changes["problem"] = text[: form_draft.PROBLEM_LONGEST]
    draft = keep(visit, draft.model_copy(update=changes))
    step = form_draft.first_open(draft)
    return visit.redirect(f"/help/form/{'write' if step == 'review' else step}")


@router.post("/help/form/new")
def begin_anew(visit: Visiting) -> Response:
    draft = draft_of(visit)
    if draft.id:
        visit.house.forms.discard(visit.actor, draft.id)
    return visit.redirect("/help/form/about")


def _elsewhere(visit: Visit, draft: Draft, kind: str) -> Response:
    """This kind is helped with by other ways, which are named; another kind may be chosen at once (CH-059)."""
    there = switched_on(visit.settings_now)
    ways = [
        channels()[name].text("name", visit.language)
        for name in serving(visit.settings_now, kind)
        if name in there
    ]
    visit.form.wrong(
        "kind",
        "We do not handle this by form, but here: {ways}",
        ways=" / ".join(ways),
    )
    asked = draft.model_copy(update={"kind": kind, "group": kind.partition(".")[0]})
    return show(visit, "kind", asked, 422, elsewhere=with_query("/help/contact", topic=kind))


def show(visit: Visit, step: str, draft: Draft, status: int = 200, **more: Any) -> Response:
    """One page of the form. A kept draft needs nothing in hidden fields; what only the address said does."""
    filled: Mapping[str, Callable[[Visit, Draft], dict[str, Any]]] = {
        "about": _about,
        "kind": _kind,
        "order": _order,
        "write": _write,
    }
    values = filled[step](visit, draft) if step in filled else {}
    return visit.page(
        f"customer/form_{step}.html",
        status,
        draft=draft,
        step=STEPS.index(step) + 1,
        steps=len(STEPS),
        back=with_query(form_draft.before(step, draft), **carried(visit)),
        carried=carried(visit),
        kind_label=category_label(draft.kind, visit.language),
        person_link=visit.person_link(order=draft.order, problem=draft.kind),
        **values,
        **more,
    )


def open_chat(visit: Visit, draft: Draft) -> Response:
    """Go on by chat with everything written so far; the draft stays for the way back (CH-003)."""
    text = composing.compose(draft, visit.language)[: visit.settings.limits.message_chars]
    opened = visit.house.chat.open(
        visit.actor,
        client_key=f"form-chat/{draft.id}/{hashlib.sha256(text.encode()).hexdigest()[:16]}",
        language=visit.language,
        text=text,
        order_number=draft.order,
        problem=draft.kind,
        page="/help/form",
        address=visit.address,
    )
    return visit.redirect(with_query(f"/contacts/{opened.id}", wait="yes") + "#latest")


def store_files(visit: Visit, draft: Draft) -> None:
    """Several files, from the gallery and from the camera; one that cannot be sent is named (ADV-003)."""
    limit = visit.settings.limits.attachment_mb * 1_048_576 + 1
    for file in [*visit.form.files("files"), *visit.form.files("camera")]:
        content = file.file.read(limit)
        try:
            visit.house.forms.attach(visit.actor, draft, file.filename or "file", content)
        except (Invalid, TooMany) as problem:
            words = words_of(visit, problem)
            visit.form.errors.setdefault("files", f"{file.filename}: {words}")


def words_of(visit: Visit, problem: Problem) -> str:
    return str(problem_body(visit.language, problem.status, problem.code, problem.params)["title"])


def _about(visit: Visit, draft: Draft) -> dict[str, Any]:
    visit.form.start_with(group=draft.group)
    return {"groups": [(group, group_label(group, visit.language)) for group in _groups(visit)]}


def _kind(visit: Visit, draft: Draft) -> dict[str, Any]:
    visit.form.start_with(kind=draft.kind)
    return {
        "kinds": list(_kinds(visit, draft.group)),
        "group": group_label(draft.group, visit.language),
    }


def _order(visit: Visit, draft: Draft) -> dict[str, Any]:
    orders = _orders(visit)
    listed = draft.order in {view["number"] for view in orders}
    choice = NONE if draft.no_order else draft.order if listed else TYPED if draft.order else ""
    visit.form.start_with(order_choice=choice, order_number="" if listed else draft.order)
    return {
        "orders": orders,
        "example": example_number(visit),
        "must": draft.kind in COMPLAINTS,
        "choice": visit.form.value("order_choice"),
    }


def _write(visit: Visit, draft: Draft) -> dict[str, Any]:
    visit.form.start_with(
        problem=draft.problem, course=draft.course, wish=draft.wish, wish_words=draft.wish_words
    )
    return {
        "needs": form_draft.needs(visit, draft),
        "strip": _strip(visit, draft),
        "wishes": wishes(visit),
        "files": visit.house.forms.files(draft),
        "media_types": ",".join(MEDIA_TYPES),
        "with_photo": draft.kind in SHOWN_BEST,
        "calm": has_strong_words(f"{draft.problem}\n{draft.course}"),
        "longest": (form_draft.PROBLEM_LONGEST, form_draft.COURSE_LONGEST, form_draft.WISH_LONGEST),
    }


def _strip(visit: Visit, draft: Draft) -> dict[str, object] | None:
    """The order's facts, where they are proved to be theirs."""
    try:
        order = (
            visit.house.orders.order(visit.actor, draft.order) if draft.order and visit.principal else None
        )
    except NotFound:
        return None
    return view_of(visit, order) if order else None


def _groups(visit: Visit) -> list[str]:
    found = dict.fromkeys(each.group for each in categories().values() if is_served(visit, each.group))
    return [group for group in found if group != _SEPARATE] + [group for group in found if group == _SEPARATE]


def _kinds(visit: Visit, group: str) -> list[tuple[str, str]]:
    """The kinds of a group, and last what fits none of them (CH-060)."""
    found = [(each.id, each.label(visit.language)) for each in categories().values() if each.group == group]
    other = categories()["general.out_of_scope"]
    return found if group == other.group else [*found, (other.id, visit.t("Something else"))]


def _orders(visit: Visit) -> list[dict[str, Any]]:
    if visit.actor.rung < Rung.ORDER:
        return []
    return [
        dict(view_of(visit, order)) for order in visit.house.orders.orders(visit.actor, limit=SHOWN_ORDERS)
    ]


def _of_another(draft: Draft) -> dict[str, str]:
    """Facts of one order are not those of another."""
    of_order = {"product_name", "order_date", "delivery_status", "carrier", "tracking_number"}
    return {slot: value for slot, value in draft.values.items() if slot not in of_order}


def _contact(visit: Visit, contact_id: str) -> dict[str, str]:
    if not contact_id or visit.principal is None:
        return {}
    try:
        seen = visit.house.database.read(contacts.visible, visit.actor, contact_id)
    except NotFound:
        return {}
    return {"kind": seen.topic, "order": seen.order_number}
