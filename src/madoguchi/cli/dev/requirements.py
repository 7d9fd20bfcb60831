"""`madoguchi dev requirements`: which requirements of the catalogue are proved by which tests.

The catalogue is `madoguchi/requirements.toml`; the proofs are the `req` marks in the test sources.
"""

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from madoguchi.cli.dev.marks import Claim, read_claims
from madoguchi.requirements import Catalogue, group_of, load_catalogue, nearest_name


@dataclass(frozen=True)
class Requirement:
    """One ability that the catalogue asks for, and the ids of the tests that prove it."""

    id: str
    title: str
    tests: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        return group_of(self.id)


class UnreadableTestsError(Exception):
    """The tests, or what they claim, cannot be made sense of; one line for each thing to mend."""


def show(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    missing: Annotated[bool, typer.Option("--missing", help="Only what no test proves yet.")] = False,
    group: Annotated[
        list[str] | None, typer.Option("--group", help="Only this group, such as RET; may be repeated.")
    ] = None,
    tests: Annotated[
        Path | None, typer.Option("--tests", help="Folder or file of tests. Default: tests/ of the checkout.")
    ] = None,
) -> None:
    """List which requirements of the catalogue are proved by which tests."""
    catalogue = load_catalogue()
    groups = _known_groups(group or [], catalogue)
    try:
        claims = _claims(tests)
        proved = prove(catalogue, claims)
    except UnreadableTestsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for claim in claims:
        if claim.misplaced:
            typer.echo(
                f"{claim.place}: {claim.id} is claimed here, but not for a test; not counted", err=True
            )

    chosen = [requirement for requirement in proved if requirement.group in groups]
    listed = [requirement for requirement in chosen if not (missing and requirement.tests)]
    if as_json:
        typer.echo(_as_json(listed))
        return
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if group or missing:
        _print_each(console, listed)
    else:
        _print_groups(console, catalogue, chosen)
    console.print(_summary(chosen))


def prove(catalogue: Catalogue, claims: Iterable[Claim]) -> list[Requirement]:
    """The whole catalogue in its order, each requirement with the tests that claim it.

    Raises UnreadableTestsError, naming every place, where a claim's id is not in the catalogue or not a plain string.
    """
    tests: dict[str, dict[str, None]] = {known: {} for known in catalogue.titles}
    wrong = []
    for claim in claims:
        if claim.id is None:
            wrong.append(f'{claim.place}: a req mark takes ids as plain strings, such as "RET-005"')
        elif claim.id not in tests:
            wrong.append(
                f"{claim.place}: no requirement {claim.id!r}; the nearest is {catalogue.nearest(claim.id)}"
            )
        else:
            tests[claim.id].update(dict.fromkeys(claim.tests))
    if wrong:
        raise UnreadableTestsError("\n".join(wrong))
    return [Requirement(known, title, tuple(tests[known])) for known, title in catalogue.titles.items()]


def find_checkout(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds Madoguchi's own pyproject.toml."""
    for folder in [start, *start.parents]:
        project = folder / "pyproject.toml"
        if project.is_file() and _project_name(project) == "madoguchi":
            return folder
    return None


def _project_name(project: Path) -> object:
    try:
        return tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("name")
    except tomllib.TOMLDecodeError:
        return None


def _claims(tests: Path | None) -> list[Claim]:
    folder, root = _tests_and_root(tests)
    try:
        return read_claims(folder, root)
    except SyntaxError as error:
        raise UnreadableTestsError(f"{error.filename}:{error.lineno}: not Python: {error.msg}") from None


def _tests_and_root(tests: Path | None) -> tuple[Path, Path]:
    """Where the tests are, and the folder that their printed ids are relative to."""
    if tests is not None:
        folder = tests.resolve()
        if not folder.exists():
            raise UnreadableTestsError(f"{tests}: there is no such folder or file of tests")
        return folder, find_checkout(folder.parent) or folder.parent
    checkout = find_checkout(Path.cwd())
    if checkout is None:
        raise UnreadableTestsError(
            "This folder is not inside a checkout of Madoguchi, and the tests that prove requirements are only "
            "there. Change to the checkout, or name the tests with --tests PATH."
        )
    if not (checkout / "tests").is_dir():
        raise UnreadableTestsError(f"{checkout} has no folder named tests. Name the tests with --tests PATH.")
    return checkout / "tests", checkout


def _known_groups(asked: list[str], catalogue: Catalogue) -> set[str]:
    for group in asked:
        if group.upper() not in catalogue.groups:
            raise typer.BadParameter(
                f"no group {group!r}; the nearest is {nearest_name(group, catalogue.groups)}",
                param_hint="--group",
            )
    return {group.upper() for group in asked} or set(catalogue.groups)


def _as_json(requirements: list[Requirement]) -> str:
    entries = [{"id": one.id, "title": one.title, "tests": list(one.tests)} for one in requirements]
    return json.dumps({"requirements": entries}, ensure_ascii=False, indent=2)


def _print_each(console: Console, requirements: list[Requirement]) -> None:
    for requirement in requirements:
        console.print(
            f"{requirement.id:<9}{requirement.title}", style=None if requirement.tests else "yellow"
        )
        for test in requirement.tests:
            console.print(f"{'':<9}{test}", style="dim")


def _print_groups(console: Console, catalogue: Catalogue, requirements: list[Requirement]) -> None:
    table = Table(caption="--group RET names each requirement and its tests; --missing what is left")
    table.add_column("Group")
    table.add_column("Subject")
    table.add_column("Proved", justify="right")
    table.add_column("Total", justify="right")
    for group, subject in catalogue.groups.items():
        members = [requirement for requirement in requirements if requirement.group == group]
        proved = sum(1 for requirement in members if requirement.tests)
        table.add_row(group, subject, str(proved), str(len(members)))
    console.print(table)


def _summary(requirements: list[Requirement]) -> str:
    proved = [requirement for requirement in requirements if requirement.tests]
    tests = {test for requirement in proved for test in requirement.tests}
    noun = "test" if len(tests) == 1 else "tests"
    return f"{len(proved)} of {len(requirements)} requirements proved by {len(tests)} {noun}"
