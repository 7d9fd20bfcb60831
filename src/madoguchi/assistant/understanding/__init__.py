"""Understanding a customer's message without a language model: kind, entities, yes or no, wish for a person, danger.

Understanding proposes, rules decide: nothing here acts, asks or knows about orders. It is learnt from the phrases
in `assistant/phrases/<language>/<kind>.txt` by `madoguchi assistant train` and shipped as `model.npz`.
"""

from madoguchi.assistant.understanding.emergency import SAFETY, SELF_HARM
from madoguchi.assistant.understanding.entities import Entities
from madoguchi.assistant.understanding.late import LateUnderstander
from madoguchi.assistant.understanding.model import Model, ModelFileError
from madoguchi.assistant.understanding.money import Amount
from madoguchi.assistant.understanding.phrases import PhraseFileError, Phrases
from madoguchi.assistant.understanding.references import OrderNumberMask
from madoguchi.assistant.understanding.understander import (
    CONNECT_TO_AGENT,
    OUT_OF_SCOPE,
    Intent,
    Understander,
    Understanding,
)

__all__ = [
    "CONNECT_TO_AGENT",
    "OUT_OF_SCOPE",
    "SAFETY",
    "SELF_HARM",
    "Amount",
    "Entities",
    "Intent",
    "LateUnderstander",
    "Model",
    "ModelFileError",
    "OrderNumberMask",
    "PhraseFileError",
    "Phrases",
    "Understander",
    "Understanding",
]
