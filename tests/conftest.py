"""What every test may use: a database of each kind, a clock that stands still until told, the requirement plugin."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, expect, sync_playwright

from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate

hypothesis_settings.register_profile("house", deadline=None)  # a busy machine is no defect
hypothesis_settings.load_profile("house")

pytest_plugins = ["tests.plugins.requirements", "tests.plugins.told_at_once"]

CHROMIUM = (
    os.environ.get("MADOGUCHI_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
PATIENCE_MS = 60_000  # a machine that does other work answers late; what never comes costs a minute
# The last list of features counts: what Playwright turns off that matters here, and the address bar's popups, which
# Chromium 156 draws as two more pages for every context, though nobody sees them.
FEATURES_OFF = [
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
]
CHROMIUM_FLAGS = [
    f"--disable-features={','.join(FEATURES_OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--font-render-hinting=none",
]
POSTGRES = os.environ.get("MADOGUCHI_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser are marked, and their files come last, because whole files are handed to processes:
    Playwright keeps an event loop in the process that it runs in. One that fails is told once more, and the summary
    names it (RERUN): a press can meet a page in motion on a busy machine. What is told twice is a defect to mend.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))
    with_browser = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: (item.path in with_browser, item.get_closest_marker("browser") is not None))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of a test process; tests open contexts in it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class StillClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file; every test works on a copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty SQLite file of this test's own."""
    path = tmp_path / "test.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_database(sqlite_url: str, clock: StillClock) -> Iterator[Database]:
    database = Database(sqlite_url, clock=clock)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a migrated database on the server; every test works on a copy."""
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.Error as error:
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
    name = f"madoguchi_template_{uuid.uuid4().hex[:12]}"
    _on_server(f"CREATE DATABASE {name}")
    database = Database(_url_of(name))
    migrate(database)
    database.close()
    yield name
    _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database of this test's own."""
    name = f"madoguchi_{uuid.uuid4().hex[:12]}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _url_of(name)
    _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def database(database_url: str, clock: StillClock) -> Iterator[Database]:
    """The same test on both databases."""
    database = Database(database_url, clock=clock)
    yield database
    database.close()


def _on_server(sql: str) -> None:
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(sql)


def _url_of(name: str) -> str:
    return POSTGRES.rsplit("/", 1)[0] + f"/{name}"
