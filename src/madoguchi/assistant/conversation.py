"""One turn of thinking: what the customer said, decided by the table, carried through flows, gathered as a reply.

Nothing is written here. Everything that is to be written is in the `Reply`, so that a crash repeats the thinking
and never the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from madoguchi.assistant.course import Course
from madoguchi.assistant.decide import Move, decide
from madoguchi.assistant.history import MISSED, Run, split_key
from madoguchi.assistant.kinds import kind_label, kinds
from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.reading import IN_BETWEEN, NOT_SOLVED, Reading, kind_in
from madoguchi.assistant.reply import Reply
from madoguchi.assistant.runner import drive, key_of, options_of
from madoguchi.assistant.speech import Message, Speech
from madoguchi.assistant.steps.articles import answer_words, article_card
from madoguchi.assistant.steps.topics import TOPIC, person_option, topic_options
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.understanding import OUT_OF_SCOPE
from madoguchi.assistant.wording import LANGUAGES
from madoguchi.counter.contacts import events

_UNCLEAR = (Move.CLARIFY, Move.REPHRASE, Move.OFFER_PERSON)
# Ends after which nothing was done, so that the run may be held once more.
_RETOLD = ("answer", "left", "other_channel")
_DANGERS = {"safety": "emergency.safety", "self_harm": "emergency.self_harm"}

_CALL_BACK = "support_service.callback_request"


class Conversation(Course):
    """The turn of one contact. Use once: `think(inputs)`."""

    @property
    def _reading(self) -> Reading:
        return Reading(self.scene, self.talk, self.stand, self._begins_with)

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
            self.scene.look_again()
        if (
            inputs
            and self.reply.hand_over is None
            and not any(m.text or m.card for m in self.speech.messages)
        ):
            self._say("noted")  # whoever has said something is not left without a word
        if self.history.turns == 0 and self.speech.messages:
            self.speech.say_first([self._words("hello.short")])
        self.reply.messages = self._never_twice([m for m in self.speech.messages if m.text or m.card])
        return self.reply

    def _hear(self, heard: Heard) -> None:
        self._take_up_pressed_run(heard)
        self._look_at_open_run()
        if self.stand is not None and self.stand.outcome is not None and self.talk is not None:
            used_up = self._answers_table(heard)
            self._finish(self.talk, self.stand.outcome, Speech())
            self.talk, self.stand = None, None
            if used_up or self.reply.hand_over is not None:
                return
        if self.talk is not None and self._reading.has_moved and not self._reading.is_urgent(heard):
            self._note(heard, Move.REPEAT)
            self.speech.add(self.talk.speech)
            return
        if self.talk is not None and self._reading.leaves_behind(heard):
            self._end(self.talk.run, "left", self.talk.tried)
            self.talk, self.stand = None, None
        if self.talk is None and self._correct_finished(heard):
            return
        situation = self._reading.situation(heard)
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
        self.stand = drive(self._flow_of(run), self.talk)
        self._keep_recorded(self.talk)

    def _take_up_pressed_run(self, heard: Heard) -> None:
        """A button of a flow that was put aside brings it back; what came after it is left."""
        run = self.history.run(split_key(heard.key)[0]) if heard.key else None
        if run is None or run.outcome or run.id == split_key(self.history.open_key)[0]:
            return
        for later in self.history.runs[self.history.runs.index(run) + 1 :]:
            if not later.outcome:
                self._end(later, "left", [])
        self.history.open_key = heard.key

    def _answers_table(self, heard: Heard) -> bool:
        if heard.key:
            return split_key(heard.key)[0] == split_key(self.history.open_key)[0]
        return heard.understanding.answer is not None

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
            Move.OFFER_WAYS: self._offer_ways,
        }

    # ── the moves ─────────────────────────────────────────────────────────────────────────────────

    def _hand_over(self, heard: Heard) -> None:
        understood = heard.understanding
        kind, certainty = self._reading.intent(heard)
        if (
            self.history.last_move in (Move.OFFER_PERSON, Move.OFFER_WAYS)
            or self._fails_at_once(heard)
            or self.history.misses + 1 > self.scene.settings.assistant.max_failed_turns
        ):
            reason = "asked" if heard.key == "person" or understood.wants_person else "bot_failed"
        elif understood.strong_words and not understood.wants_person and not heard.key:
            reason = "complaint"
        else:
            reason = "asked"
        about = kind if certainty != "none" and kind in kinds() and kind != OUT_OF_SCOPE else ""
        if self.talk is not None and not self._reading.is_sure(heard):
            about = ""  # few words beside a wish for a person: it is about what was talked of
        if understood.strong_words:
            self._say("handover.sorry")
        self._go_to_person(reason, about=about, priority=2 if reason == "complaint" else 0, heard=heard)

    def _emergency(self, heard: Heard) -> None:
        danger = heard.understanding.emergency or ""
        if danger in _DANGERS:
            self._say(_DANGERS[danger])
            self._go_to_person("emergency", queue="security", priority=1, heard=heard)
            return
        if danger in self.flows:
            self._end_open_runs("overtaken")
            self._start(danger, from_words=False, since=heard.seq, heard=heard)
            if heard.understanding.wants_person and self.reply.hand_over is None:
                self.speech.take_back_question()
                self._go_to_person(
                    "emergency", about=danger, queue=self._flow(danger).queue, priority=1, heard=heard
                )
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
        found = self._reading.earlier(heard)
        if self.talk is None or found is None:
            return
        self._withdraw(self.talk)
        self._say("corrected.ok")
        self._record(self.talk, *found)
        self.talk.said.append(heard)
        self.talk.anew = True
        self._drive(self.talk)

    def _correct_finished(self, heard: Heard) -> bool:
        """ "The other one, I meant": the run that has just told its answer is held once more, from there on."""
        last = self.history.runs[-1] if self.history.runs else None
        resuming = self.history.open_key.startswith("resume:")
        if last is None or last.outcome not in _RETOLD or heard.key or resuming:
            return False
        said = [each for each in self.said if each.seq >= last.since]
        ended = Talk(Run(last.id, last.flow, last.params, last.since, dict(last.answers)), self.scene, said)
        stand = drive(self._flow_of(last), ended)
        reading = Reading(self.scene, ended, stand, self._begins_with)
        found = None if reading.is_urgent(heard) else reading.corrects_finished(heard)
        if found is None:
            return False
        self._note(heard, Move.CORRECT)
        self._say("corrected.ok")
        self._hold_again(last, *found, heard=heard)
        return True

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
        return kind_in(heard.value) if heard.key else self._reading.intent(heard)[0]

    def _start_flow(self, heard: Heard) -> None:
        kind = self._start_from(heard)
        since = heard.seq
        comes_back = IN_BETWEEN.search(heard.folded) is not None  # "before that, …"
        if self.talk is not None and not self.talk.run.answers and not comes_back:
            self._end(self.talk.run, "overtaken", self.talk.tried)
            since = self.talk.run.since
        elif heard.key and self.history.last_move in _UNCLEAR and self.said:
            since = self.said[-1].seq  # the button says what those words were about
        self._start(kind, from_words=not heard.key, since=since, heard=heard)

    def _repeat(self, heard: Heard) -> None:
        question = self._question
        if question is None or self.talk is None:
            self._say("old_button")
            if self.history.active is not None:
                self._ask_to_resume(self.history.active)
            else:
                self.speech.ask(self._words("what_next"), TOPIC, self._topics(()))
            return
        if self._reading.volunteers(heard):
            self._say("noted")
        self.speech.ask(
            question.rephrased or question.text,
            self._key(question),
            options_of(self.talk, question),
            question.kind,
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
            solved = heard.understanding.answer == "yes" and not NOT_SOLVED.search(heard.folded)
        else:
            solved = NOT_SOLVED.search(heard.folded) is None
        self.history.open_key = ""
        if not solved:
            self._not_solved()
            return
        self._say("solved.thanks")
        self.reply.resolved = True

    def _not_solved(self) -> None:
        self._say("solved.not")
        self._say("person.phrase")
        options = [person_option(self.scene.language), *self._topics(())]
        self.speech.ask(self._words("what_next"), TOPIC, options)

    def _clarify(self, heard: Heard) -> None:
        danger = heard.understanding.emergency
        heard_of = [*([danger] if danger else []), *(i.kind for i in heard.understanding.intents)]
        self.speech.ask(self._words("clarify.which"), TOPIC, self._topics(_ours(heard_of)))

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
            options = [*options_of(self.talk, question), *person]
            self.speech.ask(question.rephrased or question.text, self._key(question), options, question.kind)
            return
        if self.history.active is not None:
            self._say("rephrase.question")
            self._ask_to_resume(self.history.active)
            return
        likely = _ours(i.kind for i in heard.understanding.intents)
        text, articles = answer_words(self.scene, heard.text)
        if articles:
            self.speech.say(text or self._words("article.perhaps"))
        for article in articles:
            self.speech.show(article_card(article))
        self.speech.ask(
            self._words("rephrase.else" if articles else "rephrase.topic"), TOPIC, self._topics(likely)
        )

    def _offer_person(self, heard: Heard) -> None:
        """Why no person has come by itself, the words that bring one, and a button (HND-010)."""
        foreign = heard.understanding.language not in LANGUAGES
        self._say("person.foreign" if foreign else "person.why")
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

    def _offer_ways(self, heard: Heard) -> None:
        """Many wait: once more in other words, a call back, or a place in the queue all the same (HND-008)."""
        call_back = topic_options(self.scene.language, [_CALL_BACK])
        likely = topic_options(self.scene.language, _ours(i.kind for i in heard.understanding.intents))
        self._say("person.many_wait")
        self._say("person.phrase")
        options = [*likely, *call_back, person_option(self.scene.language)]
        self.speech.ask(self._words("person.other_ways"), TOPIC, options)

    def _fails_at_once(self, heard: Heard) -> bool:
        """Nothing in the words asked for a person: they were not understood, and the shop hands over without an offer."""
        understood = heard.understanding
        asked = heard.key or understood.wants_person or understood.strong_words
        assistant = self.scene.settings.assistant
        too_often = self.history.misses + 1 >= assistant.max_failed_turns
        return not asked and assistant.after_failed_turns == "hand_over" and too_often

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
            "missed": move.value in MISSED
            or (move is Move.START and self._start_from(heard) == OUT_OF_SCOPE),
            "by": understood.by,
            **heard.noted,
        }
        self.reply.facts.append((events.UNDERSTOOD, body))

    def _never_twice(self, messages: list[Message]) -> list[Message]:
        """No message says exactly what the one before it said."""
        before = self.history.last_text
        for message in messages:
            if message.text and message.text == before:
                message.lines.insert(0, self._words("once_more"))
            before = message.text
        return messages


def _ours(likely: Iterable[str]) -> list[str]:
    """The three likeliest subjects that are our business."""
    return [kind for kind in dict.fromkeys(likely) if kind in kinds() and kind != OUT_OF_SCOPE][:3]
