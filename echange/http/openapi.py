"""OpenAPI 3.1, generated from the same forms that read the requests."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response

from echange import __version__
from echange.http.access import anyone
from echange.http.routing import API_PREFIX, GuardedRoute, Operation, page

REFERENCES = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def describe(routes: Iterable[GuardedRoute], *, title: str) -> dict[str, Any]:
    """The whole API as an OpenAPI 3.1 document."""
    operations = [(route, route.operation) for route in routes if route.operation is not None]
    schemas = _schemas(operation for _, operation in operations)
    paths: dict[str, dict[str, Any]] = {}
    for route, operation in operations:
        path = (API_PREFIX + operation.path).replace(":id}", "}").replace(":path}", "}")
        paths.setdefault(path, {})[operation.method.lower()] = _operation(route, operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": __version__},
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    models: list[tuple[type[BaseModel], Any]] = []
    for operation in operations:
        if operation.body:
            models.append((operation.body, "validation"))
        if operation.answer:
            models.append((operation.answer, "serialization"))
    _, document = models_json_schema(list(dict.fromkeys(models)), ref_template=REFERENCES)
    schemas: dict[str, Any] = document.get("$defs", {})
    return schemas


def _operation(route: GuardedRoute, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{operation.method.lower()}_{route.name}",
        "summary": operation.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(operation), *_key_parameter(operation)],
        "responses": {
            str(operation.status): _answer(operation),
            "default": {
                "description": "Refusal",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if route.access.name != "anyone":
        described["security"] = [{"session": []}, {"token": []}]
    if operation.body:
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": REFERENCES.format(model=operation.body.__name__)}}
            },
        }
    elif operation.upload:
        upload = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": upload}}}
    return described


def _answer(operation: Operation) -> dict[str, Any]:
    if operation.answer is None:
        return {"description": "Done"}
    schema = {"$ref": REFERENCES.format(model=operation.answer.__name__)}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _path_parameters(route: GuardedRoute) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
        for name in route.param_convertors
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    properties = operation.query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]


def _key_parameter(operation: Operation) -> list[dict[str, Any]]:
    if operation.method == "GET":
        return []
    return [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200}}]


def route(routes: Iterable[GuardedRoute], *, title: str) -> GuardedRoute:
    """GET /api/v1/openapi.json, described when it is first asked for."""

    @cache
    def document() -> bytes:
        return orjson.dumps(describe(routes, title=title))

    async def show_openapi(request: Request) -> Response:
        return Response(document(), media_type="application/json")

    return page(f"{API_PREFIX}/openapi.json", show_openapi, who=anyone)
