"""An understander whose numbers are worked out in the background, and anew when the shop's own model changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

import structlog

from madoguchi.assistant.understanding.model import Model, ModelFileError
from madoguchi.assistant.understanding.references import OrderNumberMask
from madoguchi.assistant.understanding.understander import Understander, Understanding

OWN_MODEL = "understanding.npz"
log = structlog.get_logger()

Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class Loaded:
    """`digest`: of the shop's own model file; empty for the one that comes with Madoguchi."""

    understander: Understander
    digest: str


class LateUnderstander:
    """As `Understander`; the first message waits until loading has ended. Raises ValueError as that does, at once.

    A model that the shop has learnt itself (`OWN_MODEL` in `folder`) goes before the one that comes with Madoguchi.
    Another file in its place is taken over at the next message; one that cannot be used is not, and what served before
    serves on. Safe for any number of threads: one of them loads, the others do not wait for it.
    """

    def __init__(self, order_number_pattern: str, folder: Path | None = None) -> None:
        OrderNumberMask(order_number_pattern)
        self._pattern = order_number_pattern
        self._own = folder / OWN_MODEL if folder else None
        self._stamp = _stamp(self._own)
        self._renewing = Lock()
        loader = ThreadPoolExecutor(1, thread_name_prefix="understander")
        self._loaded: Future[Loaded] = loader.submit(self._load, None)
        loader.shutdown(wait=False)

    def understand(
        self,
        text: str,
        *,
        today: date,
        language_hint: str | None = None,
        context: Mapping[str, float] | None = None,
    ) -> Understanding:
        return self._newest().understand(text, today=today, language_hint=language_hint, context=context)

    def likely(self, words: str, language: str) -> dict[str, float]:
        """As `Understander.likely`."""
        return self._newest().likely(words, language)

    def weighed(self, text: str) -> dict[str, float]:
        """As `Understander.weighed`."""
        return self._newest().weighed(text)

    def weighed_example(self, text: str) -> dict[str, float]:
        """As `Understander.weighed_example`."""
        return self._newest().weighed_example(text)

    def _newest(self) -> Understander:
        if _stamp(self._own) != self._stamp and self._renewing.acquire(blocking=False):
            try:
                self._renew()
            finally:
                self._renewing.release()
        return self._loaded.result().understander

    def _renew(self) -> None:
        before = self._loaded.result()
        self._stamp = _stamp(
            self._own
        )  # first: what is put there while we load is noticed at the next message
        renewed: Future[Loaded] = Future()
        renewed.set_result(self._load(before))
        self._loaded = renewed

    def _load(self, before: Loaded | None) -> Loaded:
        if self._own is not None and self._own.is_file():
            try:
                digest = hashlib.sha256(self._own.read_bytes()).hexdigest()
                if before is not None and digest == before.digest:
                    return before
                loaded = Loaded(Understander(Model.load(self._own), self._pattern), digest)
            except (OSError, ModelFileError) as error:
                log.warning("assistant.own_model_unusable", error=str(error))
                if before is not None:
                    return before
            else:
                log.info("assistant.own_model", digest=digest[:12])
                return loaded
        return Loaded(Understander.load(self._pattern), "")


def _stamp(file: Path | None) -> Stamp:
    """What changes with the file, without reading it."""
    if file is None:
        return None
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
