"""An account in order: locking it on one's own wish, why it is stopped, its data, its sign-ins, worry about a leak (ACC)."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.steps.accounts import (
    account_page,
    prove_for_account,
    settle_account,
    show_account_page,
)
from madoguchi.assistant.steps.address import read_address
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.identity import prove
from madoguchi.assistant.steps.protecting import sign_in_lines, to_security
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.customers.account_deeds import ChangeDefaultAddress, LockAccount
from madoguchi.counter.orders.model import Address

_TAKEOVER = "account_security.account_takeover"
_FIELDS = ("address", "mail", "phone", "name", "password", "leave")
_SHOWN = 8


@flow("account_security.account_lock_request", queue="security", at_once=True)
async def account_lock_request(talk: Talk) -> Outcome:
    """Locked at once after proof; a person unlocks (ACC-009)."""
    if is_told(talk, "lock.unlock"):
        talk.say("suspended.locked")
        return talk.hand_over("locked", queue="security", priority=3)
    return await settle_account(talk, LockAccount())


@flow("account_security.account_suspended", queue="security")
async def account_suspended(talk: Talk) -> Outcome:
    """What the shop knows of it, else what it may be; a notice may be a fake; a person tells the reason (ACC-017)."""
    customer = talk.scene.customer
    if customer is not None and customer.locked_at is not None:
        talk.say("suspended.locked")
        return talk.hand_over("locked", queue="security", priority=2)
    tell_article(talk, talk.kind)
    got = await talk.choose(
        "notice",
        "suspended.notice",
        [
            Option("mail", talk.words("suspended.by_mail"), named_by=said("suspended.mail")),
            Option(
                "screen",
                talk.words("suspended.on_screen"),
                named_by=said("suspended.screen"),
            ),
        ],
    )
    talk.fact("notice", talk.words(f"suspended.{'by_mail' if got == 'mail' else 'on_screen'}"))
    if got == "mail":
        talk.say("suspended.maybe_fake")
        check = Option("topic phishing_impersonation.verify_message", talk.words("button.check_message"))
        return await ways_out(talk, [check], "suspended", "what_next")
    return talk.hand_over("locked", queue="security", priority=3)


@flow("account_security.account_info_update")
async def account_info_update(talk: Talk) -> Outcome:
    """The usual address here, after a fresh check; the rest on the account page; blocked changes by a person (ACC-018)."""
    if is_told(talk, "save.fails"):
        return talk.hand_over("cannot_save", queue="security")
    options = [Option(name, talk.words(f"info.{name}"), named_by=said(f"info.{name}")) for name in _FIELDS]
    field = await talk.choose("field", "info.which", options)
    talk.fact("field", talk.words(f"info.{field}"))
    if field == "password":
        return Outcome("other_flow", "account_security.password_reset")
    if field == "address" and talk.scene.accounts.can("change_default_address"):
        await prove_for_account(talk, "change_default_address")
        address = await _ask_default_address(talk)
        deed = ChangeDefaultAddress(address={k: v for k, v in address.model_dump().items() if v})
        return await settle_account(talk, deed, again_from="address")
    tell_article(talk, talk.kind)
    if not account_page(talk):
        return talk.hand_over("cannot_solve")
    blocked = Option("person", talk.words("button.person"))
    done = Option("fine", talk.words("info.fine"), named_by=said("info.fine"))
    if await talk.choose("page", "info.page_ok", [done, blocked]) == "person":
        return talk.hand_over("cannot_solve")
    return Outcome("action", "change_account_link", ask_solved=True)


@flow("account_security.login_history", queue="security")
async def login_history(talk: Talk) -> Outcome:
    """The sign-ins of a signed-in customer, what to check, and "that was not me" (ACC-014, ACC-015, ACC-019)."""
    await prove(talk, Rung.SIGNED_IN)
    lines = sign_in_lines(talk, limit=_SHOWN)
    if talk.scene.accounts.sign_ins(talk.scene.actor, limit=1) is None:
        return show_account_page(talk)
    if not lines:
        talk.say("login.none_kept")
    for line in lines:
        talk.tell(f"・{line}")
    talk.has_tried("sign_ins_shown")
    mine = [
        Option(
            "mine",
            talk.words("login.all_mine"),
            named_by=said("login.mine"),
        ),
        Option(
            "strange",
            talk.words("login.not_me"),
            named_by=said("login.strange"),
        ),
    ]
    if await talk.choose("mine", "login.yours", mine) == "strange":
        return Outcome("other_flow", _TAKEOVER)
    _check_up(talk)
    return Outcome("action", "show_login_history", ask_solved=True)


@flow("account_security.data_leak_concern", queue="security")
async def data_leak_concern(talk: Talk) -> Outcome:
    """Password and two steps at once; signs of misuse are an emergency; no worry is too small for a person (ACC-020, PHI-021)."""
    if is_told(talk, "leak.misuse"):
        return Outcome("other_flow", _TAKEOVER)
    tell_article(talk, talk.kind)
    account_page(talk)
    if is_told(talk, "leak.signs", unless="leak.none") or is_told(talk, "leak.stated", unless="leak.worry"):
        return to_security(talk)
    signs = [
        Option(
            "signs",
            talk.words("leak.signs"),
            named_by=said("leak.signs"),
        ),
        Option("check", talk.words("leak.check"), named_by=said("leak.check")),
        Option("person", talk.words("button.person")),
        Option("fine", talk.words("info.fine"), named_by=said("info.fine")),
    ]
    wanted = await talk.choose("signs", "leak.what", signs)
    if wanted == "signs":
        return Outcome("other_flow", _TAKEOVER)
    if wanted == "check":
        return Outcome("other_flow", "account_security.login_history")
    if wanted == "person":
        return to_security(talk)
    return talk.answered()


def _check_up(talk: Talk) -> None:
    """Findings one by one, each with its place (ACC-019)."""
    orders = [order for order in talk.scene.orders() if order.state != "cancelled"]
    talk.say("checkup.orders", n=len(orders))
    pages = talk.scene.settings.base_url
    talk.show({"kind": "link", "title": talk.words("checkup.orders_page"), "url": f"{pages}/orders"})
    standing = talk.scene.accounts.standing(talk.scene.actor)
    reminder = talk.scene.settings.identity.password_reminder_days
    changed = standing.password_changed_at if standing else None
    if reminder and changed and talk.scene.now - changed >= timedelta(days=reminder):
        talk.say("checkup.old_password", days=(talk.scene.now - changed).days)
    if standing is None or not standing.two_step:
        talk.say("checkup.two_step_off" if standing and standing.two_step is False else "checkup.two_step")
        account_page(talk)


async def _ask_default_address(talk: Talk) -> Address:
    customer = talk.scene.customer
    name = customer.name if customer else ""
    nowhere = Address(name=name, postal_code="", region="", city="", line1="")

    def read(heard: Heard, direct: bool) -> dict[str, str] | None:
        found = read_address(heard, nowhere)
        return found.model_dump() if found else None

    answer = await talk.ask(
        Question("address", talk.words("address.ask"), rephrased=talk.words("address.ask_again"), read=read)
    )
    return Address.model_validate(answer)
