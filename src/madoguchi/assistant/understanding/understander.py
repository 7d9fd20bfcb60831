"""From the customer's words to what they want: the assistant's understanding, without a language model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from madoguchi.assistant import language as languages
from madoguchi.assistant.understanding import clauses, emergency, person
from madoguchi.assistant.understanding.answers import Moves, read_moves
from madoguchi.assistant.understanding.answers_chinese_korean import SOCIAL
from madoguchi.assistant.understanding.entities import Entities, find_entities
from madoguchi.assistant.understanding.model import Model
from madoguchi.assistant.understanding.references import DEFAULT_ORDER_NUMBER, OrderNumberMask
from madoguchi.assistant.understanding.slots import SlotValue, find_slots
from madoguchi.kit import text as kit_text

OUT_OF_SCOPE = "general.out_of_scope"
CONNECT_TO_AGENT = "support_service.connect_to_agent"

_LONGEST = 4000
_EXAMPLES_KEPT = 5000
_REJECT_BELOW = 0.15
_CLAUSE_ABOVE = 0.95
_RAMBLE, _RAMBLE_ABOVE = 7, 0.5  # parts of a text that buries its matter; what its whole must reach to count
_TOPIC_ABOVE = 0.45
_SERVICE_ABOVE = 0.75
_BARE_WISH_ABOVE = 0.70
_TOPIC_BESIDE_ABOVE = 0.85
_SHOWN_ABOVE = 0.08
_LIKELY_AT_LEAST = 0.01
# Texts with less than this share of runs ever seen are none of our trade; one word of Chinese has fewer to be seen.
_KNOWN_AT_LEAST = {"ja": 0.35, "en": 0.50, "zh-Hans": 0.12, "zh-Hant": 0.12, "ko": 0.35}
_PERSON_ABOVE = 0.45
_PERSON_UNNAMED_ABOVE = 0.90  # neither somebody nor a way to reach them is named
_CERTAIN = 0.97
_DANGER_AT_LEAST = 0.1  # share of all dangers together, below which an alarm is taken for a false one
# Kinds that speak of persons themselves, so that cutting out the wish would cut out what they are about.
_OF_THE_SERVICE = frozenset(
    f"support_service.{name}"
    for name in (
        "escalate_supervisor",
        "callback_request",
        "language_support",
        "contact_channels_hours",
        "phone_unreachable",
        "case_follow_up",
        "slow_reply",
        "feedback_complaint",
        "contact_history",
        "history_privacy",
        "chat_resume",
        "chat_technical_issue",
    )
)

_REFERENCE = re.compile(
    r"https?://\S+|www\.\S+|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,255}|(?<![a-z])c-\d{4,}|\d{3}[-\s]?\d{7}[-\s]?\d{7}|\d{5,}"
)
# What is left beside a number or an address says nothing of its own: 448800112233이에요.
_ONLY_REFERENCE = re.compile(
    r"(?:[\s、。,.:：!！-]|です|でした|番号は|(?:이)?(?:에요|예요|요)|입니다|번호는?|it'?s|it is|(?:the |my )?number is|是|为|為|(?:运|運|快递|快遞|物流|包裹|查[询詢])?[单單]?(?:号|號)[码碼]?)*"
)
# A no to what was offered, before the wish is said anew: it is not what the message is about.
_REJECTED = re.compile(
    r"^(?:(?:いいえ|いえ|いや|no|nope|sorry|아니요|아니에요|아뇨|不是?)?[\s、，,.。]*)"
    r"(?:違います|ちがいます|違う|そう(?:では|じゃ)(?:なくて|なく|ありません|ない)(?:です)?|"
    r"that'?s not (?:it|right|what i (?:want|meant|mean|asked for))|that is not (?:it|right|what i (?:want|meant|mean|asked for))|that'?s wrong|"
    r"不是[这這那]个?意思|不[对對]|[错錯]了|그게 ?아니(?:라|고|에요|라고)(?:요)?|그거 ?(?:말고|아니에요)(?:요)?)[\s、，,.。!！]+(?=.{4})"
)
_SOCIAL = re.compile(
    r"(?:[\s、。,.!！?？~〜…🙏🙇😊👍❤️:;)(-]|こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|はじめまして|初めまして|お世話に(?:なって(?:い|お)ります|なります|なりました)|お疲れ様です|もしもし|どうも|やあ|"
    r"(?:本当に|ほんとうに|ほんと|大変|とても|色々|いろいろ|対応|ご対応|丁寧に|早速の|早速)*(?:ありがと(?:う|さん)?(?:ございます|ございました|です)?|有難う(?:ございます|ございました)?|助かりました|助かります|助かった|感謝(?:です|します|しています)?)|(?:よろしく|宜しく)(?:お願い(?:します|いたします|致します|申し上げます))?|"
    r"hello|hi|hey|hiya|howdy|there|good (?:morning|afternoon|evening|day)|greetings|yo|thank(?:s| you)?|thx|ty|tysm|cheers|(?:so|very) much|a lot|for (?:your|the) help|for that|much appreciated|that'?s all|bye|goodbye|have a (?:nice|good|great) day|how are you(?: today| doing)?|team|everyone|madam|sir|"
    + SOCIAL
    + r")+"
)


@dataclass(frozen=True)
class Intent:
    """What the message may be about: a taxonomy id and how sure, 0 to 1."""

    kind: str
    confidence: float


@dataclass(frozen=True)
class Understanding:
    """One message, understood. `intents` best first; none means not understood.

    `answer` is only ever set for a message that is a yes or a no and nothing else. `emergency` is a taxonomy
    id, `safety` or `self_harm`. Nothing here decides: it proposes to the decision table.
    """

    text: str
    language: str
    language_confidence: float
    intents: tuple[Intent, ...]
    entities: Entities
    answer: Literal["yes", "no"] | None
    wants_person: bool
    emergency: str | None
    wants_back: bool
    wants_cancel_talk: bool
    correction: bool
    negated: tuple[str, ...]
    greeting: bool
    thanks: bool
    strong_words: bool
    refers: Literal["other", "earlier", "also"] | None = None
    guessed: frozenset[str] = frozenset()  # danger, person: told by the score alone, by no pattern
    by: str = ""  # the version of the model that was asked (TECH-009)

    @property
    def intent(self) -> Intent | None:
        return self.intents[0] if self.intents else None

    def slots(self) -> dict[str, SlotValue]:
        """What the message says, in the vocabulary of the catalogue's slots."""
        return find_slots(self.text, self.language, self.entities, self.intent.kind if self.intent else "")


@dataclass(frozen=True)
class _Alarms:
    danger: str | None = None
    person: bool = False


@lru_cache(maxsize=1)
def _shipped_model() -> Model:
    return Model.load()


@lru_cache(maxsize=8)
def _negation_reader(words: tuple[tuple[str, str], ...]) -> clauses.NegationReader:
    return clauses.NegationReader(dict(words))


class Understander:
    """Reads messages in the languages its model has learnt.

    Holds no state between messages, so one may serve any number of threads.
    """

    def __init__(self, model: Model, order_number_pattern: str | None = None) -> None:
        """Raises ValueError for an unusable `order_number_pattern` (see `OrderNumberMask`)."""
        self._mask = OrderNumberMask(order_number_pattern or DEFAULT_ORDER_NUMBER)
        self._order_pattern = self._mask.pattern()
        self._model = model
        self._negations = _negation_reader(tuple(sorted(model.words.items())))
        self._kept = lru_cache(maxsize=_EXAMPLES_KEPT)(self.weighed)

    @classmethod
    def load(cls, order_number_pattern: str | None = None, file: Path | None = None) -> Understander:
        """With the model in `file`, or the one that comes with Madoguchi. Raises ModelFileError."""
        return cls(Model.load(file) if file else _shipped_model(), order_number_pattern)

    def understand(
        self,
        text: str,
        *,
        today: date,
        language_hint: str | None = None,
        context: Mapping[str, float] | None = None,
    ) -> Understanding:
        """Never raises, whatever `text` is; what exceeds 4,000 characters is not read.

        `context`: natural-log weights added per kind (0 = as likely as the words say), from what the
        customer's own orders and the page make likely.
        """
        text = kit_text.clean(text[:_LONGEST])
        folded = kit_text.fold(text)
        identified = languages.identify(text, language_hint)
        moves = read_moves(folded)
        danger = emergency.find_emergency(folded)
        wants_person = person.wants_person(folded)
        subject = _REJECTED.sub("", folded)
        negations = self._negations.read(subject)
        intents = self._intents(
            subject, identified.language, moves, wants_person, danger, negations, context or {}
        )
        alarms = self._alarms(subject, identified.language)
        guessed = set()
        if danger is None and alarms.danger is not None:
            danger = alarms.danger
            guessed.add("danger")
        if not wants_person and (alarms.person or _person_by_score(intents, folded)):
            wants_person = True
            guessed.add("person")
        return Understanding(
            text=text,
            language=identified.language,
            language_confidence=identified.confidence,
            intents=intents,
            entities=find_entities(text, today, self._mask, self._order_pattern, identified.language),
            answer=moves.answer,
            wants_person=wants_person,
            emergency=danger,
            wants_back=moves.wants_back,
            wants_cancel_talk=moves.wants_cancel_talk,
            correction=moves.correction,
            negated=negations.kinds,
            greeting=moves.greeting,
            thanks=moves.thanks,
            guessed=frozenset(guessed),
            strong_words=moves.strong_words,
            refers=moves.refers,
            by=self._model.version,
        )

    def weighed(self, text: str) -> dict[str, float]:
        """What of a text tells texts apart, of length 1; what the model never saw tells most. Empty for none."""
        return self._model.weighed(kit_text.fold(kit_text.clean(text[:_LONGEST])))

    def weighed_example(self, text: str) -> dict[str, float]:
        """The same of a text of the shop that every message is compared with; it is kept, and not to be changed."""
        return self._kept(text)

    def likely(self, text: str, language: str) -> dict[str, float]:
        """Every kind that the words may be about, with its share; what is none of our trade has no kind (HLP-002)."""
        subject = _REFERENCE.sub(" ", kit_text.fold(kit_text.clean(text[:_LONGEST]))).strip()
        if language not in self._model.sharpness or not any(c.isalpha() for c in subject):
            return {}
        scored = self._model.score(subject, language)
        if scored.known < _KNOWN_AT_LEAST[language]:
            return {}
        shares = zip(self._model.kinds, map(float, scored.shares), strict=True)
        return {kind: share for kind, share in shares if share >= _LIKELY_AT_LEAST}

    def _intents(
        self,
        folded: str,
        language: str,
        moves: Moves,
        wants_person: bool,
        danger: str | None,
        negations: clauses.Negations,
        context: Mapping[str, float],
    ) -> tuple[Intent, ...]:
        if wants_person:
            found = self._topic_beside_wish(negations.rest, language, context)
        elif moves.answer or moves.wants_back or _SOCIAL.fullmatch(folded):
            found = ()
        else:
            found = self._classify(negations.rest, language, context)
            if not _person_by_score(found, folded):
                found = tuple(i for i in found if i.kind != CONNECT_TO_AGENT)
        found = tuple(i for i in found if i.kind not in negations.kinds)
        if danger and "." in danger:
            found = (Intent(danger, _CERTAIN), *(i for i in found if i.kind != danger))
        return found

    def _alarms(self, folded: str, language: str) -> _Alarms:
        """Second net under the patterns: a danger, or a wish for a person, in words nobody foresaw."""
        subject = _REFERENCE.sub(" ", folded).strip()
        if language not in self._model.sharpness or not any(c.isalpha() for c in subject):
            return _Alarms()
        scored = self._model.score(subject, language)
        if scored.known < _KNOWN_AT_LEAST[language]:
            return _Alarms()
        danger = None
        if scored.alarms.get("danger", -1.0) > 0 and not emergency.is_doubtful(folded):
            by_share = zip(scored.shares, self._model.kinds, strict=True)
            dangers = sorted(pair for pair in by_share if pair[1] in emergency.KINDS)
            if sum(share for share, _ in dangers) >= _DANGER_AT_LEAST:
                danger = dangers[-1][1]
        return _Alarms(danger, scored.alarms.get("person", -1.0) > 0 and person.may_be_a_wish(folded))

    def _topic_beside_wish(
        self, folded: str, language: str, context: Mapping[str, float]
    ) -> tuple[Intent, ...]:
        """A topic and a wish for a person: the topic; a bare wish: `connect_to_agent` (taxonomy rule 10)."""
        wish = Intent(CONNECT_TO_AGENT, _CERTAIN)
        rest = clauses.core(person.without_wish(folded))
        topics: list[Intent] = []
        if len(rest) >= 2 and not person.wants_person(rest):
            topics = [i for i in self._classify(rest, language, context) if _is_topic(i)]
        whole = self._classify(folded, language, context)
        if whole and whole[0].kind == CONNECT_TO_AGENT and whole[0].confidence >= _BARE_WISH_ABOVE:
            topics = [i for i in topics if i.confidence >= _TOPIC_BESIDE_ABOVE]
        if (
            not topics
            and whole
            and whole[0].kind in _OF_THE_SERVICE
            and whole[0].confidence >= _SERVICE_ABOVE
        ):
            topics = [whole[0]]
        return (*topics, wish)

    def _classify(self, folded: str, language: str, context: Mapping[str, float]) -> tuple[Intent, ...]:
        subject = _REFERENCE.sub(" ", folded).strip()
        if subject != folded.strip() and _ONLY_REFERENCE.fullmatch(subject):
            return ()
        word = self._model.words.get(clauses.core(subject))
        if word:
            return (Intent(word, _CERTAIN),)
        if language not in self._model.sharpness or not any(c.isalpha() for c in subject):
            return ()
        ranked = self._ranked(subject, language, context)
        parts = clauses.clauses(subject)
        if len(parts) > 1:
            ranked = self._with_clauses(ranked, parts, language, context)
        if not ranked or ranked[0].confidence < _REJECT_BELOW:
            return ()
        return tuple(i for i in ranked if i.confidence >= _SHOWN_ABOVE)[:4]

    def _ranked(self, subject: str, language: str, context: Mapping[str, float]) -> list[Intent]:
        scored = self._model.score(subject, language, context)
        if scored.known < _KNOWN_AT_LEAST[language]:
            return []
        order = np.argsort(-scored.shares)[:6]
        return [Intent(self._model.kinds[i], round(float(scored.shares[i]), 4)) for i in order]

    def _with_clauses(
        self, ranked: list[Intent], parts: list[str], language: str, context: Mapping[str, float]
    ) -> list[Intent]:
        """The whole message's kinds, and what single clauses clearly add; of two clear wishes the first said leads."""
        clear = [
            best[0]
            for part in parts
            if (best := self._part(part, language, context))
            and best[0].confidence >= _CLAUSE_ABOVE
            and best[0].kind != OUT_OF_SCOPE
        ]
        if not clear:
            return ranked
        least = _RAMBLE_ABOVE if len(parts) >= _RAMBLE else _REJECT_BELOW
        confident = ranked[0] if ranked and ranked[0].confidence >= least else None
        kinds = list(dict.fromkeys(i.kind for i in clear))
        if (
            confident is None
            or confident.kind == OUT_OF_SCOPE
            or (len(kinds) > 1 and confident.kind in kinds)
        ):
            first = clear[0]
        else:
            first = confident
        by_kind = {i.kind: i for i in sorted((*clear, *ranked[1:]), key=lambda i: i.confidence)}
        return [
            first,
            *sorted((i for i in by_kind.values() if i.kind != first.kind), key=lambda i: -i.confidence),
        ]

    def _part(self, part: str, language: str, context: Mapping[str, float]) -> list[Intent]:
        word = self._model.words.get(clauses.core(part))
        return [Intent(word, _CERTAIN)] if word else self._ranked(part, language, context)


def _is_topic(intent: Intent) -> bool:
    return intent.kind not in (CONNECT_TO_AGENT, OUT_OF_SCOPE) and intent.confidence >= _TOPIC_ABOVE


def _person_by_score(intents: tuple[Intent, ...], folded: str) -> bool:
    if not intents or intents[0].kind != CONNECT_TO_AGENT or person.is_about_a_person(folded):
        return False
    needed = _PERSON_ABOVE if person.may_be_a_wish(folded) else _PERSON_UNNAMED_ABOVE
    return intents[0].confidence >= needed
