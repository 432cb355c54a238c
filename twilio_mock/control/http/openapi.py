"""The OpenAPI 3.1 document of the control API, made of its table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twilio_mock.control.http import problems
from twilio_mock.control.http.operation import Operation
from twilio_mock.control.http.root import ROOT
from twilio_mock.version import __version__

PROBLEM = {
    "description": "Refused; the problem document says what is wrong and where.",
    "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def openapi(operations: Iterable[Operation]) -> dict[str, Any]:
    """The document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "The control API of twilio_mock", "version": __version__},
        "servers": [{"url": ROOT}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": problems.SCHEMA},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def described(operation: Operation) -> dict[str, Any]:
    """One operation of it."""
    description: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*path_parameters(operation), *query_parameters(operation)],
        "responses": {str(operation.status): answer(operation)},
    }
    if operation.takes:
        content = {"application/json": {"schema": operation.takes}}
        # An empty body counts as {}, where nothing in it is required.
        needed = "required" in operation.takes
        description["requestBody"] = {"required": needed, "content": content}
    codes = {400, 401, 403, *operation.refusals, *([404] if "{" in operation.path else [])}
    for code in sorted(codes):
        description["responses"][str(code)] = PROBLEM
    return description


def answer(operation: Operation) -> dict[str, Any]:
    """What it gives if all is well."""
    if operation.status == 204:
        return {"description": "Done."}
    content: dict[str, Any] = {"application/json": {"schema": operation.gives}}
    if operation.streams:
        content[operation.streams] = {"schema": {"type": "string"}}
    return {"description": operation.summary, "content": content}


def path_parameters(operation: Operation) -> list[dict[str, Any]]:
    """The names in its path."""
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in names
    ]


def query_parameters(operation: Operation) -> list[dict[str, Any]]:
    """The parameters of its query, none of which is required."""
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in operation.query.items()
    ]
