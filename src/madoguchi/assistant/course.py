"""The runs of a contact in one turn: started, driven, ended, gone on with, or handed to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from madoguchi.assistant.case_of_turn import settles_in
from madoguchi.assistant.elsewhere import is_elsewhere, page_of_ways, says_where
from madoguchi.assistant.flows import Flow
from madoguchi.assistant.flows.general import for_a_person
from madoguchi.assistant.history import History, Run
from madoguchi.assistant.kinds import kind_label, kinds, queue_of
from madoguchi.assistant.labour import is_for_people
from madoguchi.assistant.own_flows.serving import Serving
from madoguchi.assistant.questions import Heard, Option, Question
from madoguchi.assistant.reply import HandOver, Reply
from madoguchi.assistant.runner import Stand, drive
from madoguchi.assistant.speech import Speech
from madoguchi.assistant.steps.topics import person_option
from madoguchi.assistant.summary import summarise
from madoguchi.assistant.talk import Outcome, Scene, Talk
from madoguchi.assistant.understanding import OUT_OF_SCOPE
from madoguchi.assistant.wording import moment_text, words
from madoguchi.counter.contacts import events
from madoguchi.counter.customers.account_model import PREFIX as ACCOUNT
from madoguchi.counter.customers.holdings import in_language
from madoguchi.counter.hours import closed_text
from madoguchi.counter.problems import Problem


class Course:
    """What the moves of a conversation are made of. It changes the history it was given and fills the reply."""

    def __init__(
        self, scene: Scene, flows: Mapping[str, Flow], said: list[Heard], own: Serving | None = None
    ) -> None:
        self.scene = scene
        self.flows = flows
        self.own = own or Serving()  # dialogues that the shop has written
        self.said = said  # every word of the customer before this turn
        self.history: History = scene.history
        self.speech = Speech()
        self.reply = Reply(language=scene.language)
        self.talk: Talk | None = None
        self.stand: Stand | None = None

    # ── runs ──────────────────────────────────────────────────────────────────────────────────────

    def _start(
        self,
        kind: str,
        *,
        from_words: bool,
        since: int,
        heard: Heard | None = None,
        order: str = "",
        told: Iterable[Heard] = (),
    ) -> None:
        """`told`: what the flow that leads here has heard, the words of this very turn among them."""
        if self._flow(kind).script is for_a_person and kind not in kinds():
            kind = OUT_OF_SCOPE
        own, topic = self.own.starting(kind, heard.own_topic if heard else "")
        run = Run(
            f"r{len(self.history.runs) + 1}",
            kind,
            {"since": since, "order_number": order, "known": bool(order), **own},
            since,
        )
        self.history.runs.append(run)
        self.reply.facts.append((events.FLOW_STARTED, {"run": run.id, "flow": kind, "params": run.params}))
        if kind not in (OUT_OF_SCOPE, "support_service.connect_to_agent") and not self._is_only_a_way(kind):
            self.reply.topic = kind
            self.reply.wish = kinds()[kind].wish
        if from_words and kind != OUT_OF_SCOPE and kind != "support_service.connect_to_agent":
            named = in_language(topic.name, self.scene.language) if topic else ""
            self._say("understood", topic=named or kind_label(kind, self.scene.language))
        if is_for_people(self.scene.labour, kind):
            self._go_to_person("configured", about=kind, heard=heard)
            return
        if is_elsewhere(self.scene.settings, kind):
            self._tell_where(run, kind)
            return
        known = {h.seq: h for h in (*self.said, *told, *([heard] if heard else []))}
        said = [known[seq] for seq in sorted(known) if seq >= since]
        self._drive(Talk(run, self.scene, said))

    def _tell_where(self, run: Run, kind: str) -> None:
        """The shop serves this matter, but not in the chat (CH-059)."""
        self.speech.say("\n".join(says_where(self.scene, kind)))
        self.speech.show(page_of_ways(self.scene, kind))
        self._end(run, "elsewhere", [self._words("tried.elsewhere")])
        self._after_end(run, Outcome("other_channel"))

    def _hold_again(self, run: Run, key: str, value: Any, *, heard: Heard) -> None:
        """A new run of the same flow, with the answers before `key`, and another answer there."""
        before = dict(list(run.answers.items())[: list(run.answers).index(key)])
        again = Run(f"r{len(self.history.runs) + 1}", run.flow, run.params, run.since)
        self.history.runs.append(again)
        self.reply.facts.append(
            (events.FLOW_STARTED, {"run": again.id, "flow": again.flow, "params": again.params})
        )
        self.reply.topic = again.flow
        talk = Talk(again, self.scene, [*(each for each in self.said if each.seq >= run.since), heard])
        for name, answer in {**before, key: value}.items():
            self._record(talk, name, answer)
        self._drive(talk)

    def _drive(self, talk: Talk) -> None:
        self.talk = talk
        self.stand = drive(self._flow_of(talk.run), talk)
        self._keep_recorded(talk)
        self.speech.add(talk.speech)
        if talk.order_number:
            self.reply.order_number = talk.order_number
        self.reply.goes_on_with = talk.goes_on_with or self.reply.goes_on_with
        if self.stand.outcome is not None:
            self._finish(talk, self.stand.outcome, None)

    def _finish(self, talk: Talk, outcome: Outcome, said: Speech | None) -> None:
        """A run has ended: tell what is left to tell, and go where its end points."""
        if said is not None:
            self.speech.add(talk.speech)
        if outcome.language:
            self.reply.language = outcome.language
            self.scene = replace(self.scene, language=outcome.language)
        if outcome.what == "handover":
            fixed = self._flow_of(talk.run).queue
            queue = outcome.queue or (fixed if fixed != queue_of(talk.kind) else "")
            self._go_to_person(outcome.reason, queue=queue, priority=outcome.priority)
            return
        self._end(talk.run, outcome.what, talk.tried, outcome.target)
        if outcome.what == "other_flow":
            self._start(
                outcome.target,
                from_words=False,
                since=talk.run.since,
                order=talk.order_number,
                told=talk.said,
            )
            return
        self._after_end(talk.run, outcome)

    def _after_end(self, run: Run, outcome: Outcome) -> None:
        """Go on with what was put aside, or ask once whether it is solved. Nobody is left without any words."""
        self.talk, self.stand = None, None
        waiting = self.history.active
        wordless = not self.speech.messages
        if waiting is not None:
            self._ask_to_resume(waiting)
        elif (outcome.ask_solved or wordless) and run.flow not in self.history.solved_asked:
            options = [
                Option("yes", self._words("button.solved")),
                Option("no", self._words("button.not_solved")),
                person_option(self.scene.language),
            ]
            self.speech.ask(self._words("solved.ask"), f"solved:{run.flow}", options)
            self.history.solved_asked.add(run.flow)
            self.history.open_key = f"solved:{run.flow}"

    def _ask_to_resume(self, waiting: Run) -> None:
        topic = kind_label(waiting.flow, self.scene.language)
        options = [Option("yes", self._words("button.resume")), Option("no", self._words("button.no_resume"))]
        key = f"resume:{waiting.id}#{self.history.turns}"
        self.speech.ask(self._words("resume.ask", topic=topic), key, options)
        self.history.open_key = key

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
                if value.startswith(ACCOUNT):
                    here = self.scene.contact.id
                    self.scene.accounts.withdraw(self.scene.actor, value, contact_id=here)
                else:
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
        if kind == "support_service.connect_to_agent" or self._is_only_a_way(kind):
            kind = scene.contact.topic
        desk = queue or scene.desk_of(kind)
        self._say("handover.ok")
        hours = scene.hours_of(desk)
        if not hours.is_open(scene.now):
            if why := closed_text(hours.closed_for(scene.now), scene.language):
                self.speech.say(why)
            opens = hours.next_opening(scene.now)
            if opens is not None:
                self._say("handover.closed", opens=moment_text(opens.astimezone(scene.zone), scene.language))
            else:
                self._say("handover.closed_unknown")
            if scene.case is not None:
                order = self.reply.order_number or scene.contact.order_number
                goes_on = settles_in(scene.case, scene.cases.values(), kind, order)
                self._say("guidance.closed_case", case=goes_on.label)
        summary = summarise(
            self.history,
            self.talk,
            kind=kind,
            language=scene.language,
            reason=reason,
            words_now=heard.text if heard else "",
            order_number=self.reply.order_number or scene.contact.order_number or self._order_named(heard),
        )
        self.reply.hand_over = HandOver(desk, priority, reason, summary)
        if kind in kinds():
            self.reply.topic = kind
            self.reply.wish = self.reply.wish or kinds()[kind].wish
        self._end_open_runs("handover")

    def _is_only_a_way(self, kind: str) -> bool:
        """A call-back asked for about a matter that was chosen on the page before: the matter stays (CH-003)."""
        chosen = self.scene.contact.attributes.get("problem", "")
        return kind == "support_service.callback_request" and chosen not in ("", kind)

    def _order_named(self, heard: Heard | None) -> str:
        """The order number that the customer has written last, whosever it is: the agent will check."""
        for words_of in reversed([*self.said, *([heard] if heard else [])]):
            if words_of.understanding.entities.order_numbers:
                return words_of.understanding.entities.order_numbers[-1]
        return ""

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    @property
    def _question(self) -> Question | None:
        return self.stand.question if self.stand else None

    def _flow(self, kind: str) -> Flow:
        return self.flows.get(kind) or Flow(kind, for_a_person, queue_of(kind) or "general", scripted=False)

    def _begins_with(self, kind: str) -> Flow:
        """What a conversation about this kind would be held with if it began now."""
        return self.own.flow(self.own.starting(kind)[0], self._flow(kind))

    def _flow_of(self, run: Run) -> Flow:
        """What this run is held with, which is what it began with."""
        return self.own.flow(run.params, self._flow(run.flow))

    def _say(self, key: str, **places: Any) -> None:
        self.speech.say(self._words(key, **places))

    def _words(self, key: str, **places: Any) -> str:
        return words(self.scene.language, key, turn=self.history.turns, **places)
