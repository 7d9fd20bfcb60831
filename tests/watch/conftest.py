"""The demonstration shop with everything put together."""

from __future__ import annotations

from tests.assistant.conftest import chat as chat
from tests.assistant.conftest import house as house
from tests.assistant.conftest import stage as stage
