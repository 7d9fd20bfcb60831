"""What became of earlier contacts, where they are kept, and how they are erased (HIS, CASE, PRIV)."""

from __future__ import annotations

from dataclasses import replace

from madoguchi.assistant.answers import said
from madoguchi.assistant.flows import flow
from madoguchi.assistant.flows.support_service import choose_case, go_on_with, tell_case
from madoguchi.assistant.questions import Option, choice
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.identity import prove
from madoguchi.assistant.steps.told import has_said, is_told
from madoguchi.assistant.steps.topics import LEAVE
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.counter.actors import Rung


@flow("support_service.slow_reply")
async def slow_reply(talk: Talk) -> Outcome:
    """How far it is; a promise that was broken goes to a person at once (SLA-003); where our mails may lie."""
    case = await choose_case(talk)
    if case is None:
        return await ways_out(talk, [], "no_case")
    talk.goes_on_with = case.id
    tell_case(talk, case)
    promised = case.promised_at
    if case.resolved_at is None and promised is not None and promised <= talk.scene.now:
        return talk.hand_over("promise_broken", priority=2)
    talk.say("slow.spam_folder")
    return await ways_out(talk, go_on_with(talk, case), "case_known", "what_next")


@flow("support_service.contact_history")
async def contact_history(talk: Talk) -> Outcome:
    """The list of earlier contacts, and how long it goes back (HIS-001, HIS-003)."""
    history = talk.scene.settings.history
    talk.say("history.here", days=history.keep_days)
    talk.show(
        {
            "kind": "link",
            "title": talk.words("history.page"),
            "url": f"{talk.scene.settings.base_url}/history",
        }
    )
    talk.has_tried("linked", page=talk.words("history.page"))
    return talk.answered("show_history")


@flow("support_service.history_privacy")
async def history_privacy(talk: Talk) -> Outcome:
    """Who sees it, how long it is kept; what its owner can erase or copy at once, and where (PRIV-005, HIS-006)."""
    talk.say("history.who_sees")
    talk.say("history.kept", days=talk.scene.settings.history.keep_days)
    if is_told(talk, "privacy.erase", unless="privacy.by_itself"):
        return await _erase_here(talk)
    if has_said(talk):
        return await ways_out(talk, [], "kept", "what_next")
    if await talk.yes_no("erase", "history.erase", "erase", "no_erase"):
        return await _erase_here(talk)
    return talk.answered()


async def _erase_here(talk: Talk) -> Outcome:
    """The page on which it is done, for whoever has shown who they are; the privacy desk is one button away."""
    await prove(talk, Rung.ORDER)
    settings = talk.scene.settings
    talk.say("history.erase_parts")
    talk.say("history.erase_all", hours=settings.privacy.erase_after_hours)
    talk.say("history.stays")
    title = talk.words("history.privacy_page")
    talk.show({"kind": "link", "title": title, "url": f"{settings.base_url}/account/privacy"})
    talk.has_tried("linked", page=title)
    talk.fact("wish", talk.words("wish.erase"))
    offered = [
        Option("person", talk.words("button.person")),
        Option(LEAVE, talk.words("button.that_was_it"), named_by=said("talk.leave_it")),
    ]
    question = choice(
        "by_whom", talk.words("history.what_next"), offered, rephrased=talk.words("history.what_next_again")
    )
    if await talk.ask(replace(question, optional=True, early=False)) == "person":
        return talk.hand_over("privacy", queue="privacy")
    return talk.answered("show_privacy_page")
