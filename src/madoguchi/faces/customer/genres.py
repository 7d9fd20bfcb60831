"""Help by genre: the ten groups, one group with its problems, and what prevents trouble (HLP-016, HLP-018)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.counter.cases.categories import categories, group_labels
from madoguchi.counter.cases.ways.channels import serving
from madoguchi.counter.cases.wording import group_label
from madoguchi.counter.problems import NotFound
from madoguchi.faces.articles import Line, asker_of
from madoguchi.faces.customer.contact_ways import choices_now
from madoguchi.faces.customer.guided import address_of
from madoguchi.faces.customer.recipes import OTHER, recipe_for
from madoguchi.faces.customer.topics import is_served
from madoguchi.faces.customer.visit import Visit, Visiting

router = APIRouter(include_in_schema=False)
# What keeps trouble away, by the kinds whose articles say it.
PREVENTING = (
    "phishing_impersonation.verify_message",
    "phishing_impersonation.smishing",
    "phishing_impersonation.fake_site",
    "phishing_impersonation.vishing",
    "account_security.two_step_verification",
    "account_security.password_reset",
    "account_security.login_history",
)
FEW = 4


@router.get("/help/g")
def genres(visit: Visiting) -> Response:
    groups = [
        (group, group_label(group, visit.language), _problems(visit, group)[:FEW])
        for group in group_labels()
        if is_served(visit, group)
    ]
    return visit.page("customer/genres.html", groups=groups)


@router.get("/help/g/{group}")
def genre(visit: Visiting, group: str) -> Response:
    if group not in group_labels() or not is_served(visit, group):
        raise NotFound("not_found", id=group)
    served = serving(visit.settings_now, group)
    return visit.page(
        "customer/genre.html",
        group=group,
        label=group_label(group, visit.language),
        problems=_problems(visit, group),
        ways=[each for each in choices_now(visit).all if each.id in served],
    )


@router.get("/help/prevention")
def prevention(visit: Visiting) -> Response:
    asker = asker_of(visit.house, visit.principal.actor if visit.principal else None, visit.language)
    found = [visit.house.library.about(kind, asker) for kind in PREVENTING]
    return visit.page("customer/prevention.html", articles=[Line.of(each) for each in found if each])


def _problems(visit: Visit, group: str) -> list[tuple[str, str, bool]]:
    """(words, address, urgent) of each problem of a group."""
    return [
        (kind.label(visit.language), address_of(kind.id), recipe_for(kind.id).emergency)
        for kind in categories().values()
        if kind.group == group and kind.id != OTHER
    ] + ([(visit.t("Something else"), "/help/other", False)] if group == "general" else [])
