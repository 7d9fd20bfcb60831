"""Pages: one Jinja environment, the reader's language and display settings, and the headers every page carries.

No page contains inline script or style, so the policy can forbid both (S-05, ASVS 3.4.3); every text that people
typed is escaped by the environment itself.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from madoguchi.counter.team.policy import may
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr, trn
from madoguchi.kit.languages import NAMES, colon, comma, day_pattern, locale_of, nearest

LANGUAGE_COOKIE = "madoguchi_language"
DISPLAY_COOKIE = "madoguchi_display"
YEAR_S = 365 * 86400
STATIC = Path(__file__).parent.parent / "static"
_FACES = ("customer", "desk", "seller", "demo", "console")


@dataclass(frozen=True)
class Display:
    """The reader's own display settings (ux 2.4), on top of the system's; kept in a cookie, `auto.100.normal.auto`."""

    theme: str = "auto"
    size: str = "100"
    lines: str = "normal"
    motion: str = "auto"

    CHOICES = {  # noqa: RUF012 - a table, not a field
        "theme": ("auto", "light", "dark", "hc"),
        "size": ("100", "125", "150", "200"),
        "lines": ("normal", "loose"),
        "motion": ("auto", "less"),
    }

    @classmethod
    def of(cls, values: dict[str, str]) -> Display:
        """Known values only; anything else is as usual."""
        kept = {name: values[name] for name, known in cls.CHOICES.items() if values.get(name) in known}
        return cls(**kept)

    @classmethod
    def from_cookie(cls, text: str) -> Display:
        return cls.of(dict(zip(cls.CHOICES, text.split("."), strict=False)))

    def to_cookie(self) -> str:
        return ".".join(getattr(self, name) for name in self.CHOICES)


def pick_language(request: Request, settings: Settings, session_language: str = "") -> str:
    """`?lang=`, then the cookie of an earlier choice, the session's, Accept-Language, the shop's first (LNG-001)."""
    offered = list(settings.shop.languages)
    wished = [
        request.query_params.get("lang", ""),
        request.cookies.get(LANGUAGE_COOKIE, ""),
        session_language,
    ]
    wished += [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return next(filter(None, (nearest(wish, offered) for wish in wished)), offered[0])


def local_path(path: str, fallback: str = "/") -> str:
    """`path` if it leads to a page of ours, else `fallback`: a redirect never leaves the house (ASVS 3.7.2)."""
    parts = urlsplit(path)
    plain = path.isprintable() and "\\" not in path and path.startswith("/") and not path.startswith("//")
    return path if plain and not parts.scheme and not parts.netloc else fallback


def with_query(path: str, **values: str) -> str:
    """`path` with these query values set; an empty one is left out."""
    parts = urlsplit(path)
    query = {**dict(parse_qsl(parts.query)), **values}
    text = urlencode({name: value for name, value in query.items() if value})
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}{'?' + text if text else ''}{anchor}"


@lru_cache
def _fingerprint(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file, which changes with its content."""
    path = STATIC / name
    if not path.is_file():
        return f"/static/{name}"
    return f"/static/{name}?v={_fingerprint(path, path.stat().st_mtime_ns)}"


def page_headers(settings: Settings) -> dict[str, str]:
    """What a browser may do with a page of ours: nothing inline, nothing from elsewhere, no frame around it."""
    shop = urlsplit(settings.shop.url)
    pictures = f" {shop.scheme}://{shop.netloc}" if shop.scheme in ("http", "https") and shop.netloc else ""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:{pictures}; connect-src 'self';"
            " font-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
            " require-trusted-types-for 'script'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


class Clockwork:
    """Moments as readers of one language expect them, in the shop's zone, with the day of the week."""

    def __init__(self, language: str, zone: str, now: datetime) -> None:
        self._language = language
        self._locale = locale_of(language)
        self._zone = ZoneInfo(zone)
        self.now = now

    def moment(self, value: datetime | str | None) -> str:
        """「11月21日(土) 14:05」; with the year when it is not this year's."""
        if not value:
            return ""
        local = _moment(value).astimezone(self._zone)
        between = ", " if self._language == "en" else " "
        return format_datetime(local, f"{self._day_pattern(local)}{between}H:mm", locale=self._locale)

    def day(self, value: datetime | date | str | None) -> str:
        """「11月21日(土)」"""
        if not value:
            return ""
        if isinstance(value, str):
            value = date.fromisoformat(value) if len(value) == 10 else _moment(value)
        local = value.astimezone(self._zone).date() if isinstance(value, datetime) else value
        return format_date(local, self._day_pattern(local), locale=self._locale)

    def _day_pattern(self, day: date) -> str:
        other_year = day.year != self.now.astimezone(self._zone).year
        english = "EEE d MMM y" if other_year else "EEE d MMM"
        return day_pattern(self._language, english, year=other_year)

    def clock(self, value: datetime | str) -> str:
        """「14:05」 for today, else the whole moment."""
        local = _moment(value).astimezone(self._zone)
        if local.date() != self.now.astimezone(self._zone).date():
            return self.moment(value)
        return format_time(local, "H:mm", locale=self._locale)

    def iso(self, value: datetime | str) -> str:
        """For `<time datetime>`: the shop's offset is kept."""
        return _moment(value).astimezone(self._zone).isoformat(timespec="seconds")


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else value


@pass_context
def _translate(context: Context, msgid: str, /, **params: Any) -> str:
    return tr(context["language"], msgid, **params)


@pass_context
def _translate_many(context: Context, one: str, many: str, n: int, /, **params: Any) -> str:
    return trn(context["language"], one, many, n, **params)


def _once() -> str:
    """A key for one form: sent twice, it counts once."""
    return f"page-{secrets.token_urlsafe(12)}"


def _environment() -> Environment:
    folder = Path(__file__).parent
    loaders = {face: FileSystemLoader(folder / face / "templates") for face in _FACES}
    environment = Environment(
        loader=PrefixLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=_translate,
        tn=_translate_many,
        asset=asset,
        once=_once,
        with_query=with_query,
        may=may,
        comma=comma,
        colon=colon,
        LANGUAGE_NAMES=NAMES,
    )
    return environment


environment = _environment()


@dataclass
class Reader:
    """Who looks at a page: language, display, address. Every page is rendered for a reader."""

    request: Request
    settings: Settings
    language: str
    display: Display
    clock: Callable[[], datetime]

    def t(self, msgid: str, /, **params: Any) -> str:
        return tr(self.language, msgid, **params)

    @property
    def shop_name(self) -> str:
        return self.settings.shop.name_in(self.language)

    @property
    def here(self) -> str:
        """Path and query of this page."""
        url = self.request.url
        return url.path + (f"?{url.query}" if url.query else "")

    def page(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """Render `face/name.html`."""
        context = {
            "reader": self,
            "language": self.language,
            "display": self.display,
            "settings": self.settings,
            "when": Clockwork(self.language, self.settings.shop.timezone, self.clock()),
            **values,
        }
        text = environment.get_template(template).render(context)
        response = HTMLResponse(text, status, headers=page_headers(self.settings))
        response.headers["Content-Language"] = self.language
        response.headers["Vary"] = "Cookie, Accept-Language"
        self.remember(response)
        return response

    def redirect(self, path: str) -> Response:
        """See the page at `path` (303), as after every form."""
        response = RedirectResponse(local_path(path), 303, headers=page_headers(self.settings))
        self.remember(response)
        return response

    def remember(self, response: Response) -> None:
        """Keep a language that was chosen by `?lang=`."""
        wished = self.request.query_params.get("lang", "")
        if wished and wished == self.language:
            self.set_cookie(response, LANGUAGE_COOKIE, wished)

    def set_cookie(self, response: Response, name: str, value: str) -> None:
        """A preference: nothing personal, a year long."""
        secure = self.settings.base_url.startswith("https://")
        response.set_cookie(
            name, value, max_age=YEAR_S, httponly=True, secure=secure, samesite="lax", path="/"
        )
