"""An understander whose numbers are worked out in the background, so that the first page need not wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import structlog

from madoguchi.assistant.understanding.model import Model, ModelFileError
from madoguchi.assistant.understanding.references import OrderNumberMask
from madoguchi.assistant.understanding.understander import Understander, Understanding

OWN_MODEL = "understanding.npz"
log = structlog.get_logger()


class LateUnderstander:
    """As `Understander`; the first message waits until loading has ended. Raises ValueError as that does, at once.

    A model that the shop has learnt itself (`OWN_MODEL` in `folder`) goes before the one that comes with Madoguchi.
    """

    def __init__(self, order_number_pattern: str, folder: Path | None = None) -> None:
        OrderNumberMask(order_number_pattern)
        loader = ThreadPoolExecutor(1, thread_name_prefix="understander")
        self._loading = loader.submit(_load, order_number_pattern, folder / OWN_MODEL if folder else None)
        loader.shutdown(wait=False)

    def understand(
        self,
        text: str,
        *,
        today: date,
        language_hint: str | None = None,
        context: Mapping[str, float] | None = None,
    ) -> Understanding:
        understander = self._loading.result()
        return understander.understand(text, today=today, language_hint=language_hint, context=context)


def _load(order_number_pattern: str, own: Path | None) -> Understander:
    if own is not None and own.is_file():
        try:
            return Understander(Model.load(own), order_number_pattern)
        except ModelFileError as error:
            log.warning("assistant.own_model_unusable", error=str(error))
    return Understander.load(order_number_pattern)
