"""Not getting in: password, code, two steps, proof of identity. No answer tells whether an address is registered (ACC-004)."""

from __future__ import annotations

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Option, Question, read_option
from madoguchi.assistant.steps.accounts import account_page, settle_account
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.told import is_told
from madoguchi.assistant.talk import Ended, Outcome, Talk
from madoguchi.counter.actors import Rung
from madoguchi.counter.customers.account_deeds import ResendCode, ResetPassword
from madoguchi.counter.customers.identity import mask_email

_KIND = "account_security."
_NOT_IN = ("password_reset", "verification_code_not_received", "account_suspended", "account_takeover")
_METHODS = ("mail", "sms", "app", "lost")
_STEPS = ("set_up", "change", "turn_off", "lost")
_HAS_OR_NOT = (
    r"あります|持って(?:い)?ます|手元にある|\b(?:i have|i do|found)\b|^有|있(?:어|습)",
    r"ありません|ない|持って(?:い)?ません|なくし|\b(?:no|not|don'?t|lost|without)\b|没有|沒有|없",
)


@flow("account_security.login_failure", queue="security")
async def login_failure(talk: Talk) -> Outcome:
    """The usual reasons first; then what it is, each with its own way (ACC-001, ACC-006)."""
    if is_told(talk, "sign_in.no_mail"):
        return _needs_proof(talk)
    if is_told(talk, "sign_in.hijacked"):
        return Outcome("other_flow", f"{_KIND}account_takeover")
    tell_article(talk, talk.kind)
    options = [
        Option(f"topic {_KIND}{name}", talk.words(f"login.{name}"), named_by=said(f"sign_in.{name}"))
        for name in _NOT_IN
    ]
    options.append(Option("no_mail", talk.words("login.no_mail"), named_by=said("sign_in.no_mail")))
    chosen = await talk.choose("what", "login.what", options)
    if chosen == "no_mail":
        return _needs_proof(talk)
    return Outcome("other_flow", chosen.removeprefix("topic "))


@flow("account_security.password_reset", queue="security", at_once=True)
async def password_reset(talk: Talk) -> Outcome:
    """A link to the address on file; the same words for every address; who cannot read it needs a person (ACC-004)."""
    if is_told(talk, "sign_in.no_mail"):
        return _needs_proof(talk)
    email = await ask_email(talk)
    return await settle_account(talk, ResetPassword(email=email), again_from="email")


@flow("account_security.verification_code_not_received", queue="security")
async def verification_code_not_received(talk: Talk) -> Outcome:
    """Spam folder and reception settings, then once more; who has lost the address or number needs a person (ACC-003)."""
    if is_told(talk, "code.unreachable"):
        return _needs_proof(talk)
    tell_article(talk, talk.kind)
    options = [Option(name, talk.words(f"code.{name}"), named_by=said(f"code.{name}")) for name in _METHODS]
    method = await talk.choose("method", "code.which", options)
    talk.fact("auth_method", talk.words(f"code.{method}"))
    if method == "lost":
        return _needs_proof(talk)
    if method == "mail":
        email = await ask_email(talk)
        return await settle_account(talk, ResendCode(email=email), again_from="email")
    talk.say(f"code.advice_{method}")
    account_page(talk)
    return await ways_out(talk, [], "code", "what_next")


@flow("account_security.two_step_verification", queue="security")
async def two_step_verification(talk: Talk) -> Outcome:
    """How it is set; without device and spare codes a person helps after a proof of identity (ACC-013)."""
    options = [
        Option(name, talk.words(f"two_step.{name}"), named_by=said(f"two_step.{name}")) for name in _STEPS
    ]
    if is_told(talk, "two_step.lost"):
        talk.given.setdefault("what", "lost")
    wanted = await talk.choose("what", "two_step.what", options)
    if wanted == "lost":
        talk.say("two_step.spare_codes")
        if not await talk.yes_no("spare", "two_step.has_spare", named=_HAS_OR_NOT):
            return _needs_proof(talk)
    if wanted == "turn_off":
        talk.say("two_step.keep")
    tell_article(talk, talk.kind)
    account_page(talk)
    return talk.answered()


@flow("account_security.identity_verification", queue="security")
async def identity_verification(talk: Talk) -> Outcome:
    """Why and how; the way there for whoever has not proved anything yet; papers that were refused: a person (ACC-007)."""
    if is_told(talk, "proof.rejected"):
        return _needs_proof(talk)
    tell_article(talk, talk.kind)
    talk.say("proof.never_asked")
    if talk.scene.contact.rung < Rung.SIGNED_IN:
        talk.show({"kind": "sign_in", "rung": int(Rung.SIGNED_IN), "order_number": ""})
        return await ways_out(talk, [], "proof", "what_next")
    return talk.answered()


async def ask_email(talk: Talk, *, key: str = "email") -> str:
    """The registered address: empty where we know whom we speak with, typed by everybody else."""
    if talk.scene.contact.rung >= Rung.SIGNED_IN and talk.scene.customer is not None:
        talk.fact("registered_email", mask_email(talk.scene.customer.email))
        return ""
    no_access = Option(
        "no_access",
        talk.words("login.no_mail"),
        named_by=said("sign_in.no_access"),
    )
    email: str = await talk.ask(
        Question(
            key,
            talk.words("login.email"),
            (no_access,),
            rephrased=talk.words("login.email_again"),
            read=lambda heard, direct: (
                next(iter(heard.understanding.entities.emails), None)
                or (read_option((no_access,), heard, False) if direct else None)
            ),
        )
    )
    if email == "no_access":
        raise Ended(_needs_proof(talk))
    talk.fact("registered_email", mask_email(email))
    return email


def _needs_proof(talk: Talk) -> Outcome:
    """Documents and judgement: for a person of the security desk."""
    talk.say("proof.by_person")
    return talk.hand_over("identity", queue="security", priority=3)
