"""A company's account: who is in it, its contract, its entities abroad (BIZ-001, BIZ-003, BIZ-007, BIZ-010, BIZ-013)."""

from __future__ import annotations

from typing import Any

from madoguchi.assistant.answers import said, says
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.company import choose_company
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.business.policy import ROLES, keeps_an_owner
from madoguchi.counter.problems import Conflict, NotFound
from madoguchi.kit.languages import comma

QUEUE = "business"
_COUNTRIES = ("US", "CN", "KR", "TW", "DE", "GB", "SG")


@flow("business.multi_user_management")
async def multi_user_management(talk: Talk) -> Outcome:
    """Who is in it; the owner changes roles and lets people go; new people and a lost owner: the desk (BIZ-003)."""
    if is_told(talk, "company.owner_left"):
        talk.fact("wish", talk.words("people.owner_left"))
        return talk.hand_over("company_people", queue=QUEUE)
    organisation, me = await choose_company(talk)
    members = _members(talk)
    named = comma(talk.language).join(f"{name} ({talk.words(f'role.{role}')})" for _, name, role in members)
    talk.say("people.here", company=organisation.name, people=named)
    what = await talk.choose(
        "what",
        "people.what",
        [
            Option(
                "role",
                talk.words("people.role"),
                named_by=said("company.role"),
            ),
            Option(
                "remove",
                talk.words("people.remove"),
                named_by=said("company.remove"),
            ),
            Option(
                "add",
                talk.words("people.add"),
                named_by=said("company.add"),
            ),
            Option(
                "owner_left",
                talk.words("people.owner_left"),
                named_by=said("company.owner_left"),
            ),
        ],
    )
    talk.fact("wish", talk.words(f"people.{what}"))
    if what in ("add", "owner_left"):
        talk.fact("detail", await talk.own_words("detail", f"people.{what}_who"))
        return talk.hand_over("company_people", queue=QUEUE)
    if me.role != "owner":
        owners = comma(talk.language).join(name for _, name, role in members if role == "owner")
        talk.say("people.owner_only", people=owners)
        return await ways_out(talk, [], "owner_only", "what_next")
    member = await _choose_member(talk, members)
    return await (_change_role(talk, member) if what == "role" else _let_go(talk, member))


@flow("business.contract_payment_terms")
async def contract_payment_terms(talk: Talk) -> Outcome:
    """Not in this chat: the form of the company desk, or its people where the shop has none (BOT-053, BIZ-007)."""
    form = talk.scene.settings.shop.business_form_url
    if not form:
        talk.say("contract.person")
        talk.fact("detail", await talk.verbatim("detail", "contract.wish"))
        return talk.hand_over("contract", queue=QUEUE)
    talk.say("contract.form")
    talk.show({"kind": "link", "title": talk.words("contract.link"), "url": form})
    talk.has_tried("linked", page=talk.words("contract.link"))
    phone = talk.scene.settings.shop.phone
    if phone and talk.scene.customer is not None:
        talk.say("contract.phone", phone=phone)
    return Outcome("other_channel", "business_form")


@flow("business.business_account")
async def business_account(talk: Talk) -> Outcome:
    """What the account is, for those who have one; how to open one, and what the desk does, for the others (BIZ-009)."""
    found = talk.scene.business.membership(talk.scene.contact.customer_id)
    if found is None:
        tell_article(talk, "business.business_account")
        return await ways_out(talk, [], "no_account", "what_next")
    organisation, me = found
    talk.say("company.yours", company=organisation.name, role=talk.words(f"role.{me.role}"))
    if organisation.registration_number:
        talk.say("company.number", number=organisation.registration_number)
    talk.say("company.desk", hours=talk.scene.hours.text(talk.language))
    kinds = ("business.quote", "business.invoice", "business.purchase_management")
    options = [Option(f"topic {kind}", talk.words(f"company.to_{kind.split('.')[1]}")) for kind in kinds]
    return await ways_out(talk, options, "account", "what_next")


@flow("business.international_entity")
async def international_entity(talk: Talk) -> Outcome:
    """The desk of the entity's country where there is one; else this desk, with country and language (BIZ-010, BIZ-013)."""
    country = await talk.ask(_which_country(talk))
    talk.fact("country", country)
    talk.fact("language", talk.language)
    url = talk.scene.settings.shop.country_desks.get(country, "")
    if url:
        talk.say("abroad.desk", country=country)
        talk.show({"kind": "link", "title": talk.words("abroad.link", country=country), "url": url})
        talk.has_tried("linked", page=talk.words("abroad.link", country=country))
        return await ways_out(talk, [], "abroad", "what_next")
    tell_article(talk, "business.international_entity")
    talk.say("abroad.here")
    return talk.hand_over("company_abroad", queue=QUEUE)


# ── inside ────────────────────────────────────────────────────────────────────────────────────────


def _members(talk: Talk) -> list[tuple[str, str, str]]:
    """Number, name and role of everybody, as they were when the flow began: a replay must still know who has left."""
    now = talk.scene.business.members
    found = talk.noted(
        "members", lambda: [[one.customer_id, one.name, one.role] for one in now(talk.scene.actor)]
    )
    return [(str(number), str(name), str(role)) for number, name, role in found]


async def _choose_member(talk: Talk, members: list[tuple[str, str, str]]) -> tuple[str, str]:
    options = [Option(number, name, talk.words(f"role.{role}")) for number, name, role in members]
    chosen = await talk.choose("member", "people.who", options)
    return next((number, name) for number, name, _ in members if number == chosen)


async def _change_role(talk: Talk, member: tuple[str, str]) -> Outcome:
    roles = [Option(role, talk.words(f"role.{role}")) for role in ROLES]
    role = await talk.choose("role", "people.which_role", roles)
    if not _somebody_leads(talk, member, role):
        return await _last_owner(talk)
    places: dict[str, Any] = {"name": member[1], "role": talk.words(f"role.{role}")}
    if not await talk.yes_no("sure", "people.set_role", "yes", "not_now", **places):
        talk.say("nothing.changed")
        return Outcome("nothing", "declined")
    try:
        talk.scene.business.set_role(talk.scene.actor, member[0], role)  # type: ignore[arg-type]
    except Conflict:
        return await _last_owner(talk)
    talk.say("people.role_set", **places)
    return Outcome("action", "show_console", ask_solved=True)


async def _let_go(talk: Talk, member: tuple[str, str]) -> Outcome:
    if not _somebody_leads(talk, member, None):
        return await _last_owner(talk)
    if not await talk.yes_no("sure", "people.let_go", "yes", "not_now", name=member[1]):
        talk.say("nothing.changed")
        return Outcome("nothing", "declined")
    try:
        talk.scene.business.remove(talk.scene.actor, member[0])
    except NotFound:
        pass  # gone already, by this very yes before a crash
    except Conflict:
        return await _last_owner(talk)
    talk.say("people.gone", name=member[1])
    return Outcome("action", "show_console", ask_solved=True)


def _somebody_leads(talk: Talk, member: tuple[str, str], role: str | None) -> bool:
    members = talk.scene.business.members(talk.scene.actor)
    leads: bool = talk.noted(
        "leads",
        lambda: keeps_an_owner(members, member[0], role),  # type: ignore[arg-type]
    )
    return leads


async def _last_owner(talk: Talk) -> Outcome:
    talk.say("people.last_owner")
    return await ways_out(talk, [], "last_owner", "what_next")


def _which_country(talk: Talk) -> Question:
    desks = talk.scene.settings.shop.country_desks
    offered = tuple(Option(code, code) for code in desks) or (Option("other", talk.words("abroad.other")),)

    def read(heard: Heard, direct: bool) -> str | None:
        named = [code for code in _COUNTRIES if says(f"country.{code}").search(heard.folded)]
        if len(named) == 1:
            return named[0]
        return heard.text.strip()[:60] if direct and len(heard.text.strip()) >= 2 else None

    return Question(
        "country", talk.words("abroad.which"), offered, rephrased=talk.words("abroad.which_again"), read=read
    )
