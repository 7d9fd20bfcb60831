"""The OpenAPI document: complete, consistent, and true of the routes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faces.api.people import Counter

VERBS = ("get", "post", "put", "patch", "delete")
DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def document(counter: Counter) -> dict[str, Any]:
    found: dict[str, Any] = counter.stranger().get("/openapi.json")
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            assert verb in VERBS
            yield verb, path, operation


def test_it_says_what_it_is(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Madoguchi"
    assert document["info"]["version"]


def test_every_operation_has_words_a_noun_and_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names)) > 35
    for verb, path, operation in operations(document):
        assert operation.get("summary"), f"{verb} {path} has no summary"
        assert len(operation.get("tags", [])) == 1, f"{verb} {path} belongs to no group"
        assert set(operation["responses"]) & {"200", "201", "202", "204"}, f"{verb} {path} promises nothing"


def test_every_reference_leads_somewhere_and_every_schema_is_used(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    used = {reference.removeprefix("#/components/schemas/") for reference in _references(document)}
    assert used <= set(schemas)
    assert set(schemas) <= used


def test_every_place_of_a_path_is_a_declared_parameter(document: dict[str, Any]) -> None:
    for verb, path, operation in operations(document):
        places = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert places == declared, f"{verb} {path}"


def test_what_comes_in_takes_no_unknown_field(document: dict[str, Any]) -> None:
    """Mass assignment has no door (ASVS 15.3.3)."""
    for verb, path, operation in operations(document):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            if media != "application/json":
                continue
            name = content["schema"]["$ref"].rsplit("/", 1)[-1]
            schema = document["components"]["schemas"][name]
            assert schema.get("additionalProperties") is False, f"{verb} {path}: {name}"


def test_every_text_that_comes_in_has_a_longest_length(document: dict[str, Any]) -> None:
    """So that no field can be used to fill the database (ASVS 2.2.1)."""
    unbounded = []
    for name, schema in document["components"]["schemas"].items():
        if not name.endswith("In") or name == "Body_attach":
            continue
        for field, found in schema["properties"].items():
            for kind in (found, *found.get("anyOf", [])):
                plain = (
                    kind.get("type") == "string" and kind.get("format") != "date-time" and "enum" not in kind
                )
                if plain and "maxLength" not in kind:
                    unbounded.append(f"{name}.{field}")
    assert unbounded == []


def test_the_guide_for_integrators_names_every_address(document: dict[str, Any]) -> None:
    guide = (DOCS / "api.md").read_text("utf-8")
    missing = [
        f"{verb.upper()} {path}"
        for verb, path, _ in operations(document)
        if path.removeprefix("/api/v1") not in guide
    ]
    assert missing == []


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
