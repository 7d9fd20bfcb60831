"""Messages, calls and sites in the shop's name: judged with reasons, reported, and emergencies where harm was done (PHI)."""

from __future__ import annotations

from madoguchi.assistant.flows import flow
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.protecting import offer_lock, telephone, to_security
from madoguchi.assistant.steps.suspicion import (
    after_report,
    ask_what,
    keep_report,
    look_into,
    not_sure,
    tell_verdict,
    what_now,
)
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.trust.policy import Channel

_STEPS = 5


@flow("phishing_impersonation.verify_message", queue="security")
async def verify_message(talk: Talk) -> Outcome:
    """Is this mail from us: sender, links, send log and orders; unsure goes to a person (PHI-001, PHI-007)."""
    return await _judge(talk, "mail")


@flow("phishing_impersonation.smishing", queue="security")
async def smishing(talk: Talk) -> Outcome:
    """The same for a text message; a pressed link is an emergency (PHI-010)."""
    return await _judge(talk, "sms")


@flow("phishing_impersonation.fake_site", queue="security")
async def fake_site(talk: Talk) -> Outcome:
    """Whose site it is, by its registered name; reports feed the list for taking it down (PHI-008, PHI-009)."""
    return await _judge(talk, "site")


@flow("phishing_impersonation.vishing", queue="security")
async def vishing(talk: Talk) -> Outcome:
    """The number against our list, never by its prefix; an own one may be forged (PHI-022, C-16)."""
    return await _judge(talk, "phone")


@flow("phishing_impersonation.report_phishing", queue="security")
async def report_phishing(talk: Talk) -> Outcome:
    """Taken down without further questions; many at once bring a person (PHI-011, PHI-012, PHI-019)."""
    message = await ask_what(talk, "mail")
    judgement = look_into(talk, message)
    if not message.text and not message.phones:
        tell_article(talk, talk.kind)
        return Outcome("action", "open_report_form")
    return after_report(talk, message, judgement)


@flow("phishing_impersonation.credentials_disclosed", queue="security", at_once=True)
async def credentials_disclosed(talk: Talk) -> Outcome:
    """Password, card company, two steps, sign out: at once, then security (PHI-016)."""
    for step in range(1, _STEPS + 1):
        talk.say(f"disclosed.step_{step}")
    telephone(talk)
    await offer_lock(talk)
    return to_security(talk)


@flow("phishing_impersonation.fraud_victim", queue="security", at_once=True)
async def fraud_victim(talk: Talk) -> Outcome:
    """The five steps of a victim, evidence first, police where it is serious; then security (PHI-020)."""
    for step in range(1, _STEPS + 1):
        talk.say(f"victim.step_{step}")
    telephone(talk)
    await offer_lock(talk)
    return to_security(talk)


async def _judge(talk: Talk, channel: Channel) -> Outcome:
    message = await ask_what(talk, channel)
    judgement = look_into(talk, message)
    if not judgement.findings and not message.text:
        tell_article(talk, talk.kind)
        return await not_sure(talk) if channel == "mail" else await what_now(talk, message, judgement)
    tell_verdict(talk, message, judgement)
    if judgement.verdict == "genuine":
        return Outcome("action", "verify_message", ask_solved=True)
    if judgement.verdict == "unsure" and channel == "mail":
        keep_report(talk, message, judgement)
        return await not_sure(talk)
    return await what_now(talk, message, judgement)
