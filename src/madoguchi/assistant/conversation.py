"""One turn of thinking: what the customer said, decided by the table, carried through flows, gathered as a reply.

Nothing is written here. Everything that is to be written is in the `Reply`, so that a crash repeats the thinking
and never the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.assistant.decide import Certainty, Move, Pressed, Situation, decide
from madoguchi.assistant.flows import Flow
from madoguchi.assistant.flows.general import for_a_person
from madoguchi.assistant.history import History, Run, split_key
from madoguchi.assistant.kinds import kind_label, kinds, queue_of
from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.runner import Stand, drive, key_of
from madoguchi.assistant.speech import Message, Speech
from madoguchi.assistant.steps.topics import TOPIC, person_option, topic_options
from madoguchi.assistant.summary import summarise
from madoguchi.assistant.talk import Outcome, Scene, Talk
from madoguchi.assistant.understanding import CONNECT_TO_AGENT, OUT_OF_SCOPE
from madoguchi.assistant.wording import moment_text, words
from madoguchi.counter.contacts import events
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing.queues import queue_for

CLEAR = 0.5
CLEAR_IN_FLOW = 0.6
LIKELY = 0.2
_LEAD = 1.6  # a clear subject is so much likelier than the next
_CHANGED_MIND = re.compile(
    r"やっぱ|やはり|じゃなく|ではなく|じゃない|のほう|の方|訂正|変更して|actually|instead|rather|i meant|not that"
)
_THE_OTHER = re.compile(
    r"もう(?:一つ|ひとつ|1つ|片方|一方)|別の(?:方|ほう)|他の(?:方|ほう)|the other|another one|other one"
)
_NOT_SOLVED = re.compile(
    r"まだ|解決(?:して|でき)?(?:い)?(?:な|ませ)|だめ|困って|not (?:solved|yet|really)|still|unsolved|didn'?t"
)
_SOLVED = re.compile(
    r"解決(?:し(?:まし)?た|です|済)|大丈夫(?:です|でした)?$|解消|(?:it'?s |is )?(?:solved|resolved|fixed)|all good|that'?s all"
)
_DANGERS = {"safety": "emergency.safety", "self_harm": "emergency.self_harm"}


@dataclass
class HandOver:
    """Where the contact goes, why, and what the person will read. `priority` 0: the queue's own."""

    queue: str
    priority: int
    reason: str
    summary: dict[str, Any]


@dataclass
class Reply:
    """Everything that a turn writes, in one transaction."""

    messages: list[Message] = field(default_factory=list)
    facts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hand_over: HandOver | None = None
    topic: str | None = None
    order_number: str | None = None
    wish: str = ""
    language: str = ""
    resolved: bool = False


class Conversation:
    """The turn of one contact. Use once: `think(inputs)`."""

    def __init__(self, scene: Scene, flows: Mapping[str, Flow], said: list[Heard]) -> None:
        self.scene = scene
        self.flows = flows
        self.said = said  # every word of the customer before this turn
        self.history: History = scene.history
        self.speech = Speech()
        self.reply = Reply(language=scene.language)
        self.talk: Talk | None = None
        self.stand: Stand | None = None

    # ── the turn ──────────────────────────────────────────────────────────────────────────────────

    def think(self, inputs: list[Heard], *, opened_with: str = "", denied: bool = False) -> Reply:
        """`opened_with`: a topic picked before any word; `denied`: the customer has said "not solved" by a button."""
        if opened_with and not inputs:
            self._start(opened_with, from_words=False, since=0)
        elif denied and not inputs:
            self._not_solved()
        elif not inputs:
            self._go_on_alone()
        for heard in inputs:
            if self.reply.hand_over is not None:
                break
            self.speech.take_back_question()
            self._hear(heard)
            self.said.append(heard)
        if self.history.turns == 0 and self.speech.messages:
            self.speech.say_first([self._words("hello.short")])
        self.reply.messages = self._never_twice([m for m in self.speech.messages if m.text or m.card])
        return self.reply

    def _hear(self, heard: Heard) -> None:
        self._look_at_open_run()
        if self.stand is not None and self.stand.outcome is not None and self.talk is not None:
            used_up = self._answers_table(heard)
            self._finish(self.talk, self.stand.outcome, Speech())
            self.talk, self.stand = None, None
            if used_up or self.reply.hand_over is not None:
                return
        situation = self._situation(heard)
        row = decide(situation)
        self._note(heard, row.move)
        self._moves()[row.move](heard)

    def _look_at_open_run(self) -> None:
        """Replay the run on the table to its question, without the new words."""
        self.talk, self.stand = None, None
        run = self.history.active
        if run is None or self.history.open_key.startswith(("resume:", "solved:")):
            return
        self.talk = Talk(run, self.scene, [heard for heard in self.said if heard.seq >= run.since])
        self.stand = drive(self._flow(run.flow), self.talk)
        self._keep_recorded(self.talk)

    def _answers_table(self, heard: Heard) -> bool:
        if heard.key:
            return split_key(heard.key)[0] == split_key(self.history.open_key)[0]
        return heard.understanding.answer is not None

    # ── what the table looks at ───────────────────────────────────────────────────────────────────

    def _situation(self, heard: Heard) -> Situation:
        understood = heard.understanding
        question = self._question
        kind, certainty = self._intent(heard)
        answer = self._reads(heard)
        person_offered = self.history.last_move == Move.OFFER_PERSON
        return Situation(
            pressed=self._pressed(heard),
            wants_person=understood.wants_person
            or (person_offered and understood.answer == "yes" and answer is None),
            emergency=understood.emergency is not None,
            strong_words=understood.strong_words,
            legal=kind == "general.legal" and certainty == "clear",
            question=question is not None,
            fits=answer is not None,
            fits_earlier=self._earlier(heard) is not None,
            free_question=question is not None and question.free,
            correction=understood.correction or _CHANGED_MIND.search(heard.folded) is not None,
            stops=understood.wants_cancel_talk,
            steps_back=understood.wants_back,
            intent=certainty,
            same_kind=self._is_running(kind),
            greeting=understood.greeting,
            thanks=understood.thanks,
            offered_person=person_offered,
            misses=self.history.misses,
            max_misses=self.scene.settings.assistant.max_failed_turns,
            foreign=understood.language not in ("ja", "en") and understood.language_confidence >= 0.7,
        )

    @property
    def _question(self) -> Question | None:
        return self.stand.question if self.stand else None

    def _pressed(self, heard: Heard) -> Pressed:
        if not heard.key:
            return self._spoken_press(heard)
        owner, key = split_key(heard.key)
        if self.talk is not None and owner == self.talk.run.id:
            question = self._question
            if question is not None and key == question.key and question.pressed(heard.value) is not None:
                return "person" if (question.key, heard.value) == ("retry", "person") else "open"
            return "person" if heard.value == "person" else "old"
        if heard.value == "person" or owner == "person":
            return "person"
        if owner == TOPIC and _kind_in(heard.value) in kinds():
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
                short and (_NOT_SOLVED.search(heard.folded) or _SOLVED.search(heard.folded))
            ):
                return "solved"
        return ""

    def _intent(self, heard: Heard) -> tuple[str, Certainty]:
        intents = [i for i in heard.understanding.intents if i.kind != CONNECT_TO_AGENT]
        if not intents or heard.key:
            return "", "none"
        first, second = intents[0], intents[1].confidence if len(intents) > 1 else 0.0
        if first.kind == OUT_OF_SCOPE and self._question is not None:
            return "", "none"
        needed = CLEAR_IN_FLOW if self._question is not None else CLEAR
        if first.confidence >= needed and first.confidence >= _LEAD * second:
            return first.kind, "clear"
        if first.confidence >= 0.9:
            return first.kind, "clear"
        return (first.kind, "likely") if first.confidence >= LIKELY else ("", "none")

    def _is_running(self, kind: str) -> bool:
        if not kind or self.talk is None:
            return False
        return (
            self._flow(kind).script is self._flow(self.talk.kind).script and kind in self.flows
        ) or kind == self.talk.kind

    def _reads(self, heard: Heard) -> Any:
        question = self._question
        if question is None or heard.key:
            return None
        return question.read(heard, True)

    def _earlier(self, heard: Heard) -> tuple[str, Any] | None:
        """An answered question that these words answer differently; the latest first."""
        if self.talk is None or heard.key:
            return None
        if not heard.understanding.correction and not _CHANGED_MIND.search(heard.folded):
            return None
        for key in reversed(list(self.talk.run.answers)):
            question = self.talk.passed.get(key)
            if question is None or question.proposal_id or question.free:
                continue
            before = self.talk.run.answers[key]
            value = question.read(heard, True)
            if (value is None or value == before) and _THE_OTHER.search(heard.folded):
                value = question.other(before)
            if value is not None and value != before:
                return key, value
        return None

    def _moves(self) -> dict[Move, Callable[[Heard], None]]:
        return {
            Move.HAND_OVER: self._hand_over,
            Move.EMERGENCY: self._emergency,
            Move.CONTINUE: self._continue,
            Move.CORRECT: self._correct,
            Move.BACK_OUT: self._back_out,
            Move.STEP_BACK: self._step_back,
            Move.START: self._start_flow,
            Move.REPEAT: self._repeat,
            Move.RESUME: self._resume,
            Move.CLOSE: self._close,
            Move.CLARIFY: self._clarify,
            Move.GREET: self._greet,
            Move.THANK: self._thank,
            Move.REPHRASE: self._rephrase,
            Move.OFFER_PERSON: self._offer_person,
        }

    # ── the moves ─────────────────────────────────────────────────────────────────────────────────

    def _hand_over(self, heard: Heard) -> None:
        understood = heard.understanding
        kind, certainty = self._intent(heard)
        if (
            self.history.last_move == Move.OFFER_PERSON
            or self.history.misses + 1 > self.scene.settings.assistant.max_failed_turns
        ):
            reason = "asked" if heard.key == "person" or understood.wants_person else "bot_failed"
        elif understood.strong_words and not understood.wants_person and not heard.key:
            reason = "complaint"
        elif kind == "general.legal":
            reason = "legal"
        else:
            reason = "asked"
        about = kind if certainty != "none" and kind in kinds() and kind != OUT_OF_SCOPE else ""
        if reason == "complaint":
            self._say("handover.sorry")
        self._go_to_person(
            reason, about=about, priority=2 if reason in ("complaint", "legal") else 0, heard=heard
        )

    def _emergency(self, heard: Heard) -> None:
        danger = heard.understanding.emergency or ""
        if danger in _DANGERS:
            self._say(_DANGERS[danger])
            self._go_to_person("emergency", queue="security", priority=1, heard=heard)
            return
        if danger in self.flows:
            self._end_open_runs("overtaken")
            self._start(danger, from_words=False, since=heard.seq, heard=heard)
            return
        self._say("emergency.other", topic=kind_label(danger, self.scene.language))
        self._go_to_person("emergency", about=danger, priority=1, heard=heard)

    def _continue(self, heard: Heard) -> None:
        talk, question = self.talk, self._question
        if talk is None or question is None:
            return
        value = question.pressed(heard.value) if heard.key else question.read(heard, True)
        talk.said.append(heard)
        talk.given[question.key] = value
        self._drive(talk)

    def _correct(self, heard: Heard) -> None:
        found = self._earlier(heard)
        if self.talk is None or found is None:
            return
        self._withdraw(self.talk)
        self._say("corrected.ok")
        self._record(self.talk, *found)
        self.talk.said.append(heard)
        self._drive(self.talk)

    def _step_back(self, heard: Heard) -> None:
        talk = self.talk
        if talk is None:
            return
        asked = [key for key in talk.run.answers if key in talk.passed]
        if not asked:
            self._repeat(heard)
            return
        self._withdraw(talk)
        self._record(talk, asked[-1], None)
        self._say("corrected.again")
        self._drive(talk)

    def _back_out(self, heard: Heard) -> None:
        if self.talk is None:
            return
        self._withdraw(self.talk)
        self._end(self.talk.run, "backed_out", self.talk.tried)
        self._say("nothing.changed")
        self._after_end(self.talk.run, Outcome("nothing"))

    def _start_from(self, heard: Heard) -> str:
        return _kind_in(heard.value) if heard.key else self._intent(heard)[0]

    def _start_flow(self, heard: Heard) -> None:
        kind = self._start_from(heard)
        if self.talk is not None and not self.talk.run.answers:
            self._end(self.talk.run, "overtaken", self.talk.tried)
        self._start(kind, from_words=not heard.key, since=heard.seq, heard=heard)

    def _repeat(self, heard: Heard) -> None:
        question = self._question
        if question is None or self.talk is None:
            self._say("old_button")
            self.speech.ask(self._words("what_next"), TOPIC, self._topics(()))
            return
        self.speech.ask(
            question.rephrased or question.text, self._key(question), list(question.options), question.kind
        )

    def _resume(self, heard: Heard) -> None:
        run = self.history.run(split_key(self.history.open_key)[1])
        wanted = heard.value == "yes" if heard.key else heard.understanding.answer == "yes"
        self.history.open_key = ""
        if run is None or run.outcome:
            self._repeat(heard)
        elif not wanted:
            self._end(run, "dropped", [])
            self._say("nothing.left_as_is")
            self._after_end(run, Outcome("nothing"))
        else:
            self._say("resume.here", topic=kind_label(run.flow, self.scene.language))
            self._drive(Talk(run, self.scene, [h for h in self.said if h.seq >= run.since]))

    def _close(self, heard: Heard) -> None:
        if heard.key:
            solved = heard.value == "yes"
        elif heard.understanding.answer:
            solved = heard.understanding.answer == "yes" and not _NOT_SOLVED.search(heard.folded)
        else:
            solved = _NOT_SOLVED.search(heard.folded) is None
        self.history.open_key = ""
        if not solved:
            self._not_solved()
            return
        self._say("solved.thanks")
        self.reply.resolved = True

    def _not_solved(self) -> None:
        self._say("solved.not")
        options = [person_option(self.scene.language), *self._topics(())]
        self.speech.ask(self._words("what_next"), TOPIC, options)

    def _clarify(self, heard: Heard) -> None:
        likely = [
            i.kind for i in heard.understanding.intents if i.kind in kinds() and i.kind != OUT_OF_SCOPE
        ][:3]
        self.speech.ask(self._words("clarify.which"), TOPIC, self._topics(likely or ()))

    def _greet(self, heard: Heard) -> None:
        self.speech.ask(self._words("hello.how"), TOPIC, self._topics(()))

    def _thank(self, heard: Heard) -> None:
        self._say("thanks.welcome")

    def _rephrase(self, heard: Heard) -> None:
        question = self._question
        if question is not None and self.talk is not None:
            self._say("rephrase.question")
            person = (
                []
                if any(o.value == "person" for o in question.options)
                else [person_option(self.scene.language)]
            )
            options = [*question.options, *person]
            self.speech.ask(question.rephrased or question.text, self._key(question), options, question.kind)
            return
        likely = [
            i.kind for i in heard.understanding.intents if i.kind in kinds() and i.kind != OUT_OF_SCOPE
        ][:3]
        self.speech.ask(self._words("rephrase.topic"), TOPIC, self._topics(likely or ()))

    def _offer_person(self, heard: Heard) -> None:
        """Why no person has come by itself, the words that bring one, and a button (HND-010)."""
        self._say("person.why")
        if self._question is not None and self.talk is not None:
            options = [
                *[o for o in self._question.options if o.value != "person"],
                person_option(self.scene.language),
            ]
            self.speech.ask(
                self._words("person.phrase"), self._key(self._question), options, self._question.kind
            )
            return
        options = [person_option(self.scene.language), *self._topics(())[:-1]]
        self.speech.ask(self._words("person.phrase"), TOPIC, options)

    # ── runs ──────────────────────────────────────────────────────────────────────────────────────

    def _start(
        self, kind: str, *, from_words: bool, since: int, heard: Heard | None = None, order: str = ""
    ) -> None:
        if self._flow(kind).script is for_a_person and kind not in kinds():
            kind = OUT_OF_SCOPE
        run = Run(f"r{len(self.history.runs) + 1}", kind, {"since": since, "order_number": order}, since)
        self.history.runs.append(run)
        self.reply.facts.append((events.FLOW_STARTED, {"run": run.id, "flow": kind, "params": run.params}))
        if kind not in (OUT_OF_SCOPE, "support_service.connect_to_agent"):
            self.reply.topic = kind
            self.reply.wish = kinds()[kind].wish
        if from_words and kind != OUT_OF_SCOPE and kind != "support_service.connect_to_agent":
            self._say("understood", topic=kind_label(kind, self.scene.language))
        said = [h for h in self.said if h.seq >= since] + ([heard] if heard else [])
        self._drive(Talk(run, self.scene, said))

    def _drive(self, talk: Talk) -> None:
        self.talk = talk
        self.stand = drive(self._flow(talk.kind), talk)
        self._keep_recorded(talk)
        self.speech.add(talk.speech)
        if talk.order_number:
            self.reply.order_number = talk.order_number
        if self.stand.outcome is not None:
            self._finish(talk, self.stand.outcome, None)

    def _finish(self, talk: Talk, outcome: Outcome, said: Speech | None) -> None:
        """A run has ended: tell what is left to tell, and go where its end points."""
        if said is not None:
            self.speech.add(talk.speech)
        if outcome.what == "handover":
            fixed = self._flow(talk.kind).queue
            queue = outcome.queue or (fixed if fixed != queue_of(talk.kind) else "")
            self._go_to_person(outcome.reason, queue=queue, priority=outcome.priority)
            return
        self._end(talk.run, outcome.what, talk.tried, outcome.target)
        if outcome.what == "other_flow":
            since = talk.run.since
            self._start(outcome.target, from_words=False, since=since, order=talk.order_number)
            return
        self._after_end(talk.run, outcome)

    def _after_end(self, run: Run, outcome: Outcome) -> None:
        """Go on with what was put aside, or ask once whether it is solved."""
        self.talk, self.stand = None, None
        waiting = self.history.active
        if waiting is not None:
            topic = kind_label(waiting.flow, self.scene.language)
            options = [
                Option("yes", self._words("button.resume")),
                Option("no", self._words("button.no_resume")),
            ]
            key = f"resume:{waiting.id}#{self.history.turns}"
            self.speech.ask(self._words("resume.ask", topic=topic), key, options)
            self.history.open_key = key
        elif outcome.ask_solved and run.flow not in self.history.solved_asked:
            options = [
                Option("yes", self._words("button.solved")),
                Option("no", self._words("button.not_solved")),
                person_option(self.scene.language),
            ]
            self.speech.ask(self._words("solved.ask"), f"solved:{run.flow}", options)
            self.history.solved_asked.add(run.flow)
            self.history.open_key = f"solved:{run.flow}"

    def _end(self, run: Run, outcome: str, tried: list[str], target: str = "") -> None:
        run.outcome, run.tried = outcome, list(tried)
        body = {"run": run.id, "outcome": outcome, "target": target, "tried": list(tried)}
        self.reply.facts.append((events.FLOW_ENDED, body))

    def _end_open_runs(self, outcome: str) -> None:
        for run in self.history.runs:
            if not run.outcome:
                tried = self.talk.tried if self.talk is not None and self.talk.run is run else []
                self._end(run, outcome, tried)

    def _withdraw(self, talk: Talk) -> None:
        """Proposals of this run that nobody wants any more."""
        for key, value in talk.run.answers.items():
            if not key.startswith("proposal_") or not isinstance(value, str):
                continue
            try:
                self.scene.desk.withdraw(self.scene.actor, value)
            except Problem:
                continue

    def _record(self, talk: Talk, key: str, value: Any) -> None:
        talk.run.answer(key, value)
        talk.recorded.append((key, value))
        self._keep_recorded(talk)

    def _keep_recorded(self, talk: Talk) -> None:
        for key, value in talk.recorded:
            self.reply.facts.append((events.FLOW_ANSWERED, {"run": talk.run.id, "key": key, "value": value}))
        talk.recorded.clear()

    # ── a person ──────────────────────────────────────────────────────────────────────────────────

    def _go_to_person(
        self, reason: str, *, about: str = "", queue: str = "", priority: int = 0, heard: Heard | None = None
    ) -> None:
        scene = self.scene
        kind = about or (self.talk.kind if self.talk else "") or self.reply.topic or scene.contact.topic
        if kind == "support_service.connect_to_agent":
            kind = scene.contact.topic
        segments = scene.customer.segments if scene.customer else ()
        desk = queue or queue_for(kind, segments)
        self._say("handover.ok")
        if not scene.hours.is_open(scene.now):
            opens = scene.hours.next_opening(scene.now)
            if opens is not None:
                self._say("handover.closed", opens=moment_text(opens.astimezone(scene.zone), scene.language))
            else:
                self._say("handover.closed_unknown")
        summary = summarise(
            self.history,
            self.talk,
            kind=kind,
            language=scene.language,
            reason=reason,
            words_now=heard.text if heard else "",
            order_number=self.reply.order_number or scene.contact.order_number,
        )
        self.reply.hand_over = HandOver(desk, priority, reason, summary)
        if kind in kinds():
            self.reply.topic = kind
            self.reply.wish = self.reply.wish or kinds()[kind].wish
        self._end_open_runs("handover")

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _go_on_alone(self) -> None:
        """Nothing was said: the customer has signed in, or a deed was confirmed on its card."""
        self._look_at_open_run()
        if self.talk is None or self.stand is None:
            return
        self.speech.add(self.talk.speech)
        if self.talk.order_number:
            self.reply.order_number = self.talk.order_number
        if self.stand.outcome is not None:
            self._finish(self.talk, self.stand.outcome, None)

    def _flow(self, kind: str) -> Flow:
        return self.flows.get(kind) or Flow(kind, for_a_person, queue_of(kind) or "general")

    def _key(self, question: Question) -> str:
        if self.talk is None:
            return question.key
        self.talk.run.asked.add(question.key)
        return key_of(self.talk, question)

    def _topics(self, likely: Any) -> list[Option]:
        """Likely subjects first, then the usual ones, at most five, and a person."""
        from_words = topic_options(self.scene.language, likely)
        usual = [
            o for o in topic_options(self.scene.language) if o.value not in {f.value for f in from_words}
        ]
        options = from_words + usual[: max(0, (2 if from_words else 5) - len(from_words))]
        return [*options, person_option(self.scene.language)]

    def _note(self, heard: Heard, move: Move) -> None:
        understood = heard.understanding
        intents = [{"kind": i.kind, "confidence": i.confidence} for i in understood.intents[:3]]
        body = {
            "seq": heard.seq,
            "language": understood.language,
            "intents": intents,
            "orders": list(understood.entities.order_numbers),
            "move": move.value,
            "by": "phrases-1",
        }
        self.reply.facts.append((events.UNDERSTOOD, body))

    def _say(self, key: str, **places: Any) -> None:
        self.speech.say(self._words(key, **places))

    def _words(self, key: str, **places: Any) -> str:
        return words(self.scene.language, key, turn=self.history.turns, **places)

    def _never_twice(self, messages: list[Message]) -> list[Message]:
        """No message says exactly what the one before it said."""
        before = self.history.last_text
        for message in messages:
            if message.text and message.text == before:
                message.lines.insert(0, self._words("once_more"))
            before = message.text
        return messages


def _kind_in(value: str) -> str:
    return value.removeprefix("topic ")
