"""Settings: one TOML file, overridden by `MADOGUCHI_SECTION__KEY` in the environment. Every key says what it is for.

An unknown key is refused with the nearest known name. `docs/settings.md` is made from these models.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from madoguchi.engine.callback_sections import Callback
from madoguchi.engine.case_sections import (
    History,
    Investigation,
    Knowledge,
    Peaks,
    Privacy,
    Promises,
    Surveys,
    Waiting,
    Ways,
    WebForm,
)
from madoguchi.engine.mail_sections import Imap, Mail
from madoguchi.engine.report_sections import Reports
from madoguchi.engine.sections import (
    Assistant,
    Capacity,
    Data,
    Demo,
    Desk,
    Hours,
    Identity,
    Limits,
    Model,
    Server,
    Shop,
    Trust,
)
from madoguchi.engine.supervision_sections import Supervision


class SettingsError(ValueError):
    """The settings cannot be used; the message names the key, what is wrong and how to mend it."""


class Settings(BaseSettings):
    """All settings. `Settings.load(path)` reads the file and the environment."""

    model_config = SettingsConfigDict(
        env_prefix="MADOGUCHI_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    server: Server = Server()
    data: Data = Data()
    shop: Shop = Shop()
    hours: Hours = Hours()
    promises: Promises = Promises()
    investigation: Investigation = Investigation()
    ways: Ways = Ways()
    peaks: Peaks = Peaks()
    waiting: Waiting = Waiting()
    callback: Callback = Callback()
    identity: Identity = Identity()
    mail: Mail = Mail()
    imap: Imap = Imap()
    assistant: Assistant = Assistant()
    model: Model = Model()
    desk: Desk = Desk()
    supervision: Supervision = Supervision()
    limits: Limits = Limits()
    history: History = History()
    surveys: Surveys = Surveys()
    form: WebForm = WebForm()
    knowledge: Knowledge = Knowledge()
    privacy: Privacy = Privacy()
    trust: Trust = Trust()
    reports: Reports = Reports()
    capacity: Capacity = Capacity()
    demo: Demo = Demo()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @classmethod
    def load(cls, path: Path | None = None, **overrides: Any) -> Settings:
        """Read `path` (none: defaults only), then the environment; `overrides` are sections as in the file.

        Raises SettingsError with the key and the nearest known name.
        """
        values: dict[str, Any] = {}
        if path is not None:
            try:
                values = tomllib.loads(path.read_text("utf-8"))
            except FileNotFoundError as error:
                raise SettingsError(f"{path}: no such file; `madoguchi init` writes one") from error
            except tomllib.TOMLDecodeError as error:
                raise SettingsError(f"{path}: {error}") from error
        for section, keys in overrides.items():
            values[section] = {**values.get(section, {}), **keys}
        try:
            return cls(**values)
        except ValidationError as error:
            raise SettingsError(_explain(error, path)) from error

    @property
    def database_url(self) -> str:
        return self.data.url or f"sqlite:///{self.data.folder.absolute() / 'madoguchi.db'}"

    @property
    def base_url(self) -> str:
        return (self.server.base_url or f"http://{self.server.host}:{self.server.port}").rstrip("/")


def known_keys() -> dict[str, str]:
    """Every key as `section.name` with its description."""
    keys: dict[str, str] = {}
    for section, info in Settings.model_fields.items():
        model = info.annotation
        assert isinstance(model, type) and issubclass(model, BaseModel)
        for name, item in model.model_fields.items():
            keys[f"{section}.{name}"] = item.description or f"Opening hours on {name}."
    return keys


def _explain(error: ValidationError, path: Path | None) -> str:
    where = f"{path}: " if path else ""
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(key, [*known_keys(), *Settings.model_fields], 1, 0.5)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            lines.append(f"{where}unknown setting `{key}`{hint}")
        else:
            lines.append(f"{where}`{key}`: {problem['msg']}")
    return "\n".join(lines)
