"""About the counter itself: a person, the way back to an earlier matter, hours, how far a case is (HND, HIS)."""

from __future__ import annotations

from datetime import timedelta

from madoguchi.assistant.answers import said as patterns
from madoguchi.assistant.elsewhere import page_of_ways, recommends
from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option, Question, read_option
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import day_text, moment_text
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.ways.channels import switched_on
from madoguchi.counter.cases.wording import category_label, state_label
from madoguchi.counter.hours import closed_text

_NONE = "none"
_SHOWN = 5
_STALLED = timedelta(days=3)


@flow("support_service.connect_to_agent")
async def connect_to_agent(talk: Talk) -> Outcome:
    """A person, at once (HND-002)."""
    topic = talk.scene.contact.topic
    return talk.hand_over("asked", queue=talk.scene.desk_of(topic) if topic else "general")


@flow("support_service.escalate_supervisor")
async def escalate_supervisor(talk: Talk) -> Outcome:
    """A senior person (HND-013)."""
    talk.say("supervisor.ok")
    return talk.hand_over("supervisor", queue="supervisor", priority=2)


@flow("support_service.chat_resume")
@flow("support_service.case_follow_up")
async def case_follow_up(talk: Talk) -> Outcome:
    """The customer's own earlier matters: which one, how far it is, and go on; a person where it stands still."""
    case = await choose_case(talk)
    if case is None:
        return await ways_out(talk, [], "no_case")
    talk.goes_on_with = case.id
    tell_case(talk, case)
    if talk.kind == "support_service.case_follow_up" and _stands_still(talk, case):
        talk.say("case.stalled")
        return talk.hand_over("stalled", priority=3)
    helper = talk.scene.helpers.get(case.id, "")
    return await ways_out(talk, go_on_with(talk, case), "case_known", "what_next", helper)


@flow("support_service.contact_channels_hours")
async def contact_channels_hours(talk: Talk) -> Outcome:
    """Ways to reach us, when, and what they cost, from the settings (CH, QUE)."""
    talk.say("hours.assistant")
    tell_hours(talk)
    about = talk.scene.contact.attributes.get("problem", "")
    if best := recommends(talk.scene, about) if about else "":
        talk.tell(best)
    talk.show(page_of_ways(talk.scene, about))
    return await ways_out(talk, [], "hours", "what_next")


@flow("support_service.feedback_complaint")
async def feedback_complaint(talk: Talk) -> Outcome:
    """Listen, keep it, and let a person read it (QLT)."""
    said = await talk.verbatim("words", "feedback.ask")
    if said != "skip":
        talk.fact("comment", said)
    named = ("", patterns("talk.no_answer"))
    if await talk.yes_no("answer", "feedback.want_answer", "person", "only_tell", named=named):
        return talk.hand_over("complaint", priority=3)
    talk.say("feedback.kept")
    return Outcome("answer", "open_feedback_form")


def tell_hours(talk: Talk) -> None:
    """When people are there, whether they are now, the telephone for those we know, the mail address."""
    scene = talk.scene
    talk.say("hours.people", hours=scene.hours.text(talk.language))
    if scene.hours.is_open(scene.now):
        talk.say("hours.open_now")
    else:
        _tell_opening(talk)
    shop, there = scene.settings.shop, switched_on(scene.settings)
    if "phone" in there and scene.contact.customer_id:
        talk.say("hours.phone", phone=shop.phone, hours=scene.phone_hours(), cost=shop.phone_cost)
    if "mail" in there:
        talk.say("hours.mail", mail=shop.mail_address)
    talk.has_tried("hours")


def _tell_opening(talk: Talk) -> None:
    """Why nobody is there, where a holiday is the reason, and from when on somebody is."""
    scene = talk.scene
    talk.tell(closed_text(scene.hours.closed_for(scene.now), talk.language))
    opens = scene.hours.next_opening(scene.now)
    if opens is not None:
        talk.say("hours.closed_now", opens=moment_text(opens.astimezone(scene.zone), talk.language))


async def choose_case(talk: Talk) -> Case | None:
    """One of the customer's own; None, said so, where there is none or another is meant.

    A number that is not the customer's is refused, whether it exists or not (CASE-004).
    """
    scene, cases = talk.scene, _own_cases(talk)
    if "case" not in talk.run.answers:
        for number in _numbers_of_others(talk)[-1:]:
            talk.say("case.not_yours", number=number)
        if not cases:
            talk.say("case.none")
            return None
    label = await talk.ask(_which(talk, cases))
    found = scene.cases.get(scene.numbers.get(label, ""))
    if found is None:
        talk.say("case.not_here")
    return found


def _numbers_of_others(talk: Talk) -> list[str]:
    named = [each for heard in talk.said for each in heard.understanding.entities.case_numbers]
    return [each for each in named if each not in talk.scene.numbers]


def go_on_with(talk: Talk, case: Case) -> list[Option]:
    """The button that takes its subject up again."""
    return [Option(f"topic {case.category}", talk.words("case.go_on"))] if case.category else []


def _own_cases(talk: Talk) -> list[Case]:
    """Newest first, without the one that this contact belongs to."""
    return talk.scene.earlier_cases()[:_SHOWN]


def _which(talk: Talk, cases: list[Case]) -> Question:
    options = [_option(talk, case) for case in cases]
    options.append(Option(_NONE, talk.words("button.other_case")))
    ids = {case.id for case in cases}

    def read(heard: Heard, direct: bool) -> str | None:
        numbers = heard.understanding.entities.case_numbers
        named = [number for number in numbers if talk.scene.numbers.get(number) in ids]
        if len(named) == 1:
            return named[0]
        return read_option(options, heard, direct) if direct else None

    return Question(
        "case", talk.words("case.which"), tuple(options), rephrased=talk.words("case.again"), read=read
    )


def _option(talk: Talk, case: Case) -> Option:
    opened = day_text(case.opened_at.astimezone(talk.scene.zone).date(), talk.language)
    state = state_label(case.state, talk.language)
    title = category_label(case.category, talk.language) or talk.words("case.untitled")
    return Option(case.label, f"{case.label} {title}", talk.words("case.detail", opened=opened, state=state))


def tell_case(talk: Talk, case: Case) -> None:
    talk.say("case.state", number=case.label, state=state_label(case.state, talk.language))
    if case.promised_at is not None and case.resolved_at is None:
        due = moment_text(case.promised_at.astimezone(talk.scene.zone), talk.language)
        talk.say("case.promised" if case.promised_at > talk.scene.now else "case.overdue", date=due)
    talk.fact("case_id", case.label)
    talk.has_tried("case_shown", number=case.label)


def _stands_still(talk: Talk, case: Case) -> bool:
    """Open, and nothing has moved for three days (flows.md, case_follow_up)."""
    return case.resolved_at is None and talk.scene.now - case.updated_at > _STALLED
