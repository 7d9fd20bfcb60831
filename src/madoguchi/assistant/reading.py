"""What the decision table looks at: the customer's words, held against the question on the table. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from madoguchi.assistant.answers import says
from madoguchi.assistant.decide import Certainty, Move, Pressed, Situation
from madoguchi.assistant.flows import Flow
from madoguchi.assistant.history import History, split_key
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.questions import Heard, Question, is_quotation, read_option
from madoguchi.assistant.runner import STOP, Stand
from madoguchi.assistant.steps.told import tells
from madoguchi.assistant.steps.topics import LEAVE, TOPIC
from madoguchi.assistant.talk import Scene, Talk
from madoguchi.assistant.understanding import CONNECT_TO_AGENT, OUT_OF_SCOPE
from madoguchi.assistant.understanding.emergency import KINDS as DANGERS
from madoguchi.assistant.wording import LANGUAGES

_CALL_BACK = "support_service.callback_request"  # a way to a person that asks when and at which number
# Kinds that speak of people at the desk anyway: one is wanted only where somebody says so for now.
_SPEAK_OF_PEOPLE = frozenset(
    f"support_service.{name}"
    for name in (
        "case_follow_up",
        "chat_resume",
        "chat_technical_issue",
        "contact_channels_hours",
        "contact_history",
        "feedback_complaint",
        "history_privacy",
        "language_support",
        "phone_unreachable",
        "slow_reply",
    )
)
# Inside a subject its own words may be heard as those of a wider one: an order's address, the account's.
_WIDER = {"order_delivery.change_delivery_address": "account_security.account_info_update"}
CLEAR = 0.5
CLEAR_IN_FLOW = 0.6
SURE = 0.85
CLEAR_AT_ONCE = 0.8  # before a deed is shown as the first thing
LIKELY = 0.2
_WELL_AHEAD = 4.0  # "no, rather …" names its subject in few words
_LEAD = 1.6  # a clear subject is so much likelier than the next
_FEEDBACK = "support_service.feedback_complaint"  # who complains is listened to first
_CHANGED_MIND = says("talk.changed_mind")
_DENIES = says("talk.denies")
IN_BETWEEN = says("talk.in_between")
_WISHES = says("talk.wishes")
_THE_OTHER = says("talk.the_other")
NOT_SOLVED = says("talk.not_solved")
_ASKS_SCOPE = says("talk.asks_scope")
_SOLVED = says("talk.solved")


@dataclass(frozen=True)
class Reading:
    """The open run, where it stands, and how to read words against it."""

    scene: Scene
    talk: Talk | None
    stand: Stand | None
    flow_of: Callable[[str], Flow]

    @property
    def history(self) -> History:
        return self.scene.history

    def situation(self, heard: Heard) -> Situation:
        understood = heard.understanding
        question = self.question
        kind, certainty = self.intent(heard)
        answer = self._reads(heard)
        if question is not None and question.quoted and not heard.key and is_quotation(heard):
            return Situation(question=True, fits=True, free_question=True)
        answered = answer is not None  # then a mere guess at danger or at a wish does not interrupt
        danger = self._is_new_danger(understood.emergency)
        guessed = "danger" in understood.guessed and (
            answered or kind != understood.emergency or certainty != "clear"
        )
        guessed = guessed or self._has_passed(heard)
        person_offered = self.history.last_move == Move.OFFER_PERSON
        return Situation(
            pressed=self._pressed(heard),
            wants_person=(self._wants_person(heard) and not (answered and "person" in understood.guessed))
            or (person_offered and understood.answer == "yes" and answer is None),
            emergency=danger and not guessed,
            perhaps_emergency=danger and guessed and not answered and self.earlier(heard) is None,
            strong_words=understood.strong_words and (kind, certainty) != (_FEEDBACK, "clear"),
            legal=kind == "general.legal" and certainty == "clear",
            question=question is not None,
            fits=answer is not None,
            fits_earlier=self.earlier(heard) is not None,
            free_question=question is not None and question.free and not self._goes_around(heard),
            only_offered=question is not None and question.optional,
            correction=self.is_correction(heard),
            denies=_DENIES.search(heard.folded) is not None,
            only_the_no=self._reads_only_the_no(heard),
            stops=understood.wants_cancel_talk or heard.value == STOP,
            steps_back=understood.wants_back,
            intent=certainty,
            same_kind=self._is_running(kind),
            puts_aside=IN_BETWEEN.match(heard.folded) is not None,
            volunteers=self.volunteers(heard),
            greeting=understood.greeting,
            thanks=understood.thanks,
            offered_person=person_offered,
            offered_ways=self.history.last_move == Move.OFFER_WAYS,
            crowded=self.scene.crowded,
            at_once=self.scene.settings.assistant.after_failed_turns == "hand_over",
            misses=self.history.misses,
            max_misses=self.scene.settings.assistant.max_failed_turns,
            foreign=understood.language not in LANGUAGES and understood.language_confidence >= 0.7,
        )

    def _wants_person(self, heard: Heard) -> bool:
        """The wish itself: not a call-back, which asks for one later, nor talk of the colleague who was there before."""
        understood = heard.understanding
        kind, certainty = self.intent(heard)
        if not understood.wants_person or certainty != "clear":
            return understood.wants_person
        if kind in _SPEAK_OF_PEOPLE:
            return "person" not in understood.guessed and tells(heard, "talk.asks_now", "talk.spoke_before")
        guessed_of_seller = kind.startswith("marketplace.") and "person" in understood.guessed
        return kind != _CALL_BACK and not guessed_of_seller

    @property
    def question(self) -> Question | None:
        return self.stand.question if self.stand else None

    def _goes_around(self, heard: Heard) -> bool:
        """Words that name a way around a question for own words ("no photo") are no other subject."""
        if self.question is None or (_DENIES.search(heard.folded) and self.earlier(heard) is not None):
            return False
        return read_option(self.question.options, heard, False) is not None

    def _pressed(self, heard: Heard) -> Pressed:
        if heard.key == "person":
            return "person"  # 担当者と話す, which stands on every screen
        if not heard.key:
            return self._spoken_press(heard)
        if heard.value == STOP and self.question is not None:
            return ""
        owner, key = split_key(heard.key)
        if self.talk is not None and owner == self.talk.run.id:
            question = self.question
            if question is not None and key == question.key and question.pressed(heard.value) is not None:
                return "person" if (question.key, heard.value) == ("retry", "person") else "open"
            return "person" if heard.value == "person" else "old"
        if heard.value == "person" or owner == "person":
            return "person"
        if owner == TOPIC and kind_in(heard.value) in kinds():
            return "topic"
        if owner == "resume" and heard.key == self.history.open_key:
            return "resume"
        if owner == "solved":
            return "solved"
        return "old"

    def _spoken_press(self, heard: Heard) -> Pressed:
        """A yes or no in words to a question of the runner itself."""
        if self.history.open_key.startswith("resume:") and heard.understanding.answer:
            return "resume"
        if self.history.open_key.startswith("solved:"):
            short = len(heard.folded) <= 20
            if heard.understanding.answer or (
                short and (NOT_SOLVED.search(heard.folded) or _SOLVED.search(heard.folded))
            ):
                return "solved"
        return ""

    def intent(self, heard: Heard) -> tuple[str, Certainty]:
        if not heard.key and _ASKS_SCOPE.search(heard.folded):
            return OUT_OF_SCOPE, "clear"
        intents = [i for i in heard.understanding.intents if i.kind != CONNECT_TO_AGENT]
        if not intents or heard.key:
            return "", "none"
        first = intents[0]
        second = next((i.confidence for i in intents[1:] if i.kind != _WIDER.get(first.kind)), 0.0)
        if first.kind == OUT_OF_SCOPE and (self.question is not None or self.history.misses):
            return "", "none"
        needed = CLEAR_IN_FLOW if self.question is not None else CLEAR
        if self.flow_of(first.kind).at_once:
            needed = CLEAR_AT_ONCE
            if first.kind in DANGERS and self._has_passed(heard):
                return first.kind, "likely"
        if first.confidence >= needed and first.confidence >= _LEAD * second:
            return first.kind, "clear"
        if first.confidence >= 0.9:
            return first.kind, "clear"
        names_another = first.kind not in DANGERS and self.is_correction(heard)
        if names_another and first.confidence >= max(_WELL_AHEAD * second, LIKELY):
            return first.kind, "clear"
        return (first.kind, "likely") if first.confidence >= LIKELY else ("", "none")

    def _has_passed(self, heard: Heard) -> bool:
        """ "Turns out it was my husband": a fright that is told, where nobody is in danger any more."""
        unharmed = heard.understanding.emergency not in ("safety", "self_harm")
        return unharmed and tells(heard, "danger.passed")

    def is_sure(self, heard: Heard) -> bool:
        """Whether the words leave no doubt what they are about, a wish for a person aside."""
        subjects = [i.confidence for i in heard.understanding.intents if i.kind != CONNECT_TO_AGENT]
        return bool(subjects) and subjects[0] >= SURE

    def _is_running(self, kind: str) -> bool:
        if not kind or self.talk is None:
            return False
        if kind == _WIDER.get(self.talk.kind):
            return True
        asked, running = self.flow_of(kind), self.flow_of(self.talk.kind)
        return kind == running.kind or (asked.scripted and asked.script is running.script)

    def _is_new_danger(self, danger: str | None) -> bool:
        """More words about the emergency that is being dealt with belong to its own questions."""
        return danger is not None and not self._is_running(danger)

    def _reads(self, heard: Heard) -> Any:
        question = self.question
        if question is None or heard.key:
            return None
        if question.proposal_id and split_key(self.history.open_key)[1] != question.key:
            return None  # a yes belongs to the proposal on the table, and this one has not been shown
        answer = question.read(heard, True)
        only_stops = heard.understanding.wants_cancel_talk
        if question.optional and answer == LEAVE and not only_stops and self.intent(heard)[1] == "clear":
            return None  # "no, but …": what comes after the no is what is wanted
        return answer

    def _reads_only_the_no(self, heard: Heard) -> bool:
        """ "No, it was the one in March": the open question reads the no, and nothing of what comes after it."""
        denial = _DENIES.search(heard.folded)
        if denial is None or self.question is None or self.question.free:
            return False
        rest = replace(heard, text=heard.folded[denial.end() :])
        return bool(rest.text.strip()) and self.question.read(rest, True) is None

    @property
    def has_moved(self) -> bool:
        """The world has changed since the customer was asked: the flow now stands at a question never shown."""
        return (
            self.talk is not None
            and self.question is not None
            and self.question.key not in self.talk.run.asked
        )

    def is_urgent(self, heard: Heard) -> bool:
        read = heard.understanding
        return bool(
            read.wants_person or read.emergency or read.strong_words or "person" in (heard.key, heard.value)
        )

    def leaves_behind(self, heard: Heard) -> bool:
        """The open question was only an offer, and these words are about something else."""
        if self.question is None or not self.question.optional or heard.key:
            return False
        weighty = self.is_urgent(heard) or heard.understanding.wants_cancel_talk
        return not weighty and self.earlier(heard) is None and self._reads(heard) is None

    def volunteers(self, heard: Heard) -> bool:
        return self.talk is not None and not heard.key and self.flow_of(self.talk.kind).expects(heard.folded)

    def is_correction(self, heard: Heard) -> bool:
        return heard.understanding.correction or _CHANGED_MIND.search(heard.folded) is not None

    def corrects_finished(self, heard: Heard) -> tuple[str, Any] | None:
        """As `earlier`, where the run has told all it had to tell. Another subject, even a likely one, is no correction,
        unless the words say "I meant …" and name no wish: there the subject was read from the name of a thing alone.
        """
        kind, certainty = self.intent(heard)
        marked = heard.understanding.correction or _DENIES.search(heard.folded) is not None
        bare = marked and not _WISHES.search(heard.folded)
        if certainty != "none" and kind != OUT_OF_SCOPE and not bare and not self._is_running(kind):
            return None
        return self.earlier(heard)

    def earlier(self, heard: Heard) -> tuple[str, Any] | None:
        """An answered question that these words answer differently: the latest first, but one to which any words are an
        answer last.
        """
        if self.talk is None or heard.key:
            return None
        marked = self.is_correction(heard)
        if not marked and not _DENIES.search(heard.folded):
            return None
        in_own_words = None
        for key in reversed(list(self.talk.run.answers)):
            question = self.talk.passed.get(key)
            if question is None or question.proposal_id or question.free:
                continue
            before = self.talk.run.answers[key]
            value = question.read(heard, marked)  # after a mere "no, …" the answer itself must be named
            if (value is None or value == before) and _THE_OTHER.search(heard.folded):
                value = question.other(before)
            if value is None or value == before:
                continue
            if value != heard.text.strip():
                return key, value
            in_own_words = in_own_words or (key, value)
        return in_own_words


def kind_in(value: str) -> str:
    """The kind behind a topic button."""
    return value.removeprefix("topic ")
