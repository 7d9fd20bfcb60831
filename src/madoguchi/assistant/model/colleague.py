"""The language model as a colleague: asked within budget and patience, believed only after a check.

A `Sitting` is one turn, or one wish of an agent: its calls share one deadline, and after a failure the rest of it is
done without the model. Nothing here raises because of the model; None means "do it the deterministic way".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import httpx
import structlog

from madoguchi.assistant.model import calls
from madoguchi.assistant.model.breaker import Breaker
from madoguchi.assistant.model.client import Client, Completion, Heard, ModelFailed, Question, most_tokens
from madoguchi.assistant.model.prompts import Block, compose, version
from madoguchi.engine.database import Database
from madoguchi.engine.settings import Settings

Purpose = Literal["understanding", "wording", "answers", "summaries", "suggestions", "translation"]
T = TypeVar("T")

log = structlog.get_logger()
_TOO_LATE_S = 0.5  # less patience than this is not worth a call
_COSTS_NOTHING = frozenset({"unreachable", "refused"})


class Colleague:
    """Serves any number of threads. Without a `base_url` it never says anything."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.zone = ZoneInfo(settings.shop.timezone)
        self.breaker = Breaker(settings.model.failures, settings.model.pause_s, clock)
        self.client = Client(settings.model, transport) if settings.model.connected else None

    @property
    def name(self) -> str:
        return self.settings.model.name

    def may(self, purpose: Purpose) -> bool:
        """Whether there is a model and it is used for this."""
        return self.client is not None and bool(getattr(self.settings.model, purpose))

    def sit(self, contact_id: str) -> Sitting:
        return Sitting(self, contact_id)

    def close(self) -> None:
        if self.client is not None:
            self.client.close()


class Sitting:
    """One turn's calls about one contact."""

    def __init__(self, colleague: Colleague, contact_id: str) -> None:
        self._colleague = colleague
        self._contact_id = contact_id
        self._until = colleague.clock() + colleague.settings.model.total_s
        self._failed = False

    @property
    def settings(self) -> Settings:
        return self._colleague.settings

    @property
    def by(self) -> str:
        return self._colleague.name

    def may(self, purpose: Purpose) -> bool:
        return self._colleague.may(purpose) and not self._failed and self._patience() > _TOO_LATE_S

    def ask(
        self,
        purpose: Purpose,
        blocks: Sequence[Block],
        parse: Callable[[str], T],
        *,
        schema: dict[str, Any] | None = None,
        heard: Heard | None = None,
        **places: str,
    ) -> T | None:
        """What `parse` makes of the model's words; None where there are none, or `parse` raised ValueError.

        `heard`: told what has come so far, unchecked, while it comes.
        """
        client = self._colleague.client
        if client is None or not self.may(purpose) or not self._colleague.breaker.admits():
            return None
        question = compose(purpose, blocks, schema=schema, **places)
        call_id = self._reserve(purpose, question)
        if call_id is None:
            log.info("model.budget_used_up", contact=self._contact_id, purpose=purpose)
            return None
        began = self._colleague.clock()
        try:
            completion = client.complete(question, max(0.05, self._patience()), heard)
        except ModelFailed as failed:
            self._failed = True
            self._colleague.breaker.failed()
            self._settle(call_id, failed.outcome, began, None)
            return None
        self._colleague.breaker.succeeded()
        try:
            result = parse(completion.text)
        except ValueError:
            self._settle(call_id, "rejected", began, completion)
            return None
        self._settle(call_id, "ok", began, completion)
        return result

    def _patience(self) -> float:
        return self._until - self._colleague.clock()

    def _reserve(self, purpose: Purpose, question: Question) -> str | None:
        model = self.settings.model
        call = calls.Call(
            contact_id=self._contact_id,
            purpose=purpose,
            prompt=version(purpose),
            tokens_in=most_tokens(question.system + question.user),
            tokens_out=model.max_tokens,
        )
        return self._colleague.database.write(calls.reserve, model, self._colleague.zone, call)

    def _settle(self, call_id: str, outcome: str, began: float, completion: Completion | None) -> None:
        latency_ms = round((self._colleague.clock() - began) * 1000)
        log.info("model.called", contact=self._contact_id, outcome=outcome, latency_ms=latency_ms)
        used = (0, 0, 0) if outcome in _COSTS_NOTHING else None
        if completion is not None:
            tokens = completion.tokens_in, completion.tokens_out
            used = (*tokens, calls.price(self.settings.model, *tokens))
        self._colleague.database.write(
            calls.settle,
            call_id,
            outcome,
            latency_ms=latency_ms,
            first_token_ms=completion.first_token_ms if completion else 0,
            used=used,
        )
