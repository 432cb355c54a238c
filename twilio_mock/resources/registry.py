"""The resources of one mock: each can be told from the others, and none is missing."""

from __future__ import annotations

from collections.abc import Iterable

from twilio_mock.resources.schema import Resource

ADVICE = "add yours to the mock's own: resources=[*RESOURCES, ...]"


def registered(given: Iterable[Resource]) -> tuple[Resource, ...]:
    """The resources that a mock is to have.

    Raises `TypeError` for what is no resource, and `ValueError` for two that share a name or a
    path, and for a resource that others cannot do without.
    """
    if not isinstance(given, Iterable) or isinstance(given, str | bytes):
        raise TypeError(f"twilio_mock: resources is a list of Resource, not {given!r}; {ADVICE}")
    resources = tuple(given)
    for each in resources:
        if not isinstance(each, Resource):
            raise TypeError(f"twilio_mock: resources is a list of Resource, and {each!r} is none")
    check_apart(resources)
    check_complete(resources)
    return resources


def check_apart(resources: tuple[Resource, ...]) -> None:
    """Raise `ValueError` for two of which only the first would ever be found."""
    for what in ("name", "plural"):
        seen = set()
        for each in resources:
            if (said := getattr(each, what)) in seen:
                raise ValueError(f"twilio_mock: two of resources have the {what} {said!r}")
            seen.add(said)


def check_complete(resources: tuple[Resource, ...]) -> None:
    """Raise `ValueError` if the rules would look for a resource in vain."""
    if not any(each.is_account for each in resources):
        raise ValueError(f"twilio_mock: none of resources is_account; {ADVICE}")
    if not any(each.opens_account for each in resources):
        raise ValueError(f"twilio_mock: none of resources opens_account; {ADVICE}")
    names = {each.name for each in resources}
    for each in resources:
        for field in each.references:
            if field.refers_to not in names:
                link = f"{each.name}.{field.name} refers to {field.refers_to!r}"
                raise ValueError(f"twilio_mock: {link}, not among resources; {ADVICE}")
