"""No two commands of the desk share a key."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

STATE = Path(__file__).parents[2] / "web" / "desk" / "state"


def test_every_key_of_the_desk_does_one_thing() -> None:
    found = [
        key
        for path in sorted(STATE.glob("*commands.ts"))
        for key in re.findall(r'"((?:(?:Mod|Shift|Alt)\+)*Key[A-Z])"', path.read_text("utf-8"))
    ]
    assert len(found) > 15
    assert [key for key, times in Counter(found).items() if times > 1] == []
