"""A mark of what somebody has seen of a row, so that a change by somebody else in between is noticed. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from madoguchi.kit.ids import fingerprint


def seen_mark(values: Mapping[str, Any]) -> str:
    """The same for the same values, whatever their order; it travels in a form and says nothing of them."""
    return fingerprint(json.dumps(values, sort_keys=True, default=str, ensure_ascii=False))[:20]
