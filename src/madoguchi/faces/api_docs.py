"""The API's documentation as a page of our own: the OpenAPI document rendered on the server, no foreign script."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from madoguchi.faces.customer.visit import Visiting

router = APIRouter(include_in_schema=False)
_VERBS = ("get", "post", "put", "patch", "delete")


@router.get("/docs")
def docs(visit: Visiting) -> Response:
    """Every route of `/api/v1` by noun, with parameters, body and answer."""
    document = visit.request.app.openapi()
    schemas = document.get("components", {}).get("schemas", {})
    return visit.page(
        "customer/api_docs.html",
        info=document["info"],
        groups=_groups(document),
        schemas={name: _fields(schema) for name, schema in sorted(schemas.items()) if "properties" in schema},
    )


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, verbs in document["paths"].items():
        for verb in _VERBS:
            if verb in verbs:
                route = _route(path, verb, verbs[verb])
                groups.setdefault(route["group"], []).append(route)
    return groups


def _route(path: str, verb: str, described: dict[str, Any]) -> dict[str, Any]:
    body = described.get("requestBody", {}).get("content", {})
    answers = described.get("responses", {})
    return {
        "group": (described.get("tags") or ["other"])[0],
        "id": described.get("operationId", f"{verb}{path}").replace("/", "_"),
        "verb": verb.upper(),
        "path": path,
        "summary": described.get("summary", ""),
        "parameters": [
            {
                "name": parameter["name"],
                "where": parameter["in"],
                "needed": parameter.get("required", False),
                "type": _type(parameter.get("schema", {})),
            }
            for parameter in described.get("parameters", [])
        ],
        "body": [_type(content.get("schema", {})) for content in body.values()],
        "answers": [(status, _answer(answer)) for status, answer in answers.items() if status != "422"],
    }


def _answer(answer: dict[str, Any]) -> str:
    kinds = [_type(content.get("schema", {})) for content in answer.get("content", {}).values()]
    return ", ".join(kind for kind in kinds if kind) or answer.get("description", "")


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    needed = set(schema.get("required", []))
    return [
        {"name": name, "type": _type(field), "needed": name in needed, "about": field.get("description", "")}
        for name, field in schema["properties"].items()
    ]


def _type(schema: dict[str, Any]) -> str:
    """A short name: `string`, `SayIn`, `EntryOut[]`, `string | null`, with limits."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(_type(one) for one in schema[several]))
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}[]"
    limit = f" (≤ {schema['maxLength']})" if "maxLength" in schema else ""
    return f"{schema.get('format') or schema.get('type') or 'any'}{limit}"
