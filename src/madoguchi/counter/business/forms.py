"""The words and customs of documents by locale: the nearest file of `forms/` (BIZ-011). Pure.

`en-GB` takes en-GB.toml, else en.toml; a locale for which there is nothing takes English, the language of trade.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FOLDER = Path(__file__).with_name("forms")
_OTHERWISE = "en"


class Form(BaseModel):
    """Texts hold `{value}`, `{name}`, `{amount}`, `{rate}`, `{gross}`, `{tax}`; `date` is a pattern of strftime."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sans: str
    serif: str
    date: str
    quote: str
    invoice: str
    quote_says: str
    invoice_says: str
    addressee: str
    number: str
    issued: str
    valid: str
    order: str
    traded: str
    registration: str
    total: str
    item: str
    quantity: str
    unit_price: str
    amount: str
    rate: str
    tax: str
    reduced: str
    shipping: str


def form_of(locale: str, folder: Path = _FOLDER) -> Form:
    """The form nearest to the locale."""
    return _read(next(path for path in _candidates(locale, folder) if path.is_file()))


def _candidates(locale: str, folder: Path) -> list[Path]:
    parts = [part for part in locale.split("-") if part.isalnum()]
    names = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return [*(folder / f"{name}.toml" for name in names), _FOLDER / f"{_OTHERWISE}.toml"]


@lru_cache(maxsize=32)
def _read(path: Path) -> Form:
    return Form.model_validate(tomllib.loads(path.read_text("utf-8")))
