"""What customers read about call-backs has words in each of their languages; tables of words are seen by no extractor."""

from __future__ import annotations

import pytest

from madoguchi.channels.mail.wordbook import others
from madoguchi.counter.callbacks import wording
from madoguchi.counter.callbacks.model import STATES
from madoguchi.engine.texts import tr

TABLES = {
    "states": wording._STATES,
    "slots": wording._SLOTS,
    "outcomes": {name: words for name, words in wording._OUTCOMES.items() if words},
    "told": wording._TOLD,
    "subjects": {what: subject for what, (_, _, subject, _) in others._CALLBACKS.items()},
    "mails": {what: words for what, (_, _, _, words) in others._CALLBACKS.items()},
}


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "zh-Hant", "ko"])
@pytest.mark.parametrize("table", TABLES)
def test_every_word_is_translated(table: str, language: str) -> None:
    places = {"when": "{when}", "number": "{number}"}
    for words in TABLES[table].values():
        told = tr(language, words, **places)
        assert told != words, words
        assert all((place in words) == (place in told) for place in ("{when}", "{number}")), told


def test_every_state_has_words() -> None:
    assert set(wording._STATES) == set(STATES)
