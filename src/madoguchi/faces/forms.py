"""Forms of pages: what came in, what is wrong with it, and the proof that our own page sent it.

A form that cannot be used is shown again with everything that was typed (WCAG 3.3.1, 3.3.7).
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from madoguchi.counter.problems import NotAllowed
from madoguchi.engine.texts import tr
from madoguchi.kit.text import clean

CSRF_FIELD = "csrf"
MAX_FIELDS = 400
MAX_FILES = 10
_OURS = {"same-origin", "none"}


class Form:
    """Texts by name, files, and errors by field in the order in which they were found."""

    def __init__(
        self, language: str, data: FormData | None = None, values: Mapping[str, str] | None = None
    ) -> None:
        self.language = language
        self.sent = data is not None
        self.errors: dict[str, str] = {}
        self._start = dict(values or {})
        self._data = data or FormData()

    def start_with(self, **values: Any) -> Form:
        """What the fields hold before anything was typed."""
        self._start |= {name: str(value) for name, value in values.items() if value is not None}
        return self

    def clear(self) -> Form:
        """Forget what was sent: the page shows what is kept instead."""
        self.sent, self._data = False, FormData()
        return self

    def value(self, name: str) -> str:
        """As typed, for showing it again."""
        found = self._data.get(name)
        if isinstance(found, str):
            return found
        return "" if self.sent else self._start.get(name, "")

    def values(self, name: str) -> list[str]:
        return [value for value in self._data.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """Chosen files; a file field left empty sends one without a name."""
        return [file for file in self._data.getlist(name) if isinstance(file, UploadFile) and file.filename]

    def typed(self) -> dict[str, str]:
        """Everything a person wrote, to be given back on an error page."""
        return {
            name: value
            for name, value in self._data.multi_items()
            if isinstance(value, str) and _is_written(value) and not name.endswith(("_key", CSRF_FIELD))
        }

    def wrong(self, name: str, msgid: str, /, **params: Any) -> None:
        """Note an error; the first one of a field stays."""
        self.errors.setdefault(name, tr(self.language, msgid, **params))

    def text(self, name: str, *, needed: str = "", longest: int = 500) -> str:
        """The cleaned text. `needed`: what to say when it is empty."""
        value = clean(self.value(name)).strip()
        if needed and not value:
            self.wrong(name, needed)
        if len(value) > longest:
            self.wrong(name, "Please keep this within {limit} characters", limit=longest)
        return value

    def one_of(self, name: str, known: Collection[str], *, needed: str = "", otherwise: str = "") -> str:
        """The chosen value, if it was offered; else `otherwise`."""
        value = self.value(name)
        if value in known:
            return value
        if needed:
            self.wrong(name, needed)
        return otherwise

    def number(self, name: str, low: int, high: int) -> int:
        """A whole number, full-width digits included; outside of the range it is an error."""
        value = clean(self.value(name)).strip()
        number = int(value) if value.isdecimal() and len(value) < 10 else low - 1
        if not low <= number <= high:
            self.wrong(name, "Please choose a number from {low} to {high}", low=low, high=high)
            return low
        return number

    @property
    def first_error(self) -> str:
        return next(iter(self.errors), "")

    @property
    def is_fine(self) -> bool:
        return self.sent and not self.errors


async def read_form(request: Request, language: str) -> Form:
    """The form of a POST; an empty one otherwise."""
    if request.method != "POST":
        return Form(language)
    return Form(language, await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS))


def check_form(request: Request, form: Form, csrf: str) -> None:
    """Raise NotAllowed unless our own page sent this form (ASVS 3.5.1).

    With a session, by the word that only our pages know. A page rendered before there was a session carries no word:
    then by what the browser itself says of the sender, which no other site can forge.
    """
    if request.method != "POST":
        return
    word = form.value(CSRF_FIELD)
    if csrf and word:
        if not hmac.compare_digest(word.encode(), csrf.encode()):
            raise NotAllowed("csrf")
        return
    if not _sent_by_our_page(request):
        raise NotAllowed("csrf")


def _sent_by_our_page(request: Request) -> bool:
    said = request.headers.get("sec-fetch-site", "")
    if said:
        return said in _OURS
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


def _is_written(value: str) -> bool:
    """Told from what was only chosen: several words, or letters that no choice has."""
    return len(value) > 20 or not value.isascii() or " " in value.strip()
