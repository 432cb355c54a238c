"""A search in a journal: its criteria checked for sense, and put to one exchange after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twilio_mock.control.criteria import (
    CRITERIA,
    Comparison,
    Wanted,
    brief,
    compare_parameter,
)
from twilio_mock.control.operation_names import check_operation
from twilio_mock.control.possible import parameter, possible
from twilio_mock.resources.fields import camel
from twilio_mock.rest.routing import find_operation, read_path
from twilio_mock.spelling import near
from twilio_mock.state import State
from twilio_mock.state.exchanges import Exchange


@dataclass(frozen=True, slots=True)
class Search:
    """What requests are looked for: criteria, and parameters by Twilio's names."""

    criteria: Mapping[str, Wanted]
    parameters: Mapping[str, Wanted]

    def compare(self, exchange: Exchange) -> list[Comparison]:
        """What each criterion makes of an exchange, in the order in which they were given."""
        return [
            CRITERIA[name](name, wanted, exchange) for name, wanted in self.criteria.items()
        ] + [compare_parameter(name, wanted, exchange) for name, wanted in self.parameters.items()]

    def finds(self, exchange: Exchange) -> bool:
        """Whether it is one of those that are looked for."""
        operation = self.criteria.get("operation")
        if isinstance(operation, str) and "*" not in operation and operation != exchange.operation:
            return False
        return all(compared.reason is None for compared in self.compare(exchange))

    def __str__(self) -> str:
        criteria = dict(self.criteria)
        operation = criteria.pop("operation", None)
        rest = ", ".join(
            f"{name}={brief(value)}" for name, value in {**criteria, **self.parameters}.items()
        )
        subject = operation if isinstance(operation, str) else "any request"
        return f"{subject} with {rest}" if rest else subject


def make_search(state: State, operation: str | None, given: Mapping[str, Wanted]) -> Search:
    """A search; raises `ValueError` for an operation and `TypeError` for a criterion that is none.

    So it does for a value that no request can have: a search for what cannot be would find
    nothing, and make `assert_none` pass for ever.
    """
    criteria: dict[str, Wanted] = {}
    if operation is not None:
        check_operation(state, operation)
        criteria["operation"] = operation
    parameters: dict[str, Wanted] = {}
    for name, value in given.items():
        if name == "parameters":
            if not isinstance(value, Mapping):
                raise TypeError(
                    f"twilio_mock: parameters is a mapping of Twilio's names to values, "
                    f"not {brief(value)}"
                )
            parameters |= {each: parameter(each, wanted) for each, wanted in value.items()}
        elif name in CRITERIA and name != "operation":
            criteria[name] = possible(name, value)
        elif name[:1].isupper():
            parameters[name] = parameter(name, value)
        else:
            raise TypeError(unknown_criterion(name))
    return Search(criteria, parameters)


def unknown_criterion(name: str) -> str:
    """What is wrong with the name of a criterion."""
    named = ", ".join([each for each in CRITERIA if each != "operation"] + ["parameters"])
    found = near(name, CRITERIA, cutoff=0.75)
    advice = (
        f"did you mean {found}?"
        if found
        else f"parameters are written as Twilio writes them: {camel(name)}."
    )
    return f"twilio_mock: no request is found by {name!r}; {advice} Besides parameters: {named}"


def with_operation(state: State, exchange: Exchange) -> Exchange:
    """An exchange that was refused early, with the operation that its path and method mean."""
    if exchange.operation is not None:
        return exchange
    route, verb = find_operation(state.resources, read_path(exchange.path), exchange.method)
    if route is None or verb is None:
        return exchange
    return exchange._replace(operation=route.resource.operation_id[verb])
