"""`madoguchi dev catalogue`: which words of the product are translated, and the words that each island carries.

English texts in the sources are the message ids: `tr`/`trn` in Python, `t`/`tn` in templates and TypeScript. The
translations are kept by hand in `locale/<language>/*.po`. A language owes the parts (files) that it has, whole: one
for customers has no part of the desk. The islands cannot read those; for each of them a small JSON file with only its
own words is written to `static/i18n`.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

Entry = str | tuple[str, ...]
Keywords = dict[str, tuple[int, ...] | None]

PYTHON: Keywords = {"tr": (2,), "trn": (2, 3)}
TEMPLATE: Keywords = {"t": None, "tn": (1, 2)}
SCRIPT: Keywords = {"t": None, "tn": (1, 2)}
ISLANDS = {"widget": ("core", "ui", "widget"), "desk": ("core", "ui", "desk")}


@dataclass(frozen=True)
class Checkout:
    """The folders of a source checkout that hold words."""

    package: Path
    web: Path

    @classmethod
    def here(cls) -> Checkout:
        """The checkout this package runs from. Raises FileNotFoundError for an installed package: it has no sources."""
        package = Path(__file__).parents[2]
        web = package.parents[1] / "web"
        if not web.is_dir():
            raise FileNotFoundError(f"{web}: not found; this command needs a source checkout")
        return cls(package, web)


@dataclass
class Report:
    """What is to be mended, one line each. `missing` and `stale` make a check fail; `unused` and `twice` are said."""

    missing: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.missing or self.stale)


def catalogue_command(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when words are missing or files are stale.")
    ] = False,
) -> None:
    """Say which words lack a translation, and write the islands' words to static/i18n."""
    try:
        checkout = Checkout.here()
    except FileNotFoundError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    report = examine(checkout, write=not check)
    for name in ("missing", "twice", "unused", "stale"):
        for line in getattr(report, name):
            typer.echo(f"{name}: {line}")
    typer.echo(f"{len(report.missing)} missing, {len(report.unused)} unused, {len(report.stale)} stale")
    if check and not report.good:
        raise typer.Exit(1)


def examine(checkout: Checkout, *, write: bool) -> Report:
    """Compare sources, translations and the islands' files; with `write`, bring the files up to date."""
    report = Report()
    used = {**python_words(checkout.package), **template_words(checkout.package)}
    islands = {name: script_words(checkout.web, folders) for name, folders in ISLANDS.items()}
    everything = {**used, **{key: place for words in islands.values() for key, place in words.items()}}
    literals = set(_literals(checkout.package))
    folders = sorted(path for path in (checkout.package / "locale").iterdir() if path.is_dir())
    homes = _homes(folders)
    all_parts = {path.name for folder in folders for path in folder.glob("*.po")}
    for folder in folders:
        translated = _translations(folder, report)
        language = folder.name.replace("_", "-")
        parts = {path.name for path in folder.glob("*.po")}
        report.missing += [
            f"{language}: {key!r} ({place})"
            for key, place in sorted(everything.items())
            if key not in translated and not homes.get(key, parts).isdisjoint(parts)
        ]
        report.unused += [
            f"{language}: {key!r}"
            for key in sorted(translated)
            if key not in everything and key not in literals
        ]
        for island, words in islands.items():
            if f"{island}.po" in all_parts - parts:
                continue
            text = island_json(words, translated)
            _keep(checkout.package / "static" / "i18n" / f"{island}.{language}.json", text, report, write)
    return report


def island_json(words: Iterable[str], translated: Mapping[str, Entry]) -> str:
    """The island's catalogue: message id → text, or the list of its plural forms."""
    known = {key: translated[key] for key in sorted(words) if key in translated}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def python_words(package: Path) -> dict[str, str]:
    """Message id → the first place that says it."""
    return _words((path for path in package.rglob("*.py")), "python", PYTHON, package)


def template_words(package: Path) -> dict[str, str]:
    return _words(package.rglob("*.html"), "jinja2", TEMPLATE, package)


def script_words(web: Path, folders: Iterable[str]) -> dict[str, str]:
    paths = [path for folder in folders for path in (web / folder).rglob("*.ts*")]
    return _words(paths, "javascript", SCRIPT, web)


def _words(paths: Iterable[Path], method: str, keywords: Keywords, root: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(paths):
        options: dict[str, Any] = {"encoding": "utf-8", "parse_template_string": True}
        for line, message, _comments, _context in extract_from_file(
            method, path, keywords=keywords, options=options
        ):
            key = message if isinstance(message, str) else message[0]
            if key:
                found.setdefault(key, f"{path.relative_to(root.parent)}:{line}")
    return found


def _homes(folders: Iterable[Path]) -> dict[str, set[str]]:
    """Message id → the parts that hold it, in whatever language."""
    homes: dict[str, set[str]] = {}
    for path in (path for folder in folders for path in folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    homes.setdefault(message.id if isinstance(message.id, str) else message.id[0], set()).add(
                        path.name
                    )
    return homes


def _translations(folder: Path, report: Report) -> dict[str, Entry]:
    """Every translated entry of a language; untranslated and fuzzy ones do not count."""
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if not message.id or message.fuzzy or not message.string or not all(_forms(message.string)):
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string if isinstance(message.string, str) else tuple(message.string)
                if found.setdefault(key, text) != text:
                    report.twice.append(
                        f"{folder.name}: {key!r} is {found[key]!r}, but {text!r} in {path.name}"
                    )
                    found[key] = text  # as the server reads it: the last one counts
    return found


def _forms(text: str | Iterable[str]) -> Iterator[str]:
    return iter([text]) if isinstance(text, str) else iter(text)


def _literals(package: Path) -> Iterator[str]:
    """Every text in Python sources: a message id kept in a table is said as well, only not by a literal call."""
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _keep(path: Path, text: str, report: Report, write: bool) -> None:
    if path.is_file() and path.read_text("utf-8") == text:
        return
    if not write:
        report.stale.append(path.name)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
