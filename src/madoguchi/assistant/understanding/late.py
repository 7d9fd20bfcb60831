"""An understander whose numbers are worked out in the background, so that the first page need not wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from madoguchi.assistant.understanding.references import OrderNumberMask
from madoguchi.assistant.understanding.understander import Understander, Understanding


class LateUnderstander:
    """As `Understander`; the first message waits until loading has ended. Raises ValueError as that does, at once."""

    def __init__(self, order_number_pattern: str) -> None:
        OrderNumberMask(order_number_pattern)
        loader = ThreadPoolExecutor(1, thread_name_prefix="understander")
        self._loading = loader.submit(Understander.load, order_number_pattern)
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
